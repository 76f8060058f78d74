// SPDX-License-Identifier: Apache-2.0
// Every call on the broker fails in turn, by an error or by an exception: the membership ends and
// says so, the others go on, and the journal claims nothing that is not so.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/cluster.hpp"

namespace storemark::test {
namespace {

using Failing = SmallBroker::Failing;
using real::fails;
using real::ok;

class FailingBrokerTest : public ClusterTest, public testing::WithParamInterface<Failing> {
 protected:
  /// The member has ended because of its broker, and its journal is in this state.
  void expect_failed(Node& node, StoreState state) {
    const Stopped how = end_of(node);
    ASSERT_TRUE(how.error) << node.name;
    EXPECT_EQ(how.error->code, Errc::broker_failed) << to_string(*how.error);
    EXPECT_FALSE(how.clean);
    EXPECT_FALSE(how.error->what.empty() || how.error->todo.empty());
    EXPECT_EQ(node.broker->calls().back(), "stopped");
    EXPECT_EQ(node.driver->status().phase, MemberPhase::stopped);
    node.driver.reset();
    const Examination left = real::must(examine(node.options.directory));
    ASSERT_TRUE(left.verdict.record);
    EXPECT_EQ(left.verdict.record->state, state);
    EXPECT_LE(left.verdict.floor, node.disk.sequence);
  }
  /// It is about a call that returns no error.
  [[nodiscard]] bool cannot_fail_so() const { return GetParam() == Failing::returns; }
};

TEST_P(FailingBrokerTest, Look) {
  Node& a = node("a");
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  a.broker->fail("look", GetParam());
  EXPECT_TRUE(
      fails(try_start(a), GetParam() == Failing::returns ? Errc::io_failed : Errc::broker_failed));
  EXPECT_TRUE(std::filesystem::is_empty(a.options.directory));
}

TEST_P(FailingBrokerTest, Restore) {
  found({"a"});
  Node& a = *nodes_["a"];
  publish_and_wait(a, 1, "one");
  ASSERT_TRUE(ok(a.driver->shut_down()));
  ASSERT_TRUE(end_of(a).clean);
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  a.broker->fail("restore", GetParam());
  start(a);
  expect_failed(a, StoreState::clean);  // a start that was aborted costs nothing
}

TEST_P(FailingBrokerTest, Discard) {
  found({"a"});
  publish_and_wait(*nodes_["a"], 1, "one");
  Node& b = node("b");
  b.broker = std::make_unique<SmallBroker>(b.disk, exchange_);
  b.broker->fail("discard", GetParam());
  start(b);
  const Stopped how = end_of(b);
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::update_failed) << to_string(*how.error);
  EXPECT_EQ(std::ranges::count(b.broker->calls(), "discard"), 3);
  EXPECT_EQ(verdict(b).state, StoreState::updating);
}

TEST_P(FailingBrokerTest, TakeUpdate) {
  found({"a"});
  publish_and_wait(*nodes_["a"], 1, "one");
  Node& b = node("b");
  b.broker = std::make_unique<SmallBroker>(b.disk, exchange_);
  b.broker->fail("take_update", GetParam());
  start(b);
  const Stopped how = end_of(b);
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::update_failed) << to_string(*how.error);
  EXPECT_EQ(std::ranges::count(b.broker->calls(), "take_update"), 3);
  EXPECT_EQ(verdict(b).state, StoreState::updating);
  publish_and_wait(*nodes_["a"], 2, "the donor goes on");
}

TEST_P(FailingBrokerTest, GiveUpdate) {
  found({"a", "b"});
  publish_and_wait(*nodes_["a"], 1, "one");
  ASSERT_TRUE(all_have(1));
  nodes_["a"]->broker->fail("give_update", GetParam());
  nodes_["b"]->broker->fail("give_update", GetParam());
  Node& c = node("c");
  start(c);
  expect_failed(*nodes_["a"], StoreState::dirty);
}

TEST_P(FailingBrokerTest, EndGiving) {
  if (cannot_fail_so()) return;
  found({"a"});
  Node& a = *nodes_["a"];
  publish_and_wait(a, 1, "one");
  a.broker->fail("end_giving", GetParam());
  Node& b = node("b");
  start(b);
  expect_failed(a, StoreState::dirty);
}

TEST_P(FailingBrokerTest, Activated) {
  Node& a = node("a");
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  a.broker->fail("activated", GetParam());
  start(a);
  expect_failed(a, StoreState::dirty);
}

TEST_P(FailingBrokerTest, Apply) {
  found({"a", "b"});
  Node& a = *nodes_["a"];
  Node& b = *nodes_["b"];
  a.broker->fail("apply", GetParam());
  publish(a, 1, "one");
  expect_failed(a, StoreState::dirty);
  EXPECT_TRUE(a.broker->confirmed_tokens().empty());
  EXPECT_TRUE(a.disk.events.empty());
  EXPECT_TRUE(b.broker->until_applied(1));
  publish_and_wait(b, 2, "two");
}

TEST_P(FailingBrokerTest, Sync) {
  found({"a", "b"});
  Node& a = *nodes_["a"];
  a.broker->fail("sync", GetParam());
  publish(a, 1, "one");
  expect_failed(a, StoreState::dirty);
  EXPECT_TRUE(a.broker->confirmed_tokens().empty());
  publish_and_wait(*nodes_["b"], 2, "two");
}

TEST_P(FailingBrokerTest, SyncAtTheShutdown) {
  found({"a"});
  Node& a = *nodes_["a"];
  publish_and_wait(a, 1, "one");
  // The last event is delivered with the shutdown behind it, and both in one batch or in two.
  a.broker->fail("sync", GetParam());
  publish(a, 2, "two");
  static_cast<void>(a.driver->shut_down());
  expect_failed(a, StoreState::dirty);
  EXPECT_EQ(a.disk.events.size(), 1U);
}

// A tag is a second opinion: without one the mark stands on its copies alone.
TEST_P(FailingBrokerTest, Tag) {
  if (cannot_fail_so()) return;
  found({"a"});
  Node& a = *nodes_["a"];
  publish_and_wait(a, 1, "one");
  a.broker->fail("tag", GetParam());
  ASSERT_TRUE(ok(a.driver->shut_down()));
  EXPECT_TRUE(end_of(a).clean);
  EXPECT_EQ(verdict(a).state, StoreState::clean);
}

TEST_P(FailingBrokerTest, Confirmed) {
  if (cannot_fail_so()) return;
  found({"a", "b"});
  Node& a = *nodes_["a"];
  a.broker->fail("confirmed", GetParam());
  publish(a, 1, "one");
  expect_failed(a, StoreState::dirty);
  EXPECT_EQ(a.disk.events.size(), 1U);  // what was confirmed is there
}

TEST_P(FailingBrokerTest, Status) {
  if (cannot_fail_so()) return;
  Node& a = node("a", 3);
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  a.broker->fail("status", GetParam());
  start(a);
  expect_failed(a, StoreState::empty);
}

// An active member that nothing happens to: nobody else would wake it.
TEST_P(FailingBrokerTest, StatusOfAnActiveMember) {
  if (cannot_fail_so()) return;
  Node& a = node("a");
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  a.broker->set_during([&](const std::string& call) {
    if (call == "activated") a.broker->fail("status", GetParam());
  });
  start(a);
  expect_failed(a, StoreState::dirty);
}

TEST_P(FailingBrokerTest, Room) {
  if (cannot_fail_so()) return;
  for (const char* name : {"a", "b"}) node(name, 2).options.publish_bytes = 10;
  start_all();
  ASSERT_TRUE(all_ready());
  Node& a = *nodes_["a"];
  a.broker->fail("room", GetParam());
  hub_.hold();
  while (real::must(a.driver->publish(bytes_of("event"), 1))) continue;
  hub_.let_go();
  expect_failed(a, StoreState::dirty);
}

TEST_P(FailingBrokerTest, SteppedDown) {
  if (cannot_fail_so()) return;
  found({"a", "b", "c"});
  Node& c = *nodes_["c"];
  publish_and_wait(c, 1, "one");
  hub_.split_off({"c"});
  ASSERT_TRUE(c.broker->until([&] { return c.broker->last_status().alone; }));
  c.broker->fail("stepped_down", GetParam());
  hub_.heal();
  const Stopped how = end_of(c);
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::broker_failed) << to_string(*how.error);
  EXPECT_EQ(std::ranges::count(c.broker->calls(), "discard"), 0) << "the store is as it was";
  EXPECT_EQ(c.disk.events.size(), 1U);
  publish_and_wait(*nodes_["a"], 2, "the others go on");
}

TEST_P(FailingBrokerTest, Stopped) {
  if (cannot_fail_so()) return;
  Node& a = node("a", 3);
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  a.broker->fail("stopped", GetParam());
  start(a);
  a.driver->leave();
  EXPECT_FALSE(end_of(a).error);  // nothing is left to end
}

INSTANTIATE_TEST_SUITE_P(How, FailingBrokerTest, testing::Values(Failing::returns, Failing::throws),
                         [](const auto& of) -> std::string {
                           return of.param == Failing::returns ? "Returns" : "Throws";
                         });

}  // namespace
}  // namespace storemark::test
