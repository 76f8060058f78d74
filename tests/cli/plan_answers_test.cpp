// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_answers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

std::string answered(std::vector<Store> stores, std::uint64_t wait_for, const std::string& id) {
  PlanOptions options;
  options.wait_for = wait_for;
  const auto planned = plan(survey(std::move(stores)), options);
  EXPECT_TRUE(planned);
  for (const Answer& answer : answers(*planned)) {
    if (answer.id == id) return answer.text;
  }
  return "-";
}

Store lived(const std::string& name, std::uint64_t n, std::vector<HistoryEntry> history) {
  return with(dirty(name, n), [&](Record& r) { r.history = std::move(history); });
}

TEST(PlanAnswers, ACleanShutdown) {
  const std::vector<Store> stores{clean("a", 9), clean("b", 9), dirty("c", 7)};
  EXPECT_EQ(answered(stores, 3, "start"), "yes");
  EXPECT_EQ(answered(stores, 3, "latest"), "a and b, at 9: 2 events more than c");
  EXPECT_EQ(answered(stores, 3, "lost"), "nothing");
  EXPECT_EQ(answered(stores, 3, "missing"), "-");
  EXPECT_EQ(answered(stores, 3, "type"), "nothing: start the brokers");
}

TEST(PlanAnswers, AKilledCluster) {
  const std::vector<Store> stores{dirty("a", 9), store("b", StoreState::dirty, 3, 5)};
  EXPECT_EQ(answered(stores, 2, "start"),
            "you may, but they will only wait for your word; no store is touched before it");
  EXPECT_EQ(answered(stores, 2, "latest"), "a, at 9: 4 to 6 events more than b");
  EXPECT_EQ(answered(stores, 2, "lost"),
            "nothing before your word; then, going on from a: nothing of what is here");
  EXPECT_EQ(answered(stores, 2, "type"),
            "the command below, here, after you have read what it says");
  EXPECT_EQ(answered(stores, 2, "undo"),
            "yes, with storemark undo on the same store, until its broker next activates");
}

TEST(PlanAnswers, AnIdleCluster) {
  EXPECT_EQ(answered({dirty("a", 0), dirty("b", 0)}, 2, "start"), "yes");
  EXPECT_EQ(answered({dirty("a", 0), dirty("b", 0)}, 2, "latest"), "none: all are empty");
  const std::vector<Store> unsure{store("a", StoreState::dirty, 0, 9),
                                  store("b", StoreState::dirty, 0, 9)};
  EXPECT_EQ(answered(unsure, 2, "start"),
            "you may: they look into their stores first. If a and b hold nothing, they start (R7); "
            "else they wait for your word, and no store is touched");
}

TEST(PlanAnswers, WhereTheBrokersKnowBetterTheyAreAskedFirst) {
  const std::vector<Store> stores{store("a", StoreState::dirty, 9, 11),
                                  store("b", StoreState::dirty, 9, 12)};
  EXPECT_TRUE(answered(stores, 2, "type").starts_with("best nothing yet: start the brokers"));
}

TEST(PlanAnswers, TheLatestByNumberIsTheOneThatTheCommandNames) {
  const std::vector<Store> stores{store("a", StoreState::dirty, 9, 11),
                                  store("b", StoreState::dirty, 9, 12)};
  const auto planned = plan(survey(stores), {});
  ASSERT_TRUE(planned);
  const auto mark = std::find_if(planned->next.begin(), planned->next.end(),
                                 [](const Advice& one) { return one.word == "mark-clean"; });
  ASSERT_NE(mark, planned->next.end());
  ASSERT_GT(mark->argv.size(), 2U);
  EXPECT_TRUE(answered(stores, 2, "latest").starts_with("by number " + mark->argv[2] + ", at 9"))
      << answered(stores, 2, "latest");
}

TEST(PlanAnswers, TwoShutdownsAreSettledByGivingOneUp) {
  const auto ended = [](const std::string& name, std::uint8_t view, std::uint8_t shutdown) {
    return with(clean(name, 9), [&](Record& r) {
      r.history = {{ViewId{id(1)}, 0, 2}, {ViewId{id(view)}, 5, 1}};
      r.final = FinalUuid{id(shutdown)};
    });
  };
  const std::vector<Store> stores{ended("a", 2, 42), ended("b", 3, 43)};
  const auto planned = plan(survey(stores), {});
  ASSERT_EQ(planned->decision.rule, Rule::r9);
  EXPECT_TRUE(answered(stores, 2, "type").starts_with("what stands under one of the choices"));
  EXPECT_TRUE(answered(stores, 2, "undo").starts_with("yes, with storemark undo"));
}

TEST(PlanAnswers, ASplitNamesItsPoint) {
  const std::vector<Store> stores{lived("a", 9, {{ViewId{id(1)}, 0, 2}, {ViewId{id(2)}, 5, 1}}),
                                  lived("b", 8, {{ViewId{id(1)}, 0, 2}, {ViewId{id(3)}, 5, 1}})};
  EXPECT_EQ(answered(stores, 2, "latest"), "by number a, at 9, but it is not proven");
  EXPECT_EQ(answered(stores, 2, "lost"),
            "nothing before your word; then what the choice says, each below");
}

TEST(PlanAnswers, AMachineIsGone) {
  const Store a = with(dirty("a", 9), [](Record& r) {
    r.view.members = {{r.member, "a", 0}, {MemberId(id(99)), "gone", 5}};
  });
  EXPECT_EQ(answered({a}, 2, "start"),
            "you may: each waits for the others, and none touches its store before that");
  EXPECT_EQ(
      answered({a}, 2, "missing"),
      "gone (last known at 5). It may hold what no other does: bring it back if you can. Gone "
      "for good? Ask again with --wait-for 1 --without gone, the N that the brokers must then "
      "have too. The answer will be: needs operator (R13)");
}

/// What the answer promises is what the tool says when it is asked so.
TEST(PlanAnswers, ADamagedMemberOfTheLastViewIsGoneWithItsName) {
  const Store a = with(clean("a", 9), [](Record& r) {
    r.view.members = {{r.member, "a", 9}, {MemberId(id(99)), "b", 5}};
  });
  const std::vector<Store> stores{a, diagnosed("b", Diagnosis::damaged)};
  EXPECT_EQ(answered(stores, 2, "start"),
            "you may, but none goes on: only 1 of 2 count, and what is damaged, lost or hollow "
            "waits for your word");
  const std::string missing = answered(stores, 2, "missing");
  EXPECT_NE(missing.find("--wait-for 1 --without b,"), std::string::npos) << missing;
  EXPECT_TRUE(missing.ends_with("The answer will be: start (R10)")) << missing;
  PlanOptions without;
  without.wait_for = 1;
  without.without = {"b"};
  EXPECT_EQ(plan(survey(stores), without)->decision.outcome, Outcome::start);
}

TEST(PlanAnswers, AMarkCountsNoEvents) {
  const Store marked = with(clean("a", 9), [](Record& r) { r.marked = true; });
  EXPECT_EQ(answered({marked, dirty("b", 7)}, 2, "latest"), "a, at 9, by an operator's mark");
}

TEST(PlanAnswers, WhatIsGivenUpIsSaidAbove) {
  const std::vector<Store> stores{clean("a", 9), store("b", StoreState::dirty, 7, 12)};
  EXPECT_EQ(answered(stores, 2, "start"), "yes, and what stands above at \"loses\" is given up");
  EXPECT_EQ(answered(stores, 2, "lost"), "what b may hold beyond the donor, see \"loses\" above");
}

TEST(PlanAnswers, AStoreThatWasNotReached) {
  const std::vector<Store> stores{clean("a", 9), clean("b", 9), missing("c")};
  EXPECT_EQ(answered(stores, 2, "start"),
            "no: c could not be looked at, and may hold what no other does");
}

TEST(PlanAnswers, DamageDoesNotHoldTheOthersUp) {
  const std::vector<Store> stores{clean("a", 9), clean("b", 9), diagnosed("c", Diagnosis::damaged)};
  EXPECT_EQ(answered(stores, 2, "start"),
            "yes, the sound ones go on; the damaged one waits by itself for your word");
}

TEST(PlanAnswers, TwoClustersHaveNoLatest) {
  const Store other = with(dirty("b", 90), [](Record& r) { r.initial = InitialUuid{id(7)}; });
  EXPECT_EQ(answered({dirty("a", 9), other}, 2, "latest"),
            "they are of 2 clusters, which have nothing to do with each other");
  EXPECT_EQ(answered({dirty("a", 9), other}, 2, "start"),
            "no: settle the conflict first; started as they are, none goes on");
  EXPECT_EQ(answered({dirty("a", 9), other}, 2, "lost"), "nothing");
  EXPECT_EQ(answered({dirty("a", 9), other}, 2, "type"),
            "one of those below, here: each cluster is planned and started by itself");
}

TEST(PlanAnswers, AMemberWithAnInterestingNameIsQuoted) {
  const Store a = with(dirty("a", 9), [](Record& r) {
    r.view.members = {{r.member, "a", 0}, {MemberId(id(99)), "x; rm -rf", 5}};
  });
  EXPECT_NE(answered({a}, 2, "missing").find("--without 'x; rm -rf',"), std::string::npos);
}

}  // namespace
}  // namespace storemark::cli
