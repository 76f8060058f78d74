// SPDX-License-Identifier: Apache-2.0
// A member that was cut off and meets the others again: what its broker is told, what its journal
// says meanwhile, and who else hears of it.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/cluster.hpp"

namespace storemark::test {
namespace {

using real::fails;
using real::ok;

class StepDownTest : public ClusterTest {
 protected:
  /// Three, of which the last is cut off with the event "one", and the others have "two".
  void cut_off_c() {
    found({"a", "b", "c"});
    publish_and_wait(*nodes_["a"], 1, "one");
    ASSERT_TRUE(all_have(1));
    // Its interval writer has the ceiling ahead, as ever.
    ASSERT_TRUE(c().broker->until([&] { return verdict(c()).ceiling > 100; }));
    hub_.split_off({"c"});
    ASSERT_TRUE(c().broker->until([&] { return c().broker->last_status().alone; }));
    publish_and_wait(*nodes_["a"], 2, "two");
    ASSERT_TRUE(nodes_["b"]->broker->until_applied(2));
  }
  /// Three, of which "a" is cut off while "d" takes an update from it.
  void cut_off_a_with_a_joiner() {
    found({"a", "b", "c"});
    publish_and_wait(a(), 1, "one");
    ASSERT_TRUE(all_have(1));
    // Who joins is beside "a": it was there first.
    hub_.split_off({"b", "c"});
    ASSERT_TRUE(a().broker->until([&] { return a().broker->last_status().alone; }));
    publish_and_wait(*nodes_["b"], 2, "two");
    Node& d = node("d");
    d.broker = std::make_unique<SmallBroker>(d.disk, exchange_);
    d.broker->hold("take_update");
    start(d);
    ASSERT_TRUE(d.broker->until_called("take_update"));
    ASSERT_EQ(count(a(), "give_update"), 1);
  }
  /// Its last status may be of the time before.
  [[nodiscard]] static bool until_active_again(const Node& node) {
    return node.broker->until([&] { return count(node, "activated") == 2; }) &&
           node.broker->until_ready();
  }
  Node& a() { return *nodes_["a"]; }
  Node& c() { return *nodes_["c"]; }
  [[nodiscard]] static std::ptrdiff_t place_of(const Node& node, const std::string& call) {
    const auto calls = node.broker->calls();
    return std::ranges::find(calls, call) - calls.begin();
  }
  [[nodiscard]] static std::ptrdiff_t count(const Node& node, const std::string& call) {
    return std::ranges::count(node.broker->calls(), call);
  }
};

TEST_F(StepDownTest, WhatItPublishedLastIsAnsweredByItAndNeverConfirmed) {
  cut_off_a_with_a_joiner();
  std::atomic<bool> taken = false;
  // It has stepped down, and its broker does not know it yet.
  a().broker->set_during([&](const std::string& call) {
    if (call != "end_giving") return;
    const auto done = a().driver->publish(bytes_of("neither here nor there"), 9);
    taken = taken || (done && *done);
  });
  hub_.heal();
  ASSERT_TRUE(a().broker->until_called("stepped_down"));
  ASSERT_TRUE(until_active_again(a()) && all_ready() && all_have(2));
  EXPECT_TRUE(taken);
  EXPECT_EQ(count(a(), "stepped_down"), 1);
  publish_and_wait(a(), 10, "three");
  EXPECT_TRUE(all_have(3));
  EXPECT_EQ(a().broker->confirmed_tokens(),
            (std::map<std::uint64_t, std::uint64_t>{{1, 1}, {10, 3}}));
}

TEST_F(StepDownTest, ItsOldStoreIsMovedAsideOnlyThenAndPublishingIsRefused) {
  cut_off_c();
  std::optional<Error> refused;
  std::optional<Record> meanwhile;
  c().broker->set_during([&](const std::string& call) {
    if (call != "discard") return;
    if (const auto done = c().driver->publish(bytes_of("too late"), 9); !done) {
      refused = done.error();
    }
    meanwhile = verdict(c()).record;
    EXPECT_EQ(c().disk.events, std::vector<std::string>{"one"}) << "it is here still";
  });
  hub_.heal();
  ASSERT_TRUE(until_active_again(c()) && all_have(2));
  ASSERT_TRUE(refused && meanwhile);
  EXPECT_EQ(refused->code, Errc::not_active);
  EXPECT_EQ(meanwhile->state, StoreState::updating);
  const auto calls = c().broker->calls();
  EXPECT_LT(place_of(c(), "stepped_down"), place_of(c(), "discard"));
  EXPECT_LT(place_of(c(), "discard"), place_of(c(), "take_update"));
  EXPECT_EQ(count(c(), "activated"), 2) << "at the founding, and now";
  EXPECT_EQ(count(*nodes_["a"], "discard") + count(*nodes_["b"], "discard"), 0);
}

TEST_F(StepDownTest, WhatItHeldIsKnownToTheEvent) {
  cut_off_c();
  std::optional<Record> meanwhile;
  std::vector<Loss> loses;
  c().broker->set_during([&](const std::string& call) {
    if (call != "discard") return;
    meanwhile = verdict(c()).record;
    loses = nodes_["a"]->driver->status().loses;
  });
  hub_.heal();
  ASSERT_TRUE(until_active_again(c()));
  ASSERT_TRUE(meanwhile);
  EXPECT_EQ(meanwhile->floor, 1U);
  EXPECT_EQ(meanwhile->ceiling, 1U) << "the ceiling that was ahead is no bound of what it holds";
  EXPECT_TRUE(loses.empty()) << "all that it had, the others have";
}

TEST_F(StepDownTest, ItJoinsByRuleR4AndSaysSo) {
  cut_off_c();
  const std::size_t before = c().broker->statuses().size();
  hub_.heal();
  ASSERT_TRUE(until_active_again(c()));
  std::set<std::string> texts;
  bool by_r4 = false;
  const auto statuses = c().broker->statuses();
  for (std::size_t i = before; i < statuses.size(); ++i) {
    if (statuses[i].phase != MemberPhase::updating) continue;
    EXPECT_FALSE(statuses[i].ready || statuses[i].alone);
    by_r4 = by_r4 || statuses[i].rule == Rule::r4;
  }
  EXPECT_TRUE(by_r4);
  EXPECT_EQ(c().driver->status().members.size(), 3U);
  EXPECT_FALSE(c().driver->status().alone);
}

TEST_F(StepDownTest, ItsTimeToBecomeActiveBeginsAnew) {
  for (const char* name : {"a", "b", "c"}) {
    node(name, 3).options.time_limit = std::chrono::minutes(5);
  }
  start_all();
  ASSERT_TRUE(all_ready());
  publish_and_wait(*nodes_["a"], 1, "one");
  ASSERT_TRUE(all_have(1));
  hour_ = hour_.load() + std::chrono::hours(1000);
  hub_.split_off({"c"});
  ASSERT_TRUE(c().broker->until([&] { return c().broker->last_status().alone; }));
  c().broker->hold("take_update");
  hub_.heal();
  ASSERT_TRUE(c().broker->until_called("take_update"));
  // The worker may be faster than the turn in which the wait begins; a turn later it has begun.
  const auto a_turn_ends_after = [&](std::chrono::seconds time) {
    const std::size_t before = c().broker->statuses().size();
    hour_ = hour_.load() + time;
    return c().broker->until([&] { return c().broker->statuses().size() > before; });
  };
  ASSERT_TRUE(a_turn_ends_after(std::chrono::seconds(2)));
  ASSERT_TRUE(a_turn_ends_after(std::chrono::minutes(4)));
  EXPECT_FALSE(c().broker->end()) << "of the hours before none counts";
  hour_ = hour_.load() + std::chrono::minutes(1);
  const Stopped how = end_of(c());
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::cancelled);
  EXPECT_EQ(count(c(), "take_update cancelled"), 1);
  EXPECT_EQ(verdict(c()).state, StoreState::updating);
  for (const char* name : {"a", "b"}) {
    EXPECT_TRUE(nodes_[name]->broker->until([&] { return exchange_.open() == 0; }));
    EXPECT_TRUE(nodes_[name]->driver->status().ready);
  }
}

TEST_F(StepDownTest, OneThatHasWhatTheOthersHaveNotIsRefusedAndKeepsItsStore) {
  cut_off_c();
  publish_and_wait(c(), 9, "theirs alone");
  hub_.heal();
  const Stopped how = end_of(c());
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::member_refused) << to_string(*how.error);
  EXPECT_EQ(c().disk.events, (std::vector<std::string>{"one", "theirs alone"}));
  EXPECT_EQ(count(c(), "discard"), 0);
  const Verdict left = verdict(c());
  EXPECT_EQ(left.state, StoreState::dirty);
  EXPECT_EQ(left.certainty, Certainty::exact);
  EXPECT_EQ(left.floor, 2U);
  publish_and_wait(*nodes_["a"], 3, "the others go on");
}

TEST_F(StepDownTest, WhoTookAnUpdateFromItTakesAnother) {
  cut_off_a_with_a_joiner();
  Node& d = *nodes_["d"];
  hub_.heal();
  ASSERT_TRUE(a().broker->until_called("stepped_down"));
  ASSERT_TRUE(d.broker->until([&] { return count(d, "take_update") == 2; }));
  EXPECT_EQ(count(d, "take_update cancelled"), 1);
  EXPECT_EQ(count(a(), "end_giving"), 1);
  ASSERT_TRUE(until_active_again(a()) && d.broker->until_ready());
  EXPECT_TRUE(all_have(2));
  EXPECT_TRUE(a().broker->until([&] { return exchange_.open() == 0; }));
}

}  // namespace
}  // namespace storemark::test
