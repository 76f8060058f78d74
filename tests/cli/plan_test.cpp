// SPDX-License-Identifier: Apache-2.0
#include "cli/plan.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

PlanOptions waiting_for(std::uint64_t n) {
  PlanOptions options;
  options.wait_for = n;
  return options;
}

Plan planned(std::vector<Store> stores, const PlanOptions& options) {
  auto out = plan(survey(std::move(stores)), options);
  EXPECT_TRUE(out);
  return std::move(*out);
}

TEST(Plan, AStoreThatWasNotReachedHoldsTheStartUp) {
  EXPECT_EQ(planned({clean("a", 7), clean("b", 7)}, waiting_for(2)).decision.outcome,
            Outcome::start);
  const Plan unsure = planned({clean("a", 7), clean("b", 7), missing("c")}, waiting_for(2));
  EXPECT_EQ(unsure.decision.outcome, Outcome::wait);
  EXPECT_EQ(unsure.unreached, std::vector<std::string>{"c"});
}

TEST(Plan, WaitForAndPolicyAreThoseOfTheCommandLine) {
  EXPECT_EQ(planned({dirty("a", 7)}, waiting_for(2)).decision.rule, Rule::r5);
  EXPECT_EQ(planned({dirty("a", 7)}, waiting_for(1)).decision.rule, Rule::r13);
  PlanOptions latest = waiting_for(1);
  latest.policy = RestorePolicy::latest;
  EXPECT_EQ(planned({dirty("a", 7)}, latest).decision.rule, Rule::r12);
}

std::string evidence_of(const Plan& plan, const std::string& name) {
  for (const MemberDecision& one : plan.decision.members) {
    if (one.label == name) return one.evidence;
  }
  return {};
}

TEST(Plan, AnIdleClusterThatWasKilledIsEmpty) {
  const Plan idle = planned({dirty("a", 0), dirty("b", 0)}, waiting_for(2));
  EXPECT_EQ(idle.decision.rule, Rule::r7);
  EXPECT_EQ(idle.decision.initial, InitialUuid{id(1)}) << "the one that it has";
  EXPECT_TRUE(evidence_of(idle, "a").ends_with(
      "its journal allowed not one event, so its broker announces it as empty"))
      << evidence_of(idle, "a");
  EXPECT_EQ(planned({dirty("a", 0), dirty("b", 9)}, waiting_for(2)).decision.rule, Rule::r13);
}

TEST(Plan, WhatTheJournalDoesNotProveIsSaidAndNotGuessed) {
  const std::vector<Store> stores{store("a", StoreState::dirty, 0, 9), dirty("b", 0)};
  const Plan unsure = planned(stores, waiting_for(2));
  EXPECT_EQ(unsure.decision.rule, Rule::r13);
  EXPECT_TRUE(evidence_of(unsure, "a")
                  .ends_with("if its store holds nothing, its broker announces it as empty"))
      << evidence_of(unsure, "a");
  ASSERT_TRUE(unsure.if_nothing);
  EXPECT_EQ(unsure.if_nothing->rule, Rule::r7);
  EXPECT_EQ(unsure.may_hold_nothing, std::vector<std::string>{"a"});
  const std::vector<Store> more{store("a", StoreState::dirty, 0, 9), dirty("b", 20)};
  EXPECT_FALSE(planned(more, waiting_for(2)).if_nothing) << "the answer is the same";
}

TEST(Plan, WhoIsGoneForGoodIsMissedByNobody) {
  const Store a = with(dirty("a", 7), [](Record& r) {
    r.view.members = {{r.member, "a", 0}, {MemberId(id(99)), "gone", 5}};
  });
  PlanOptions options = waiting_for(1);
  options.policy = RestorePolicy::latest;
  const Plan before = planned({a}, options);
  EXPECT_EQ(before.decision.rule, Rule::r13);
  ASSERT_EQ(before.decision.missing.size(), 1U);
  EXPECT_EQ(before.decision.missing[0].sequence, 5U);
  options.without = {"gone"};
  EXPECT_EQ(planned({a}, options).decision.rule, Rule::r12);
  options.without = {"nobody"};
  const auto refused = plan(survey({a}), options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "--without nobody");
}

TEST(Plan, AStoreThatIsLeftOutDoesNotCount) {
  PlanOptions options = waiting_for(2);
  options.without = {"b"};
  const Plan alone = planned({clean("a", 7), clean("b", 7)}, options);
  EXPECT_EQ(alone.decision.rule, Rule::r5);
  EXPECT_EQ(alone.scenario.names, std::vector<std::string>{"a"});
}

TEST(Plan, ARunningBrokerIsSaid) {
  Store a = clean("a", 7);
  a.seen->in_use = true;
  EXPECT_EQ(planned({a, clean("b", 7)}, waiting_for(2)).in_use, std::vector<std::string>{"a"});
}

TEST(Plan, TheExitStatusFollowsTheOutcome) {
  EXPECT_EQ(exit_status(Outcome::start), ExitStatus::safe);
  EXPECT_EQ(exit_status(Outcome::wait), ExitStatus::wait);
  EXPECT_EQ(exit_status(Outcome::needs_operator), ExitStatus::needs_operator);
  EXPECT_EQ(exit_status(Outcome::conflict), ExitStatus::conflict);
  EXPECT_EQ(exit_status(Outcome::damaged), ExitStatus::damaged);
}

TEST(Plan, AnOperatorIsToldWhatToType) {
  const Plan asked = planned({dirty("a", 7), dirty("b", 5)}, waiting_for(2));
  EXPECT_EQ(asked.decision.outcome, Outcome::needs_operator);
  const auto typed = std::find_if(asked.next.begin(), asked.next.end(),
                                  [](const Advice& one) { return !one.argv.empty(); });
  ASSERT_NE(typed, asked.next.end());
  EXPECT_EQ(typed->argv[1], "mark-clean");
  EXPECT_EQ(typed->argv[2], "a");
  EXPECT_EQ(behind(asked, asked.scenario.members[1]), 2U);
}

}  // namespace
}  // namespace storemark::cli
