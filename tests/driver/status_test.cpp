// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "driver/members.hpp"

namespace storemark::test {
namespace {

class StatusTest : public MembersTest {
 protected:
  [[nodiscard]] std::string text_of(const std::string& name) {
    return all_.at(name).member->status().text;
  }
  void publish_one() {
    publish(all_["a"], 1, "x");
    run();
  }
  void kill_all() {
    for (auto& [name, one] : all_) kill(one);
  }
};

TEST_F(StatusTest, SaysForHowManyItWaits) {
  start(add("a", 3));
  start(add("b", 3));
  run();
  EXPECT_EQ(text_of("a"), "waiting for 1 of 3");
  EXPECT_EQ(all_["a"].member->status().phase, MemberPhase::waiting);
  EXPECT_EQ(all_["a"].member->status().present, 2U);
}

TEST_F(StatusTest, SaysWhoIsMissingAndTheLastThatIsKnownOfIt) {
  found({"a", "b", "c"});
  publish_one();
  kill(all_["b"]);
  run();
  kill_all();
  start(all_["a"]);
  start(all_["c"]);
  run();
  const Status status = all_["a"].member->status();
  EXPECT_EQ(status.rule, Rule::r5);
  EXPECT_TRUE(status.text.starts_with("waiting for 1 of 3")) << status.text;
  kill(all_["c"]);
  run();
  EXPECT_EQ(text_of("a"), "waiting for 2 of 3: c, last seen at 1");
}

TEST_F(StatusTest, SaysWhyAnOperatorIsNeeded) {
  found({"a", "b"});
  publish_one();
  kill_all();
  start(all_["a"]);
  start(all_["b"]);
  run();
  EXPECT_TRUE(text_of("a").starts_with("waiting for an operator (R13): ")) << text_of("a");
  EXPECT_EQ(all_["a"].member->status().outcome, Outcome::needs_operator);
}

TEST_F(StatusTest, SaysWhoDiffersInItsN) {
  start(add("a", 2));
  start(add("b", 3));
  run();
  const Status status = all_["a"].member->status();
  EXPECT_EQ(status.wait_for, 3U);
  ASSERT_EQ(status.notes.size(), 1U);
  EXPECT_EQ(
      status.notes[0],
      "members differ in how many they wait for, the largest counts: a wants 2 and b wants 3");
}

TEST_F(StatusTest, SaysThatItIsActiveAndWhetherAlone) {
  found({"a", "b"});
  EXPECT_EQ(text_of("a"), "active, one of 2");
  EXPECT_TRUE(all_["a"].member->status().ready);
  kill(all_["b"]);
  run();
  EXPECT_EQ(text_of("a"), "active, alone: clients are answered without a second copy");
  EXPECT_TRUE(all_["a"].member->status().alone);
}

TEST_F(StatusTest, SaysFromWhomItTakesAnUpdate) {
  found({"a", "b"});
  publish_one();
  kill(all_["b"]);
  run();
  start(all_["b"]);
  while (deliver()) {
  }
  EXPECT_EQ(text_of("b"), "taking an update from a");
  EXPECT_EQ(all_["b"].member->status().phase, MemberPhase::updating);
}

TEST_F(StatusTest, SaysHowItEnded) {
  found({"a", "b"});
  all_["b"].member->leave();
  EXPECT_EQ(text_of("b"), "left");
  run();
  ASSERT_TRUE(all_["a"].member->shut_down());
  all_["a"].member->settle();
  run();
  EXPECT_EQ(text_of("a"), "shut down, the store is clean");
}

}  // namespace
}  // namespace storemark::test
