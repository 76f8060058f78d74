// SPDX-License-Identifier: Apache-2.0
#include "cli/survey.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

std::string ranking(const Survey& survey, const Cluster& cluster) {
  std::string out;
  for (const Ranked& ranked : cluster.ranked) {
    out += std::to_string(ranked.rank) + (ranked.unproven.empty() ? "" : "?") + " " +
           survey.stores[ranked.store].name + " ";
  }
  return out;
}

TEST(Survey, RanksWithinTheCluster) {
  const Survey seen = survey({dirty("a", 5), dirty("b", 9), dirty("c", 5)});
  ASSERT_EQ(seen.clusters.size(), 1U);
  EXPECT_EQ(ranking(seen, seen.clusters[0]), "1 b 2 a 2 c ");
  EXPECT_EQ(latest(seen.clusters[0]), std::vector<StoreIndex>{1});
  EXPECT_EQ(seen.status, ExitStatus::safe);
}

TEST(Survey, GroupsByInitialUuid) {
  const auto elsewhere = [](Record& record) { record.initial = InitialUuid{id(7)}; };
  const Survey seen = survey({dirty("a", 5), with(dirty("b", 9), elsewhere), dirty("c", 6)});
  ASSERT_EQ(seen.clusters.size(), 2U);
  EXPECT_EQ(ranking(seen, seen.clusters[0]), "1 c 2 a ");
  EXPECT_EQ(ranking(seen, seen.clusters[1]), "1 b ");
}

TEST(Survey, DoubtIsAboutBothAndNoOneElse) {
  const Survey seen = survey({dirty("a", 10), store("b", StoreState::dirty, 8, 12), dirty("c", 3)});
  EXPECT_EQ(ranking(seen, seen.clusters[0]), "1? a 2? b 3 c ");
}

TEST(Survey, WhatCannotBeASourceIsNotRanked) {
  const auto give_up = [](Record& record) { record.discard = true; };
  const Survey seen = survey({dirty("a", 5), store("b", StoreState::updating, 9, 9),
                              store("c", StoreState::empty, 0, 0), with(dirty("d", 9), give_up)});
  EXPECT_EQ(ranking(seen, seen.clusters[0]), "1 a ");
  EXPECT_EQ(seen.clusters[0].not_ranked, (std::vector<StoreIndex>{1, 2, 3}));
}

TEST(Survey, WhatCannotBeReadIsOfNoCluster) {
  const Survey seen = survey({missing("a"), dirty("b", 1), diagnosed("c", Diagnosis::damaged)});
  EXPECT_EQ(seen.unreadable, (std::vector<StoreIndex>{0, 2}));
  EXPECT_EQ(seen.status, ExitStatus::damaged);
  EXPECT_EQ(survey({missing("a"), dirty("b", 1)}).status, ExitStatus::needs_operator);
}

TEST(Survey, TwoStoresOfOneMemberAreAConflict) {
  const Survey seen = survey({dirty("a", 5), dirty("copy-of-a", 7), dirty("b", 1)});
  ASSERT_EQ(seen.conflicts.size(), 1U);
  EXPECT_EQ(seen.conflicts[0].stores, (std::vector<StoreIndex>{0, 1}));
  EXPECT_EQ(seen.status, ExitStatus::conflict);
}

TEST(Survey, TwoMarksAreAConflict) {
  const auto mark = [](std::uint8_t final) {
    return [final](Record& record) {
      record.marked = true;
      record.final = FinalUuid{id(final)};
    };
  };
  const Survey seen =
      survey({with(clean("a", 5), mark(1)), with(clean("b", 9), mark(2)), dirty("c", 1)});
  ASSERT_EQ(seen.conflicts.size(), 1U);
  EXPECT_EQ(seen.conflicts[0].stores, (std::vector<StoreIndex>{1, 0}));
  EXPECT_TRUE(seen.conflicts[0].why.starts_with("two marks: b and a")) << seen.conflicts[0].why;
  EXPECT_TRUE(survey({with(clean("a", 5), mark(1)), clean("b", 5)}).conflicts.empty());
}

TEST(Survey, OneShutdownLeavesOneSequence) {
  EXPECT_TRUE(survey({clean("a", 5), clean("b", 5)}).conflicts.empty());
  const Survey seen = survey({clean("a", 5), clean("b", 6)});
  ASSERT_EQ(seen.conflicts.size(), 1U);
  EXPECT_TRUE(seen.conflicts[0].why.starts_with("one shutdown, different sequences"));
  EXPECT_EQ(seen.status, ExitStatus::conflict);
}

TEST(Survey, RanksDoNotDependOnTheOrderOfNames) {
  const Survey one = survey({clean("a", 5), dirty("b", 5), dirty("c", 5)});
  const Survey other = survey({dirty("c", 5), dirty("b", 5), clean("a", 5)});
  EXPECT_EQ(ranking(one, one.clusters[0]), ranking(other, other.clusters[0]));
}

}  // namespace
}  // namespace storemark::cli
