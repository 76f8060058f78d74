// SPDX-License-Identifier: Apache-2.0
// The life of a cluster, as brokers see it.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/cluster.hpp"

namespace storemark::test {
namespace {

using real::fails;
using real::ok;
using Failing = SmallBroker::Failing;

class DriverTest : public ClusterTest {};

TEST_F(DriverTest, ThreeFoundAClusterAndApplyInOneOrder) {
  found({"a", "b", "c"});
  for (auto& [name, node] : nodes_) {
    for (std::uint64_t i = 0; i < 20; ++i) publish(*node, i, name + std::to_string(i));
  }
  EXPECT_TRUE(all_have(60));
  for (auto& [name, node] : nodes_) {
    EXPECT_TRUE(node->broker->until([&] { return node->broker->confirmed_tokens().size() == 20; }));
    // Each token came back with the number of its own event.
    for (const auto& [token, n] : node->broker->confirmed_tokens()) {
      EXPECT_EQ(node->broker->events().at(n - 1), name + std::to_string(token));
    }
  }
  const Status status = nodes_["a"]->driver->status();
  EXPECT_EQ(status.phase, MemberPhase::active);
  EXPECT_EQ(status.members.size(), 3U);
}

TEST_F(DriverTest, TheShutdownMarksEveryStoreCleanAndTheRestartLosesNothing) {
  found({"a", "b", "c"});
  publish_and_wait(*nodes_["b"], 1, "kept");
  ASSERT_TRUE(ok(nodes_["c"]->driver->shut_down()));
  std::set<FinalUuid> finals;
  for (auto& [name, node] : nodes_) {
    const Stopped how = end_of(*node);
    EXPECT_TRUE(how.clean) << name << (how.error ? to_string(*how.error) : "");
    finals.insert(how.final);
    EXPECT_EQ(verdict(*node).state, StoreState::clean);
    EXPECT_EQ(verdict(*node).floor, 1U);
  }
  EXPECT_EQ(finals.size(), 1U);
  start_all();
  EXPECT_TRUE(all_ready());
  EXPECT_TRUE(all_have(1));
  for (auto& [name, node] : nodes_) {
    EXPECT_EQ(std::ranges::count(node->broker->calls(), "restore"), 1) << name;
    EXPECT_EQ(std::ranges::count(node->broker->calls(), "discard"), 0) << name;
  }
  publish_and_wait(*nodes_["a"], 2, "and more");
  EXPECT_TRUE(all_have(2));
}

TEST_F(DriverTest, WhatWasPublishedBeforeTheShutdownIsInIt) {
  found({"a", "b"});
  Node& a = *nodes_["a"];
  for (std::uint64_t i = 1; i <= 100; ++i) publish(a, i, "event");
  ASSERT_TRUE(ok(a.driver->shut_down()));
  EXPECT_TRUE(end_of(a).clean);
  EXPECT_EQ(a.disk.events.size(), 100U);
  EXPECT_EQ(verdict(a).floor, 100U);
  EXPECT_TRUE(fails(a.driver->publish(bytes_of("late"), 101), Errc::not_active));
  EXPECT_TRUE(fails(a.driver->shut_down(), Errc::not_active));
  EXPECT_EQ(a.driver->status().phase, MemberPhase::stopped);
}

TEST_F(DriverTest, AJoinerTakesAnUpdate) {
  found({"a", "b"});
  publish_and_wait(*nodes_["a"], 1, "one");
  Node& c = node("c");
  start(c);
  EXPECT_TRUE(c.broker->until_ready());
  EXPECT_TRUE(all_have(1));
  EXPECT_EQ(std::ranges::count(c.broker->calls(), "take_update"), 1);
  publish_and_wait(c, 7, "two");
  EXPECT_TRUE(all_have(2));
  EXPECT_TRUE(nodes_["a"]->broker->until([&] { return exchange_.open() == 0; }));
}

TEST_F(DriverTest, AMemberThatLostItsConnectionComesBackWithAnUpdate) {
  found({"a", "b", "c"});
  publish_and_wait(*nodes_["a"], 1, "one");
  ASSERT_TRUE(all_have(1));
  Node& b = *nodes_["b"];
  hub_.lose("b");
  const Stopped how = end_of(b);
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::group_lost);
  EXPECT_FALSE(how.clean);
  EXPECT_EQ(verdict(b).state, StoreState::dirty);
  publish_and_wait(*nodes_["a"], 2, "two");
  start(b);
  EXPECT_TRUE(b.broker->until_ready());
  EXPECT_TRUE(all_have(2));
}

TEST_F(DriverTest, OneThatHasNothingToSendNoticesItToo) {
  Node& a = node("a", 3);
  start(a);
  ASSERT_TRUE(a.broker->until([&] { return a.broker->last_status().rule == Rule::r5; }));
  hub_.lose("a");
  const Stopped how = end_of(a);
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::group_lost);
}

TEST_F(DriverTest, OneThatLeavesStaysDirtyAtItsExactSequence) {
  found({"a", "b"});
  publish_and_wait(*nodes_["a"], 1, "one");
  ASSERT_TRUE(all_have(1));
  Node& b = *nodes_["b"];
  // The interval writer has the ceiling ahead while it runs.
  ASSERT_TRUE(b.broker->until([&] { return verdict(b).ceiling > 100; }));
  b.driver->leave();
  const Stopped how = end_of(b);
  EXPECT_FALSE(how.clean || how.error);
  const Verdict left = verdict(b);
  EXPECT_EQ(left.state, StoreState::dirty);
  EXPECT_EQ(left.certainty, Certainty::exact);
  EXPECT_EQ(left.floor, 1U);
  EXPECT_EQ(left.ceiling, 1U);
  Node& a = *nodes_["a"];
  EXPECT_TRUE(a.broker->until([&] { return a.broker->last_status().alone; }));
  publish_and_wait(a, 2, "alone");
}

TEST_F(DriverTest, TheEndOfTheDriverIsALeaving) {
  found({"a"});
  Node& a = *nodes_["a"];
  publish_and_wait(a, 1, "one");
  a.driver.reset();
  ASSERT_TRUE(a.broker->end());
  EXPECT_FALSE(a.broker->end()->error);
  EXPECT_EQ(a.broker->calls().back(), "stopped");
  EXPECT_EQ(a.disk.events.size(), 1U);
}

TEST_F(DriverTest, OneOfAnotherClusterIsRefused) {
  Node& stranger = node("stranger");
  start(stranger);
  ASSERT_TRUE(stranger.broker->until_ready());
  publish_and_wait(stranger, 1, "theirs");
  stranger.driver.reset();
  nodes_.erase("stranger");
  Node& kept = node("x");
  kept.options.directory = root_.path() / "stranger";
  kept.disk.events = {"theirs"};
  kept.disk.sequence = 1;
  auto held = std::move(nodes_["x"]);
  nodes_.erase("x");
  found({"a", "b"});
  start(*held);
  const Stopped how = end_of(*held);
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::member_refused) << to_string(*how.error);
  EXPECT_EQ(held->disk.events, std::vector<std::string>{"theirs"});
  EXPECT_EQ(verdict(*held).state, StoreState::dirty);
  held->driver.reset();
  publish_and_wait(*nodes_["a"], 1, "the others go on");
}

TEST_F(DriverTest, ATransientClusterNeedsNoDirectory) {
  for (const char* name : {"a", "b"}) {
    Node& one = node(name, 2);
    one.options.kind = MemberKind::transient;
    one.options.directory.clear();
  }
  start_all();
  ASSERT_TRUE(all_ready());
  publish_and_wait(*nodes_["a"], 1, "one");
  EXPECT_TRUE(all_have(1));
}

// --- waiting
// --------------------------------------------------------------------------------------

TEST_F(DriverTest, OneThatWaitsSaysSoOnceASecond) {
  Node& a = node("a", 3);
  start(a);
  ASSERT_TRUE(
      a.broker->until([&] { return a.broker->last_status().text == "waiting for 2 of 3"; }));
  EXPECT_EQ(a.driver->status().text, "waiting for 2 of 3");
  EXPECT_EQ(a.driver->status().rule, Rule::r5);
  for (int second = 0; second < 5; ++second) {
    const std::size_t before = a.broker->statuses().size();
    hour_ = hour_.load() + std::chrono::seconds(1);
    ASSERT_TRUE(a.broker->until([&] { return a.broker->statuses().size() > before; })) << second;
  }
  EXPECT_FALSE(a.broker->last_status().ready);
  EXPECT_LE(driver::Timing{}.beat, std::chrono::milliseconds(900));
}

TEST_F(DriverTest, AnActiveMemberIsSilentUntilSomethingChanges) {
  found({"a", "b"});
  Node& a = *nodes_["a"];
  const std::size_t before = a.broker->statuses().size();
  for (std::uint64_t i = 1; i <= 5; ++i) {
    hour_ = hour_.load() + std::chrono::seconds(1);
    publish_and_wait(a, i, "event");
  }
  EXPECT_EQ(a.broker->statuses().size(), before);
  EXPECT_TRUE(a.broker->until([&] { return a.driver->status().sequence == 5; }));
  nodes_["b"]->driver->leave();
  EXPECT_TRUE(a.broker->until([&] { return a.broker->last_status().alone; }));
}

TEST_F(DriverTest, AWaitCanBeCancelledAndChangesNothing) {
  Node& a = node("a", 3);
  start(a);
  ASSERT_TRUE(a.broker->until([&] { return a.broker->last_status().rule == Rule::r5; }));
  EXPECT_TRUE(fails(a.driver->publish(bytes_of("early"), 1), Errc::not_active));
  EXPECT_TRUE(fails(a.driver->shut_down(), Errc::not_active));
  a.driver->leave();
  const Stopped how = end_of(a);
  EXPECT_FALSE(how.clean || how.error);
  EXPECT_EQ(real::must(examine(a.options.directory, real::nothing())).verdict.state,
            StoreState::empty);
}

TEST_F(DriverTest, AWaitHasALimitWhereOneIsAskedFor) {
  Node& a = node("a", 3);
  a.options.time_limit = std::chrono::minutes(5);
  start(a);
  ASSERT_TRUE(a.broker->until([&] { return a.broker->last_status().rule == Rule::r5; }));
  hour_ = hour_.load() + std::chrono::minutes(5);
  const Stopped how = end_of(a);
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::cancelled);
  EXPECT_EQ(how.error->why, "it took longer than 300000 ms: waiting for 2 of 3");
}

TEST_F(DriverTest, AWaitHasNoLimitWhereNoneIsAskedFor) {
  Node& a = node("a", 2);
  start(a);
  ASSERT_TRUE(a.broker->until([&] { return a.broker->last_status().rule == Rule::r5; }));
  hour_ = hour_.load() + std::chrono::hours(1000);
  Node& b = node("b", 2);
  start(b);
  EXPECT_TRUE(all_ready());
}

TEST_F(DriverTest, AnActiveMemberHasNoLimit) {
  Node& a = node("a");
  a.options.time_limit = std::chrono::minutes(5);
  start(a);
  ASSERT_TRUE(a.broker->until_ready());
  hour_ = hour_.load() + std::chrono::hours(1000);
  publish_and_wait(a, 1, "still there");
  publish_and_wait(a, 2, "and then");
  EXPECT_FALSE(a.broker->end());
}

TEST_F(DriverTest, AWaitWithoutEndMayBeAskedForAsALongOne) {
  Node& a = node("a", 2);
  a.options.time_limit = std::chrono::milliseconds::max();
  start(a);
  ASSERT_TRUE(a.broker->until([&] { return a.broker->last_status().rule == Rule::r5; }));
  const std::size_t before = a.broker->statuses().size();
  hour_ = hour_.load() + std::chrono::hours(1000);
  ASSERT_TRUE(a.broker->until([&] { return a.broker->statuses().size() > before; }));
  start(node("b", 2));
  EXPECT_TRUE(all_ready());
}

TEST_F(DriverTest, ARestoreUnderWayIsCancelledByALeaving) {
  found({"a"});
  Node& a = *nodes_["a"];
  publish_and_wait(a, 1, "one");
  ASSERT_TRUE(ok(a.driver->shut_down()));
  ASSERT_TRUE(end_of(a).clean);
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  a.broker->hold("restore");
  start(a);
  ASSERT_TRUE(a.broker->until([&] {
    hour_ = hour_.load() + std::chrono::seconds(1);
    return a.broker->last_status().update_total == 2;
  }));
  EXPECT_EQ(a.broker->last_status().phase, MemberPhase::starting);
  EXPECT_EQ(a.broker->last_status().text, "restoring its own store");
  EXPECT_EQ(a.broker->last_status().update_done, 1U);
  a.driver->leave();
  EXPECT_FALSE(end_of(a).error);
  EXPECT_EQ(std::ranges::count(a.broker->calls(), "restore cancelled"), 1);
  EXPECT_EQ(a.broker->calls().back(), "stopped");
  EXPECT_EQ(verdict(a).state, StoreState::clean) << "a start that was aborted costs nothing";
  start(a);
  EXPECT_TRUE(a.broker->until_ready() && all_have(1));
}

TEST_F(DriverTest, TicketsThatAreOpenAtTheEndAreTakenBack) {
  for (const bool shut_down : {false, true}) {
    found({"a"});
    Node& a = *nodes_["a"];
    publish_and_wait(a, 1, "one");
    Node& b = node("b");
    b.broker = std::make_unique<SmallBroker>(b.disk, exchange_);
    b.broker->hold("take_update");
    start(b);
    ASSERT_TRUE(b.broker->until_called("take_update"));
    ASSERT_EQ(exchange_.open(), 1U);
    if (shut_down) {
      ASSERT_TRUE(ok(a.driver->shut_down()));
    } else {
      a.driver->leave();
    }
    EXPECT_EQ(end_of(a).clean, shut_down);
    EXPECT_EQ(exchange_.open(), 0U);
    const auto calls = a.broker->calls();
    EXPECT_EQ(std::ranges::count(calls, "end_giving"), 1);
    EXPECT_EQ(calls.back(), "stopped");
    b.driver->leave();
    static_cast<void>(end_of(b));
    nodes_.clear();
    std::filesystem::remove_all(root_.path() / "a");
    std::filesystem::remove_all(root_.path() / "b");
  }
}

TEST_F(DriverTest, AnUpdateUnderWayIsCancelledByALeaving) {
  found({"a", "b"});
  publish_and_wait(*nodes_["a"], 1, "one");
  Node& c = node("c");
  c.broker = std::make_unique<SmallBroker>(c.disk, exchange_);
  c.broker->hold("take_update");
  start(c);
  ASSERT_TRUE(c.broker->until_called("take_update"));
  EXPECT_TRUE(c.broker->until([&] {
    hour_ = hour_.load() + std::chrono::seconds(1);
    return c.broker->last_status().update_total == 2;
  }));
  EXPECT_EQ(c.broker->last_status().update_done, 1U);
  c.driver->leave();
  EXPECT_FALSE(end_of(c).error);
  EXPECT_EQ(verdict(c).state, StoreState::updating);
  // The next start takes it from the beginning.
  start(c);
  EXPECT_TRUE(c.broker->until_ready());
  EXPECT_TRUE(all_have(1));
}

}  // namespace
}  // namespace storemark::test
