// SPDX-License-Identifier: Apache-2.0
// Members in the states that differ in effect, to be combined.
#pragma once

#include <storemark/restart.hpp>
#include <vector>

namespace storemark::restart_test {

/// A fresh member: "a" for 0.
[[nodiscard]] Announcement member(unsigned number);

/// What a state does to a fresh member.
using State = void (*)(Announcement&);
[[nodiscard]] const std::vector<State>& states();

/// A member in this state can be active.
[[nodiscard]] inline bool can_be_active(const Announcement& member) {
  return member.state != StoreState::updating && member.diagnosis == Diagnosis::none &&
         !member.discard && !member.marked;
}

}  // namespace storemark::restart_test
