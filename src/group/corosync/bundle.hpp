// SPDX-License-Identifier: Apache-2.0
// Several small messages of one node in one of Corosync's, each with its length before it.
// Corosync's daemon takes as long for a message of some bytes as for one of a thousand. Pure;
// whatever the bytes.
#pragma once

#include <optional>
#include <vector>

#include "group/corosync/address.hpp"

namespace storemark::corosync_group {

/// What a message takes in a bundle beside its bytes.
inline constexpr std::size_t bundled_head_bytes = 4;

/// What a bundle has at most. Corosync's packets are smaller than that, so that more gains little.
inline constexpr std::size_t max_bundle_bytes = 16384;

void bundle(Bytes& out, ByteView message);

/// Its messages, two at least, which are of the bytes given; none where it makes no sense, or is
/// too large: of empty messages it would take many times its size.
[[nodiscard]] std::optional<std::vector<ByteView>> unbundle(ByteView body);

}  // namespace storemark::corosync_group
