// SPDX-License-Identifier: Apache-2.0
// What is durable in the journal at each step of a member's life, as the operator's tool sees it.
#include "driver/member.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "driver/members.hpp"

namespace storemark::test {
namespace {

using MemberTest = MembersTest;

TEST_F(MemberTest, NothingIsRecordedBeforeTheClusterHasAgreed) {
  One& a = add("a", 2);
  start(a);
  run();
  EXPECT_EQ(record_of(a).state, StoreState::empty);
  EXPECT_TRUE(record_of(a).initial.is_nil());
}

TEST_F(MemberTest, FoundingAndActivationAreDurableBeforeItIsReady) {
  found({"a", "b"});
  const Record a = record_of(all_["a"]);
  EXPECT_EQ(a.state, StoreState::dirty);
  EXPECT_FALSE(a.initial.is_nil());
  EXPECT_EQ(a.initial, record_of(all_["b"]).initial);
  EXPECT_EQ(a.view.members.size(), 2U);
  EXPECT_EQ(a.view.id, record_of(all_["b"]).view.id);
}

TEST_F(MemberTest, AnEventIsCountedWhenItIsDurableAndAnsweredWhenAnotherHasIt) {
  found({"a", "b"});
  One& a = all_["a"];
  publish(a, 7, "x");
  static_cast<void>(a.group->dispatch(*a.member, 1));
  EXPECT_GE(record_of(a).ceiling, 1U) << "it is applied under a ceiling that is durable";
  EXPECT_TRUE(a.broker->confirmed_tokens().empty());
  a.member->settle();
  EXPECT_EQ(a.disk.events.size(), 1U);
  EXPECT_TRUE(a.broker->confirmed_tokens().empty()) << "nobody else has it";
  run();
  EXPECT_EQ(a.broker->confirmed_tokens(), (std::map<std::uint64_t, std::uint64_t>{{7, 1}}));
}

TEST_F(MemberTest, AViewIsRecordedBeforeAnythingOfItIsApplied) {
  found({"a", "b", "c"});
  One& a = all_["a"];
  publish(a, 1, "in the first view");
  run();
  const ViewId before = record_of(a).view.id;
  kill(all_["c"]);
  bool recorded = false;
  a.broker->set_during([&](const std::string& call) {
    if (call == "apply") recorded = record_of(a).view.id != before && record_of(a).floor == 1;
  });
  publish(a, 2, "in the second");
  run();
  a.broker->set_during(nullptr);
  EXPECT_TRUE(recorded);
  EXPECT_EQ(record_of(a).view.members.size(), 2U);
}

TEST_F(MemberTest, UpdatingIsDurableBeforeTheOldStoreIsTouched) {
  found({"a", "b"});
  publish(all_["a"], 1, "x");
  run();
  One& b = all_["b"];
  kill(b);
  run();
  publish(all_["a"], 2, "y");
  run();
  start(b);
  while (deliver()) {
  }
  EXPECT_EQ(record_of(b).state, StoreState::updating);
  EXPECT_EQ(record_of(b).target, 2U);
  EXPECT_EQ(b.disk.events.size(), 1U) << "the old store";
  EXPECT_TRUE(run_task(b));
  EXPECT_EQ(record_of(b).state, StoreState::updating) << "it is no member yet";
  run();
  EXPECT_EQ(record_of(b).state, StoreState::dirty);
  EXPECT_EQ(record_of(b).history, record_of(all_["a"]).history);
  EXPECT_EQ(b.disk.events, all_["a"].disk.events);
}

TEST_F(MemberTest, WhereTheBrokerWasToldToStandIsSyncedBeforeAnythingRestsOnIt) {
  One& a = add("a");
  start(a);
  run();
  ASSERT_TRUE(a.member->shut_down());
  a.member->settle();
  run();
  ASSERT_TRUE(a.member->how().clean);
  const auto calls = a.broker->calls();
  const auto told = std::ranges::find(calls, "activated");
  EXPECT_NE(std::find(told, calls.end(), "sync"), calls.end()) << "though nothing was applied";
}

TEST_F(MemberTest, AShutdownIsCleanAndExact) {
  found({"a", "b"});
  publish(all_["a"], 1, "x");
  ASSERT_TRUE(all_["b"].member->shut_down());
  all_["b"].member->settle();
  run();
  for (auto& [name, one] : all_) {
    ASSERT_TRUE(one.member->stopped());
    EXPECT_TRUE(one.member->how().clean);
    const Verdict verdict = journal_of(one).verdict;
    EXPECT_EQ(verdict.state, StoreState::clean) << name;
    EXPECT_EQ(verdict.floor, 1U);
    EXPECT_EQ(verdict.record->final, one.member->how().final);
  }
}

TEST_F(MemberTest, LeavingLeavesADirtyStoreWithItsExactSequence) {
  found({"a", "b"});
  publish(all_["a"], 1, "x");
  run();
  all_["b"].member->leave();
  EXPECT_FALSE(all_["b"].member->how().error);
  const Verdict verdict = journal_of(all_["b"]).verdict;
  EXPECT_EQ(verdict.state, StoreState::dirty);
  EXPECT_EQ(verdict.floor, 1U);
  EXPECT_EQ(verdict.certainty, Certainty::exact);
}

TEST_F(MemberTest, TheLastOneIsFlaggedSole) {
  found({"a", "b"});
  kill(all_["b"]);
  run();
  EXPECT_TRUE(record_of(all_["a"]).sole);
  EXPECT_TRUE(all_["a"].member->status().alone);
}

TEST_F(MemberTest, AStartThatIsCutLeavesTheCleanStoreClean) {
  found({"a", "b"});
  publish(all_["a"], 1, "x");
  ASSERT_TRUE(all_["a"].member->shut_down());
  all_["a"].member->settle();
  run();
  for (auto& [name, one] : all_) kill(one);
  One& a = all_["a"];
  start(a);
  start(all_["b"]);
  while (deliver()) {
  }
  EXPECT_TRUE(run_task(a));  // a has restored its store, b has not
  kill(all_["b"]);
  run();
  EXPECT_EQ(journal_of(a).verdict.state, StoreState::clean);
  start(all_["b"]);
  run();
  EXPECT_TRUE(a.member->ready() && all_["b"].member->ready());
  EXPECT_EQ(a.disk.events, all_["b"].disk.events);
}

TEST_F(MemberTest, WhoWasCutOffStopsWritingAndComesBackAsAJoiner) {
  found({"a", "b", "c"});
  publish(all_["a"], 1, "x");
  run();
  hub_.split_off({"c"});
  run();
  publish(all_["a"], 2, "y");
  run();
  hub_.heal();
  run();
  EXPECT_TRUE(all_["c"].member->ready());
  EXPECT_EQ(all_["c"].disk.events, all_["a"].disk.events);
  EXPECT_EQ(record_of(all_["c"]).history, record_of(all_["a"]).history);
}

TEST_F(MemberTest, WhatIsTooLongIsNotPublished) {
  found({"a"});
  const std::vector<std::uint8_t> event(max_event_bytes + 1);
  EXPECT_TRUE(real::fails(all_["a"].member->publish(event, 1), Errc::message_too_long));
}

TEST_F(MemberTest, NobodyPublishesBeforeItIsActive) {
  One& a = add("a", 2);
  start(a);
  run();
  EXPECT_TRUE(real::fails(a.member->publish({}, 1), Errc::not_active));
  EXPECT_TRUE(real::fails(a.member->shut_down(), Errc::not_active));
}

}  // namespace
}  // namespace storemark::test
