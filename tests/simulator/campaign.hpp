// SPDX-License-Identifier: Apache-2.0
// Many simulated clusters, one seed after another.
#pragma once

#include "simulator/world.hpp"

namespace storemark::simulator {

struct Campaign {
  std::uint64_t events = 1'000'000;  ///< at least so many
  std::uint64_t seed = 1;            ///< of the first cluster
  std::uint64_t clusters = 0;        ///< at most so many; 0: no matter
};

struct Findings {
  Tally tally;
  std::uint64_t clusters = 0;
  std::uint64_t seed = 0;  ///< of the cluster that broke a promise
  std::string story;       ///< what happened; empty: nothing did
};

/// Runs until there were enough events, or a promise was broken: that seed is run again with its
/// last steps written down.
[[nodiscard]] Findings run_campaign(const Campaign& campaign);

/// What was done, in a few lines.
[[nodiscard]] std::string to_string(const Findings& findings);

}  // namespace storemark::simulator
