// SPDX-License-Identifier: Apache-2.0
// Drawn schedules of daemons and processes, each held against what group.hpp promises. Every case
// is a seed; STOREMARK_SEED names the first, STOREMARK_ROUNDS how many.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "group/corosync/world.hpp"

namespace storemark::corosync_group {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

/// What was seen in all cases: a campaign in which nothing happens proves nothing.
struct Seen {
  std::size_t views = 0;
  std::size_t given = 0;
  std::size_t bundles = 0;
  std::size_t lost = 0;
};

std::string live(std::uint64_t seed, const WorldSettings& settings, Seen& seen) {
  World world(seed, settings);
  const std::size_t steps = 1000 + seed * 7919 % 5000;
  for (std::size_t i = 0; i < steps; ++i) {
    world.step();
    if (i != steps / 2 || seed % 2 == 0) continue;
    if (auto wrong = world.check_rest(); !wrong.empty()) return wrong;
  }
  if (auto wrong = world.check(); !wrong.empty()) return wrong;
  if (auto wrong = world.check_rest(); !wrong.empty()) return wrong;
  if (!world.settle()) return "it does not come to rest";
  if (auto wrong = world.check_end(); !wrong.empty()) return wrong;
  for (const Process& one : world.processes()) {
    seen.views += one.record.views.size();
    for (const Lived& lived : one.record.views) seen.given += lived.given.size();
    seen.bundles += one.bundles;
    seen.lost += one.is_lost;
  }
  return world.check();
}

Seen live_many(const WorldSettings& settings) {
  const std::uint64_t first = from_environment("STOREMARK_SEED", 1);
  const std::uint64_t rounds = from_environment("STOREMARK_ROUNDS", 100);
  Seen seen;
  for (std::uint64_t seed = first; seed < first + rounds; ++seed) {
    const std::string wrong = live(seed, settings, seen);
    EXPECT_EQ(wrong, "") << "STOREMARK_SEED=" << seed << " STOREMARK_ROUNDS=1";
    if (!wrong.empty()) break;
  }
  std::cout << seen.views << " views, " << seen.given << " data, " << seen.bundles << " bundles, "
            << seen.lost << " lost\n";
  return seen;
}

TEST(OrderRandom, ProcessesJoinSendAndDieInOneRing) {
  const Seen seen = live_many({.daemons = 3, .rings_change = false});
  EXPECT_GT(seen.views, 0U);
  EXPECT_EQ(seen.lost, 0U);
}

TEST(OrderRandom, TwoDaemonsPartAndMeet) {
  const Seen seen = live_many({.daemons = 2});
  EXPECT_GT(seen.given, 0U);
  EXPECT_GT(seen.bundles, 0U);
  EXPECT_EQ(seen.lost, 0U);
}

TEST(OrderRandom, FourDaemonsPartAndMeet) { EXPECT_GT(live_many({.daemons = 4}).given, 0U); }

TEST(OrderRandom, WithAQuorum) {
  EXPECT_GT(live_many({.daemons = 3, .has_quorum = true}).given, 0U);
}

TEST(OrderRandom, DaemonsCrashAndProcessIdsComeAgain) {
  EXPECT_GT(live_many({.daemons = 3, .daemons_crash = true}).given, 0U);
}

TEST(OrderRandom, TheStoppedArePutOut) {
  EXPECT_GT(live_many({.daemons = 3, .excludes = true}).lost, 0U);
}

TEST(OrderRandom, FirstMessagesInARingAreThrownAway) {
  const Seen seen = live_many({.daemons = 3, .holes = true});
  EXPECT_GT(seen.given, 0U);
  EXPECT_GT(seen.lost, 0U);
}

TEST(OrderRandom, AndTheStoppedArePutOut) {
  EXPECT_GT(live_many({.daemons = 4, .has_quorum = true, .excludes = true, .holes = true}).given,
            0U);
}

TEST(OrderRandom, StrangersInTheGroup) {
  EXPECT_GT(live_many({.daemons = 3, .strangers = true}).given, 0U);
}

}  // namespace
}  // namespace storemark::corosync_group
