// SPDX-License-Identifier: Apache-2.0
// How Corosync names a process and a ring. Values only: no header of Corosync is needed here.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace storemark::corosync_group {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// A process of the group. Comes again: process ids do, and in containers all are 1.
struct Address {
  std::uint32_t nodeid = 0;
  std::uint32_t pid = 0;
  auto operator<=>(const Address&) const = default;
};

/// A ring of daemons; never comes again. Of rings that one daemon was in, `seq` grows.
struct RingId {
  std::uint32_t nodeid = 0;
  std::uint64_t seq = 0;
  auto operator<=>(const RingId&) const = default;
};

/// "node 3, pid 4242"
[[nodiscard]] std::string to_string(const Address& address);
/// As Corosync's tools write it: "1.4d"
[[nodiscard]] std::string to_string(const RingId& ring);

}  // namespace storemark::corosync_group
