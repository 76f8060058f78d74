// SPDX-License-Identifier: Apache-2.0
// What a part without a quorum drops while parts meet: nobody has it, so it is nobody's position.
#include <gtest/gtest.h>

#include <algorithm>

#include "restart/session_world.hpp"

namespace storemark::restart {
namespace {

class SessionDroppedTest : public testing::Test {
 protected:
  /// Three that have a quorum of two, and nothing in their stores.
  SessionDroppedTest() {
    world_.configure_votes(3);
    for (const char* name : {"a", "b", "c"}) world_.add(name, 3);
    for (const char* name : {"a", "b", "c"}) world_.start(name);
    world_.run();
  }
  void expect_all_hold(const std::vector<std::string>& events) {
    for (const char* name : {"a", "b", "c"}) {
      EXPECT_TRUE(world_[name].ready()) << name;
      EXPECT_EQ(world_[name].store, events) << name;
    }
  }

  World world_;
};

TEST_F(SessionDroppedTest, ItDoesNotOutrankWhatWasAnswered) {
  world_.slip("a");
  world_.publish("b", "answered");
  world_.run();
  ASSERT_EQ(world_["b"].answered, std::vector<std::uint64_t>{1});
  for (const auto& [name, part] : {std::pair{"a", 1}, {"b", 2}, {"c", 3}}) {
    world_.cut_off(name, part);
  }
  world_.run();
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(world_[name].session->suspended()) << name;
  // Before anybody has announced itself: a would stand beside the others, and have the lowest id.
  world_.heal();
  world_.publish("a", "dropped");
  world_.run();
  EXPECT_TRUE(world_["a"].did("dropped") && world_["a"].did("step_down"));
  expect_all_hold({"answered"});
}

TEST_F(SessionDroppedTest, ItIsNotGivenUpEither) {
  world_.blink({"a"});
  world_.publish("a", "dropped");
  const auto has_decided = [&] { return world_["c"].session->decision() != nullptr; };
  while (has_decided()) ASSERT_TRUE(world_.deliver_one());  // the start's, until the view changes
  while (!has_decided() || world_["c"].session->decision()->members.size() < 3) {
    ASSERT_TRUE(world_.deliver_one());
  }
  EXPECT_TRUE(world_["c"].session->decision()->loses.empty());
  world_.run();
  EXPECT_TRUE(world_["a"].did("dropped"));
  expect_all_hold({});
}

}  // namespace
}  // namespace storemark::restart
