// SPDX-License-Identifier: Apache-2.0
// Hubs that die at any byte, members that come, go and die at any moment: the survivors agree.
// Every case is a seed; STOREMARK_SEED names the first, STOREMARK_ROUNDS how many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "group/simulation.hpp"

namespace storemark::local_group {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct Odds {
  std::size_t kill_hub;
  std::size_t kill_any;
  std::size_t join;
  std::size_t leave;
  std::size_t cut_off;
};

/// What happens now and then between the steps; each odd is one in so many.
void disturb(Simulation& simulation, const Odds& odds, std::size_t& births) {
  const auto happens = [&](std::size_t one_in) {
    return one_in != 0 && simulation.below(one_in) == 0;
  };
  const std::size_t index = simulation.below(simulation.nodes().size());
  if (happens(3)) simulation.send(index);
  if (happens(odds.kill_hub) && simulation.hub()) simulation.kill(*simulation.hub());
  if (happens(odds.kill_any)) simulation.kill(index);
  if (happens(odds.leave)) {
    auto& node = *simulation.nodes()[index];
    if (node.alive && node.member.stage() == Member::Stage::in) simulation.leave(index);
  }
  if (happens(odds.cut_off)) simulation.cut_off(index);
  if (births > 0 && happens(odds.join)) {
    simulation.add();
    --births;
  }
}

void add(Count& to, const Count& one) {
  to.delivered += one.delivered;
  to.hubs += one.hubs;
  to.hubs_in_takeover += one.hubs_in_takeover;
  to.requests += one.requests;
  to.refused += one.refused;
}

std::string run(std::uint64_t seed, const Odds& odds, Count& count) {
  Simulation simulation(seed, 40 + seed % 7 * 100);
  for (std::size_t i = 0; i < 3 + seed % 4; ++i) simulation.add();
  std::size_t births = 20;
  const auto at_end = [&](std::string broken) {
    add(count, simulation.count());
    return broken;
  };
  for (int i = 0; i < 20'000; ++i) {
    simulation.step();
    disturb(simulation, odds, births);
    if (i % 4000 != 0) continue;
    if (auto broken = simulation.check_orders(); !broken.empty()) return broken;
  }
  if (!simulation.settles()) return at_end("does not come to rest");
  if (auto broken = simulation.check_orders(); !broken.empty()) return broken;
  const auto is_lost = [](const auto& node) {
    return node->alive && node->member.stage() == Member::Stage::lost;
  };
  if (odds.cut_off == 0 && odds.leave == 0 && std::ranges::any_of(simulation.nodes(), is_lost)) {
    return at_end("a node was put out");
  }
  return at_end(simulation.check_agreement());
}

/// A hub, two others, and one whose wire is full: the hub cuts it off, though it lives.
class CutOffTest : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 4; ++i) simulation_.add();
    ASSERT_TRUE(simulation_.settles());
    hub_ = simulation_.hub().value();
    one_ = (hub_ + 1) % 4;
    other_ = (hub_ + 2) % 4;
    cut_ = (hub_ + 3) % 4;
    node(cut_).stopped = true;
    send_some();
  }
  Simulation::Node& node(std::size_t index) { return *simulation_.nodes()[index]; }
  void send_some() {
    for (int i = 0; i < 20; ++i) simulation_.send(hub_);
    ASSERT_TRUE(simulation_.settles());
  }
  void only_the_one_cut_off_lives_on() {
    for (const std::size_t index : {hub_, one_, other_}) simulation_.kill(index);
    node(cut_).stopped = false;
    ASSERT_TRUE(simulation_.settles());
    EXPECT_EQ(simulation_.check_agreement(), "");
  }

  Simulation simulation_{1, 300};
  std::size_t hub_ = 0;
  std::size_t one_ = 0;
  std::size_t other_ = 0;
  std::size_t cut_ = 0;
};

TEST_F(CutOffTest, ItDoesNotGoOnWithoutWhatOthersDelivered) {
  simulation_.cut_off(cut_);
  ASSERT_TRUE(simulation_.settles());
  ASSERT_GT(node(one_).delivered.size(), node(cut_).delivered.size() + 5);
  only_the_one_cut_off_lives_on();
  EXPECT_EQ(node(cut_).member.stage(), Member::Stage::lost);
}

TEST_F(CutOffTest, NothingIsDeliveredUntilTheViewWithoutItIs) {
  // What the other has in its wire would do for a commit, but for the one that is cut off.
  node(other_).stopped = true;
  send_some();
  const std::size_t before = node(one_).delivered.size();
  simulation_.cut_off(cut_);
  ASSERT_TRUE(simulation_.settles());
  EXPECT_EQ(node(one_).delivered.size(), before) << "the view is not with the other yet";
  only_the_one_cut_off_lives_on();
}

class TakeoverTest : public testing::TestWithParam<Odds> {};

TEST_P(TakeoverTest, SurvivorsAgree) {
  const std::uint64_t first = from_environment("STOREMARK_SEED", 1);
  const std::uint64_t rounds = from_environment("STOREMARK_ROUNDS", 150);
  Count count;
  for (std::uint64_t seed = first; seed < first + rounds; ++seed) {
    EXPECT_EQ(run(seed, GetParam(), count), "")
        << "STOREMARK_SEED=" << seed << " STOREMARK_ROUNDS=1";
  }
  // That it was worth something.
  EXPECT_GT(count.delivered, rounds);
  if (GetParam().kill_hub != 0) {
    EXPECT_GT(count.hubs, rounds);
  }
  if (GetParam().kill_hub > 1000) {
    EXPECT_GT(count.hubs_in_takeover, rounds / 10);
    EXPECT_GT(count.requests, rounds / 10);
  }
  if (GetParam().cut_off != 0) {
    EXPECT_GT(count.refused, rounds / 10);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, TakeoverTest,
                         testing::Values(Odds{0, 0, 1000, 0, 0}, Odds{2000, 0, 1000, 0, 0},
                                         Odds{600, 0, 300, 0, 0}, Odds{200, 0, 150, 0, 0},
                                         Odds{1500, 2000, 400, 2000, 0},
                                         Odds{800, 1000, 300, 800, 0}, Odds{0, 0, 500, 500, 0},
                                         Odds{3000, 0, 500, 0, 1500},
                                         Odds{1000, 3000, 300, 2000, 500}));

}  // namespace
}  // namespace storemark::local_group
