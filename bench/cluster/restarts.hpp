// SPDX-License-Identifier: Apache-2.0
// Clusters of processes: what a death costs, and a restart.
#pragma once

#include "../group.hpp"
#include "fleet.hpp"

namespace storemark::bench {

/// Beside the member itself: what is killed with it, and how that is mended before the next turn.
struct Beside {
  std::function<void()> kill;
  std::function<void()> mend;
};

/// From the kill of a member to the moment in which the last of the others may publish again.
/// Member 0 leads a local group.
[[nodiscard]] Contender death(std::string name, std::shared_ptr<Fleet> fleet, std::size_t member,
                              Beside beside = {});

/// From the first process's start to the moment in which the last may publish, all stores clean.
[[nodiscard]] Contender restart(std::string name, std::shared_ptr<Fleet> fleet);

}  // namespace storemark::bench
