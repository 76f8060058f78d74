// SPDX-License-Identifier: Apache-2.0
// A decision that is being written, member by member.
#pragma once

#include "restart/cluster.hpp"

namespace storemark::restart {

class Draft {
 public:
  explicit Draft(Members members);

  /// The whole, and what stands on every member until it is told otherwise.
  void conclude(Outcome outcome, Rule rule, std::string why, Action action);
  void set(const Announcement& member, Action action, Rule rule, std::string evidence);
  /// An update; donors are given in turn.
  void update(const Announcement& member, const Members& donors, Rule rule, std::string evidence);
  /// The same for a store that is never a source: half another's, or given up by an operator.
  void update_given_up(const Announcement& member, const Members& donors,
                       const Announcement& position, Rule rule);
  /// What it holds, or may hold, beyond the one that it is compared with is given up.
  void lose(const Announcement& member, const Comparison& to);
  [[nodiscard]] Decision& decision() noexcept { return decision_; }

 private:
  Members members_;
  Decision decision_;
  std::size_t next_donor_ = 0;
};

}  // namespace storemark::restart
