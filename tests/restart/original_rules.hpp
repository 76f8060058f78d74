// SPDX-License-Identifier: Apache-2.0
// The rules of the Apache Qpid C++ broker's persistent cluster restart (2009), as its design note
// has them: what ours are held against.
#pragma once

#include <span>
#include <storemark/restart.hpp>
#include <vector>

namespace storemark::restart_test {

/// What each member was to do, in the order of `members`.
[[nodiscard]] std::vector<Action> original_decision(std::span<const Announcement> members);

}  // namespace storemark::restart_test
