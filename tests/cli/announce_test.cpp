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

TEST(Announce, AStoreOfWhichNotOneEventWasAllowedIsEmpty) {
  EXPECT_EQ(announcement_of(dirty("a", 0))->state, StoreState::empty);
  EXPECT_EQ(announcement_of(clean("a", 0))->state, StoreState::empty);
  EXPECT_TRUE(announcement_of(clean("a", 0))->final.is_nil());
  EXPECT_EQ(announcement_of(store("a", StoreState::dirty, 0, 1))->state, StoreState::dirty);
  EXPECT_EQ(announcement_of(store("a", StoreState::updating, 0, 0))->state, StoreState::updating);
  Store lossy = dirty("a", 0);
  lossy.seen->verdict.certainty = Certainty::at_least;
  EXPECT_EQ(announcement_of(lossy)->state, StoreState::dirty);
}

TEST(Announce, AnAdoptedStoreMayHoldWhatNobodyCounted) {
  const Store now = with(dirty("a", 0), [](Record& r) { r.adopted = true; });
  EXPECT_EQ(announcement_of(now)->state, StoreState::dirty);
  Store once = dirty("a", 0);
  for (SlotReport& anchor : once.seen->anchors) anchor.record->adopted = true;
  EXPECT_EQ(announcement_of(once)->state, StoreState::dirty) << "activated since";
}

}  // namespace
}  // namespace storemark::cli
