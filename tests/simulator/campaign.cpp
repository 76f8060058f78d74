// SPDX-License-Identifier: Apache-2.0
#include "simulator/campaign.hpp"

#include <cstdlib>

namespace storemark::simulator {
namespace {

constexpr unsigned rounds = 4;
constexpr unsigned steps = 2'500;  // of trouble in a round

/// How much of a run that broke a promise is told.
std::size_t lines_told() {
  const char* text = std::getenv("STOREMARK_TRACE");
  return text == nullptr ? 200 : std::strtoull(text, nullptr, 10);
}

std::string retold(std::uint64_t seed) {
  World world(seed, lines_told());
  world.run(rounds, steps);
  const std::string number = std::to_string(seed);
  return "STOREMARK_SEED=" + number + "\n" + to_string(world.settings()) + "\n" + world.trace() +
         world.oracle().story() + "\nagain: ./dev simulate 1 " + number + "\n";
}

}  // namespace

Findings run_campaign(const Campaign& campaign) {
  Findings out;
  for (std::uint64_t seed = campaign.seed; out.tally.events() < campaign.events; ++seed) {
    if (campaign.clusters != 0 && out.clusters == campaign.clusters) break;
    World world(seed, 0);
    world.run(rounds, steps);
    out.tally += world.tally();
    ++out.clusters;
    if (!world.oracle().is_broken()) continue;
    out.seed = seed;
    out.story = retold(seed);
    break;
  }
  return out;
}

std::string to_string(const Findings& findings) {
  const Tally& tally = findings.tally;
  return std::to_string(tally.events()) + " events in " + std::to_string(findings.clusters) +
         " clusters: " + std::to_string(tally.deliveries) + " deliveries, " +
         std::to_string(tally.published) + " events published (" + std::to_string(tally.answered) +
         " answered, " + std::to_string(tally.dropped) + " dropped), " +
         std::to_string(tally.faults) + " faults\n" + std::to_string(tally.words) +
         " words of operators; of what was answered they gave up " +
         std::to_string(tally.given_up) + " events, and decisions said " +
         std::to_string(tally.said_losses) + "\n";
}

}  // namespace storemark::simulator
