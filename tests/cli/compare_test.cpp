// SPDX-License-Identifier: Apache-2.0
#include "cli/compare.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

ExitStatus refusal(const Store& other) {
  const auto result = compare(dirty("a", 9), {other});
  return result ? ExitStatus::safe : result.error().status;
}

TEST(Compare, GivesWhereEachStoreIs) {
  const auto result = compare(dirty("a", 9), {store("b", StoreState::dirty, 3, 7)});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->compared, (std::vector<Compared>{{MemberId{id('b')}, ViewId{id(9)}, 7}}));
  EXPECT_TRUE(result->remarks.empty());
}

TEST(Compare, SaysWhatIsGivenUp) {
  const auto result = compare(dirty("a", 9), {dirty("b", 12)});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->remarks.size(), 1U);
  EXPECT_EQ(result->remarks[0], "b is ahead: up to 3 events that it holds, past 9, are given up");
}

TEST(Compare, LeavesOutWhatHoldsNothingToCompare) {
  const auto result = compare(
      dirty("a", 9), {store("b", StoreState::empty, 0, 0), store("c", StoreState::updating, 0, 0)});
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->compared.empty());
  EXPECT_EQ(result->remarks.size(), 2U);
}

TEST(Compare, RefusesWhatItCannotRead) {
  EXPECT_EQ(refusal(missing("b")), ExitStatus::failure);
  EXPECT_EQ(refusal(diagnosed("b", Diagnosis::absent)), ExitStatus::refused);
  EXPECT_EQ(refusal(diagnosed("b", Diagnosis::damaged)), ExitStatus::damaged);
  EXPECT_EQ(refusal(diagnosed("b", Diagnosis::future)), ExitStatus::damaged);
}

TEST(Compare, RefusesStrangersAndClones) {
  EXPECT_EQ(refusal(dirty("copy-of-a", 9)), ExitStatus::conflict);
  EXPECT_EQ(refusal(with(dirty("b", 9), [](Record& r) { r.initial = InitialUuid{id(7)}; })),
            ExitStatus::conflict);
}

TEST(Compare, RefusesWhatIsMoving) {
  Store running = dirty("b", 9);
  running.seen->in_use = true;
  EXPECT_EQ(refusal(running), ExitStatus::in_use);
}

TEST(Compare, FindsItselfInASavedSurvey) {
  Store saved = dirty("a", 9);
  saved.file = "all.json";
  EXPECT_EQ(refusal(saved), ExitStatus::safe);
}

ExitStatus checked(const Stamp& seen, const Store& now) {
  const auto same = check_unchanged({{"b", seen}, {now}});
  return same ? ExitStatus::safe : same.error().status;
}

TEST(Compare, AStoreThatMovedSinceItWasSeenIsRefused) {
  const Stamp seen = stamp_of(dirty("b", 9));
  EXPECT_EQ(checked(seen, dirty("b", 9)), ExitStatus::safe);
  EXPECT_EQ(checked(seen, dirty("b", 10)), ExitStatus::changed);
  EXPECT_EQ(checked(seen, store("b", StoreState::empty, 0, 0)), ExitStatus::changed);
  EXPECT_EQ(checked(seen, with(dirty("b", 9), [](Record& r) { ++r.generation; })),
            ExitStatus::changed);
  EXPECT_EQ(checked(Stamp{9, 0, {}}, with(dirty("b", 9), [](Record& r) { ++r.generation; })),
            ExitStatus::safe);
}

TEST(Compare, WhatCannotBeReadIsNamedForThat) {
  const Stamp seen = stamp_of(dirty("b", 9));
  EXPECT_EQ(checked(seen, missing("b")), ExitStatus::safe);  // compare() refuses it
  EXPECT_EQ(checked(seen, diagnosed("b", Diagnosis::damaged)), ExitStatus::safe);
  Store running = dirty("b", 10);
  running.seen->in_use = true;
  EXPECT_EQ(checked(seen, running), ExitStatus::safe);
}

TEST(Compare, OneStampForAllStoresOfASavedFile) {
  Store b = dirty("b", 9);
  Store c = dirty("c", 8);
  b.file = c.file = "all.json";
  const Stamp seen = stamp_of({&b, &c});
  EXPECT_TRUE(check_unchanged({{"all.json", seen}, {b, c}}));
  EXPECT_FALSE(check_unchanged({{"all.json", seen}, {b}}));
  EXPECT_FALSE(check_unchanged({{"all.json", seen}, {missing("b"), c}}));
}

}  // namespace
}  // namespace storemark::cli
