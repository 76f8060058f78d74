// SPDX-License-Identifier: Apache-2.0
// What group.hpp promises, held against what each node was given.
#pragma once

#include <storemark/group.hpp>
#include <string>
#include <vector>

namespace storemark::corosync_group {

struct Given {
  GroupNode from;
  std::uint64_t number = 0;  ///< the sender's count
  auto operator<=>(const Given&) const = default;
};

struct Lived {
  GroupView view;
  std::vector<Given> given;
};

/// All that one node was given, view by view.
struct Record {
  GroupNode self;
  std::vector<Lived> views;
  std::uint64_t sent = 0;
  bool began_without_view = false;  ///< data before the first view: never
  bool misses_own = false;          ///< not all that it sent came back, in its order: never
};

/// Empty, or what does not hold.
[[nodiscard]] std::string judge(const std::vector<const Record*>& records);

}  // namespace storemark::corosync_group
