// SPDX-License-Identifier: Apache-2.0
#include "simulator/world.hpp"

namespace storemark::simulator {

Tally& Tally::operator+=(const Tally& other) {
  deliveries += other.deliveries;
  published += other.published;
  faults += other.faults;
  answered += other.answered;
  dropped += other.dropped;
  words += other.words;
  said_losses += other.said_losses;
  given_up += other.given_up;
  return *this;
}

World::World(std::uint64_t seed, std::size_t traced)
    : random_(seed),
      settings_(settings_for(random_)),
      trace_(traced),
      network_(random_, settings_.hosts,
               {.inbox = 512,
                .votes = settings_.votes,
                .hosts_vote = settings_.hosts_vote,
                .outbox = settings_.outbox}),
      ground_{random_, settings_, network_, oracle_, trace_, hosts_},
      operator_(ground_) {
  for (std::size_t i = 0; i < settings_.hosts; ++i) {
    hosts_.push_back(std::make_unique<Host>(ground_, i));
  }
  if (settings_.partitions_only) oracle_.forbid_losses();
  trace_.say(to_string(settings_));
}

void World::run(unsigned rounds, unsigned steps) {
  for (unsigned i = 0; i < rounds && !oracle_.is_broken(); ++i) {
    trouble(steps);
    if (!oracle_.is_broken()) calm();
    for (const auto& host : hosts_) host->disk().forget_past();
  }
}

Tally World::tally() const {
  return {.deliveries = network_.deliveries(),
          .published = ground_.published,
          .faults = ground_.faults,
          .answered = oracle_.answers(),
          .dropped = oracle_.drops(),
          .words = operator_.words(),
          .said_losses = oracle_.said_losses(),
          .given_up = oracle_.given_up()};
}

}  // namespace storemark::simulator
