// SPDX-License-Identifier: Apache-2.0
// A store that is overwritten with a donor's.
#include <gtest/gtest.h>

#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

class UpdateTest : public RealStoreTest {
 protected:
  const MemberId donor_{new_uuid()};
  const std::vector<HistoryEntry> history_{{ViewId{new_uuid()}, 0, 3}, {ViewId{new_uuid()}, 6, 2}};
};

TEST_F(UpdateTest, UpdatingIsDurableInEverySlot) {
  leave_clean(5, tag_of("tag"));
  Journal journal = must(open());
  const UpdatePermit permit = must(journal.begin_update(donor_, 9));
  const Examination seen = examined();
  EXPECT_EQ(slots_with(seen, SlotHealth::current), slot_count);
  EXPECT_EQ(seen.verdict.state, StoreState::updating);
  const Record& record = *seen.verdict.record;
  EXPECT_EQ(record.donor, donor_);
  EXPECT_EQ(record.target, 9U);
  EXPECT_TRUE(record.final.is_nil());
  EXPECT_FALSE(record.tag.has_value());
}

TEST_F(UpdateTest, WithoutADonorOrWithAnImpossibleTargetItIsRefused) {
  leave_founded();
  Journal journal = must(open(nothing()));
  expect_refused(Errc::invalid_argument, [&] { return journal.begin_update({}, 9); });
  expect_refused(Errc::invalid_argument,
                 [&] { return journal.begin_update(donor_, max_sequence + 1); });
}

TEST_F(UpdateTest, EndedTheStoreIsDirtyAndHasTheDonorsHistory) {
  leave_dirty(5);
  {
    Journal journal = must(open());
    UpdatePermit permit = must(journal.begin_update(donor_, 9));
    EXPECT_TRUE(ok(journal.end_update(std::move(permit), 10, history_)));
    const Examination seen = examined();
    EXPECT_EQ(slots_with(seen, SlotHealth::current), slot_count);
    EXPECT_EQ(seen.verdict.state, StoreState::dirty);
    EXPECT_EQ(seen.verdict.floor, 10U);
    EXPECT_EQ(seen.verdict.ceiling, 10U);
    const Record& record = *seen.verdict.record;
    EXPECT_EQ(record.history, history_);
    EXPECT_TRUE(record.donor.is_nil());
    EXPECT_EQ(record.target, 0U);
    EXPECT_TRUE(ok(journal.activate(view_of(), 10)));
  }
  EXPECT_EQ(must(open(data(10))).verdict().state, StoreState::dirty);
}

TEST_F(UpdateTest, DroppedItStaysUpdating) {
  leave_updating(5, 9);
  Journal journal = must(open());
  EXPECT_EQ(journal.verdict().state, StoreState::updating);
  expect_refused(Errc::wrong_state, [&] { return journal.activate(view_of(), 9); });
  EXPECT_TRUE(ok(journal.begin_update(donor_, 12))) << "it is begun anew";
}

TEST_F(UpdateTest, AnUpdatingStoreMayHoldAnything) {
  leave_updating(5, 9);
  EXPECT_EQ(must(open(data(2))).verdict().state, StoreState::updating)
      << "half of it is gone: no hollow store";
  EXPECT_EQ(must(open(data(7))).verdict().state, StoreState::updating);
  EXPECT_EQ(must(open(nothing())).verdict().state, StoreState::updating);
}

TEST_F(UpdateTest, ItDoesNotEndBelowItsTarget) {
  leave_dirty(5);
  Journal journal = must(open());
  UpdatePermit permit = must(journal.begin_update(donor_, 9));
  expect_refused(Errc::sequence_goes_down,
                 [&] { return journal.end_update(std::move(permit), 8, history_); });
  EXPECT_EQ(examined().verdict.state, StoreState::updating);
}

TEST_F(UpdateTest, ItDoesNotEndBelowWhatTheStoreHeld) {
  leave_dirty(5);
  Journal journal = must(open());
  UpdatePermit permit = must(journal.begin_update(donor_, 3));
  expect_refused(Errc::sequence_goes_down,
                 [&] { return journal.end_update(std::move(permit), 4, history_); });
}

TEST_F(UpdateTest, ADiscardedStoreMayEndBelowWhatItHeld) {
  leave_dirty(5);
  must(discard(directory(), {5, "diverged", "test"}));
  Journal journal = must(open());
  UpdatePermit permit = must(journal.begin_update(donor_, 3));
  EXPECT_TRUE(examined().verdict.record->discard) << "until the update is complete";
  EXPECT_TRUE(ok(journal.end_update(std::move(permit), 4, history_)));
  const Verdict verdict = examined().verdict;
  EXPECT_EQ(verdict.floor, 4U);
  EXPECT_FALSE(verdict.record->discard);
  EXPECT_TRUE(ok(journal.activate(view_of(), 4)));
}

TEST_F(UpdateTest, SoMayOneThatTheRulesGaveUp) {
  leave_dirty(5);
  Journal journal = must(open());
  UpdatePermit permit = must(journal.begin_update(donor_, 3, true));
  EXPECT_TRUE(ok(journal.end_update(std::move(permit), 4, history_)));
  EXPECT_EQ(examined().verdict.floor, 4U);
  UpdatePermit again = must(journal.begin_update(donor_, 3));
  expect_refused(Errc::sequence_goes_down,
                 [&] { return journal.end_update(std::move(again), 3, history_); });
}

TEST_F(UpdateTest, OneThatWasCutMayEndBelowWhatTheStoreHeldBefore) {
  leave_dirty(5);
  {
    Journal journal = must(open());
    const UpdatePermit cut = must(journal.begin_update(donor_, 8));
  }
  // That donor is gone, and what the store held before went with the first byte of its copy.
  Journal journal = must(open());
  UpdatePermit permit = must(journal.begin_update(donor_, 3));
  EXPECT_TRUE(ok(journal.end_update(std::move(permit), 4, history_)));
  EXPECT_EQ(examined().verdict.floor, 4U);
}

TEST_F(UpdateTest, AHollowStoreThatWasDiscardedTakesAnUpdate) {
  leave_dirty(5);
  must(discard(directory(), {5, "its volume is gone", "test"}));
  Journal journal = must(open(nothing()));
  UpdatePermit permit = must(journal.begin_update(donor_, 8));
  EXPECT_TRUE(ok(journal.end_update(std::move(permit), 8, history_)));
}

TEST_F(UpdateTest, WhileItLastsThereIsNoOtherPermit) {
  leave_dirty(5);
  Journal journal = must(open());
  const UpdatePermit permit = must(journal.begin_update(donor_, 9));
  expect_refused(Errc::permit_outstanding, [&] { return journal.activate(view_of(), 9); });
  expect_refused(Errc::permit_outstanding, [&] { return journal.begin_update(donor_, 9); });
  expect_refused(Errc::permit_outstanding, [&] { return journal.found(cluster()); });
}

TEST_F(UpdateTest, AnotherJournalsPermitOrAConsumedOneDoesNotCount) {
  const RealStore other(root() / "other");
  fs::create_directory(other.directory());
  other.leave_founded();
  Journal others = must(other.open(nothing()));
  UpdatePermit foreign = must(others.begin_update(donor_, 9));
  leave_dirty(5);
  Journal journal = must(open());
  UpdatePermit permit = must(journal.begin_update(donor_, 9));
  expect_refused(Errc::permit_revoked,
                 [&] { return journal.end_update(std::move(foreign), 9, history_); });
  must(journal.end_update(std::move(permit), 9, history_));
  expect_refused(Errc::permit_revoked,
                 [&] { return journal.end_update(std::move(permit), 9, history_); });
}

TEST_F(UpdateTest, ALongHistoryIsFolded) {
  leave_dirty(5);
  Journal journal = must(open());
  UpdatePermit permit = must(journal.begin_update(donor_, 9));
  std::vector<HistoryEntry> longer;
  for (std::uint64_t n = 0; n < max_history + 8; ++n) longer.push_back({ViewId{new_uuid()}, n, 1});
  EXPECT_TRUE(ok(journal.end_update(std::move(permit), 50, longer)));
  const Record record = *examined().verdict.record;
  EXPECT_EQ(record.history.size(), max_history);
  EXPECT_EQ(record.folded, 8U);
  EXPECT_EQ(record.history.back(), longer.back());
}

TEST_F(UpdateTest, WhatTheDonorHasFoldedAwayIsNotForgotten) {
  leave_dirty(5);
  Journal journal = must(open());
  UpdatePermit permit = must(journal.begin_update(donor_, 9));
  const FoldedHistory folded{7, BodyHash{{1, 2, 3}}};
  EXPECT_TRUE(ok(journal.end_update(std::move(permit), 9, history_, folded)));
  const Record record = *examined().verdict.record;
  EXPECT_EQ(record.folded, folded.views);
  EXPECT_EQ(record.history_digest, folded.digest);
}

TEST_F(UpdateTest, AnEmptyStoreIsUpdatedWithTheClustersUuid) {
  leave_founded();
  {
    Journal journal = must(open(nothing()));
    UpdatePermit permit = must(journal.begin_update(donor_, 9));
    must(journal.end_update(std::move(permit), 9, history_));
  }
  const Verdict verdict = must(open(data(9))).verdict();
  EXPECT_EQ(verdict.state, StoreState::dirty);
  EXPECT_EQ(verdict.record->initial, cluster());
}

}  // namespace
}  // namespace storemark::real
