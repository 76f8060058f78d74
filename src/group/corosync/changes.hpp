// SPDX-License-Identifier: Apache-2.0
// Makes items for Order of what the daemon tells of processes and rings. Pure.
#pragma once

#include <optional>

#include "group/corosync/daemon.hpp"
#include "group/corosync/order.hpp"

namespace storemark::corosync_group {

/// The daemon tells of a ring after it has told whom it brought or took, and of a new connection's
/// ring just before or just behind its own joining. Of a ring once more now and then.
class Changes {
 public:
  explicit Changes(Address self) noexcept : self_(self) {}

  // An item where one is complete; Configuration::departures is to be filled in where it has a
  // ring.
  [[nodiscard]] std::optional<Configuration> processes(const DaemonListener::Processes& change);
  [[nodiscard]] std::optional<Configuration> ring(const RingId& ring);

  /// Messages have no place now: the daemon is not what it was taken for.
  [[nodiscard]] bool is_in_between() const noexcept { return !inside_ || open_.has_value(); }
  /// This process has left, as it asked for.
  [[nodiscard]] bool has_left() const noexcept { return left_; }

 private:
  [[nodiscard]] std::optional<Configuration> begin(const DaemonListener::Processes& change);

  const Address self_;
  bool inside_ = false;
  bool left_ = false;
  std::optional<RingId> ring_;
  std::vector<Address> members_;
  std::optional<Configuration> open_;  ///< waits for its ring
};

}  // namespace storemark::corosync_group
