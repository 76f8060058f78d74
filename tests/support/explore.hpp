// SPDX-License-Identifier: Apache-2.0
// Exhaustive branching: every place at which a session can be cut, and every image that the cut can
// leave.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/rig.hpp"

namespace storemark::sim {

/// A scene and how it came about, for the message of a failing test.
struct Branch {
  Scene scene;
  std::string story;
};

/// What a slot that was in flight can look like after the cut.
enum class Torn : std::uint8_t {
  slotwise,  ///< old, new, or torn (its first sector alone is new), each slot by itself
  kill,      ///< the process was killed, the power stayed: all is as the process left it
};

/// Runs `ops` in one session of a copy of `start`, faultlessly. The story names what was done.
/// Violations go to `found`.
[[nodiscard]] Branch play(const Branch& start, const std::vector<Op>& ops,
                          const std::function<void(const Branch&, const Rig&)>& found);

/// Cuts a session, that opens and then runs `ops`, in each of its device calls from the first call
/// of the last op on (of the open, if there are no ops): before, inside and after, with every image
/// of the blocks in flight. Calls `then` with each.
void cut_everywhere(const Branch& start, const std::vector<Op>& ops,
                    const std::function<void(Branch)>& then,
                    const std::function<void(const Branch&, const Rig&)>& found);

/// What tells two scenes apart for whatever follows: the slots, the names and the oracle.
[[nodiscard]] std::string fingerprint(const Scene& scene);

}  // namespace storemark::sim
