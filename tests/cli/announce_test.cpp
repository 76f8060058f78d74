// SPDX-License-Identifier: Apache-2.0
#include "cli/announce.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

TEST(Announce, AStoreAnnouncesWhatItsJournalSays) {
  const Store a = clean("a", 7);
  const auto said = announcement_of(a);
  ASSERT_TRUE(said);
  const Record& record = *a.seen->verdict.record;
  EXPECT_EQ(said->id, record.member);
  EXPECT_EQ(said->state, StoreState::clean);
  EXPECT_EQ(said->initial, record.initial);
  EXPECT_EQ(said->final, record.final);
  EXPECT_EQ(said->floor, 7U);
  EXPECT_EQ(said->history, record.history);
  EXPECT_EQ(said->view, record.view);
}

TEST(Announce, WhatCannotBeReadIsNeverEmpty) {
  EXPECT_FALSE(announcement_of(missing("a")));
  EXPECT_FALSE(announcement_of(diagnosed("a", Diagnosis::absent))) << "nothing is there";
  Store beside = diagnosed("a", Diagnosis::absent);
  beside.others = 3;
  EXPECT_EQ(announcement_of(beside)->diagnosis, Diagnosis::lost);
  EXPECT_EQ(announcement_of(diagnosed("a", Diagnosis::foreign))->diagnosis, Diagnosis::damaged);
  EXPECT_EQ(announcement_of(diagnosed("a", Diagnosis::future))->diagnosis, Diagnosis::future);
}

}  // namespace
}  // namespace storemark::cli
