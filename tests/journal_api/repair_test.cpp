// SPDX-License-Identifier: Apache-2.0
// Repair: a fresh file from a good slot, and nothing made up.
#include <gtest/gtest.h>

#include "journal/layout.hpp"
#include "journal_api/operator_fixture.hpp"

namespace storemark::real {
namespace {

class RepairTest : public OperatorTest {
 protected:
  /// Repairs, and expects the old file as the backup and a sound journal of the same store.
  Repair expect_rebuilt() const {
    const Examination before = examined();
    const std::string bytes = bytes_of(file());
    Repair done = must(repair(directory()));
    EXPECT_TRUE(done.rebuilt);
    EXPECT_TRUE(same_bytes(bytes_of(done.backup), bytes));
    const Examination after = examined();
    EXPECT_EQ(slots_with(after, SlotHealth::current), slot_count);
    EXPECT_EQ(after.file_bytes, layout::file_bytes);
    EXPECT_FALSE(after.verdict.unsettled);
    EXPECT_EQ(after.verdict.diagnosis, Diagnosis::none);
    EXPECT_EQ(after.verdict.floor, done.after.floor);
    EXPECT_EQ(done.before.floor, before.verdict.floor);
    EXPECT_GT(after.verdict.record->generation, before.verdict.record->generation);
    EXPECT_EQ(after.verdict.record->journal, before.verdict.record->journal);
    EXPECT_EQ(after.verdict.record->member, before.verdict.record->member);
    EXPECT_FALSE(must(repair(directory())).rebuilt) << "now it is sound";
    return done;
  }
};

TEST_F(RepairTest, ASoundJournalIsLeftAlone) {
  leave_between(10, 14);
  const DirectoryImage before = images_in(directory());
  const Repair done = must(repair(directory()));
  EXPECT_FALSE(done.rebuilt);
  EXPECT_TRUE(done.backup.empty());
  EXPECT_EQ(images_in(directory()), before);
}

TEST_F(RepairTest, OneToFiveBadSlots) {
  leave_dirty(10);
  for (std::size_t bad = 1; bad < slot_count; ++bad) {
    for (std::size_t slot = 0; slot < bad; ++slot) flip_bit(slot);
    const Repair done = expect_rebuilt();
    EXPECT_EQ(done.after.state, StoreState::dirty);
    EXPECT_EQ(done.after.floor, 10U);
  }
}

TEST_F(RepairTest, ABadAnchorIsReplaced) {
  leave_dirty(10);
  overwrite(file(), layout::anchor_offset(1), std::string(layout::slot_bytes, '\0'));
  EXPECT_EQ(expect_rebuilt().after.floor, 10U);
}

TEST_F(RepairTest, CleanInFourSlotsStaysClean) {
  leave_clean(10, tag_of("tag"));
  for (const std::size_t slot : {1, 4}) flip_bit(slot);
  EXPECT_EQ(expect_rebuilt().after.state, StoreState::clean);
  EXPECT_EQ(examined().verdict.record->tag, tag_of("tag"));
}

TEST_F(RepairTest, CleanInThreeSlotsIsWrittenAsDirty) {
  leave_clean(10, tag_of("tag"));
  for (const std::size_t slot : {1, 3, 4}) flip_bit(slot);
  EXPECT_EQ(expect_rebuilt().after.state, StoreState::dirty);
  EXPECT_EQ(must(open(data(10, tag_of("tag")))).verdict().state, StoreState::dirty);
}

TEST_F(RepairTest, ATruncatedFileIsRebuiltAndNeverClean) {
  leave_clean(10);
  fs::resize_file(file(), layout::pair_stride + layout::pair_bytes);
  EXPECT_NE(examined().verdict.state, StoreState::clean);
  EXPECT_EQ(expect_rebuilt().after.state, StoreState::dirty);
  EXPECT_EQ(must(open(data(10))).verdict().state, StoreState::dirty);
}

TEST_F(RepairTest, AGrownFileIsRebuiltAndNeverClean) {
  leave_clean(10);
  fs::resize_file(file(), layout::file_bytes + 1);
  EXPECT_NE(examined().verdict.state, StoreState::clean);
  expect_refused(Errc::journal_damaged, [&] { return open(data(10)); });
  EXPECT_EQ(expect_rebuilt().after.state, StoreState::dirty);
}

TEST_F(RepairTest, FromNoSlotNothingIsMade) {
  leave_dirty(10);
  for (std::size_t slot = 0; slot < slot_count; ++slot) flip_bit(slot);
  expect_refused(Errc::journal_damaged, [&] { return repair(directory()); });
}

TEST_F(RepairTest, AnotherJournalsSlotIsNoSource) {
  const RealStore other(root() / "other");
  fs::create_directory(other.directory());
  other.leave_dirty(99);
  leave_dirty(10);
  const std::string foreign = bytes_of(other.file());
  for (const std::size_t slot : {2, 5}) {
    const std::uint64_t at = layout::slot_offset(slot);
    overwrite(file(), at, std::string_view(foreign).substr(at, layout::slot_bytes));
  }
  EXPECT_EQ(slots_with(examined(), SlotHealth::foreign), 2U);
  EXPECT_EQ(expect_rebuilt().after.floor, 10U);
}

TEST_F(RepairTest, RepairedTheStoreGoesOn) {
  leave_dirty(10);
  for (const std::size_t slot : {0, 1, 2}) flip_bit(slot);
  must(repair(directory()));
  Journal journal = must(open(data(10)));
  WritePermit permit = must(journal.activate(view_of(), 10));
  EXPECT_TRUE(ok(permit.write_sequence(11)));
  EXPECT_TRUE(ok(journal.mark_clean(std::move(permit), {FinalUuid{new_uuid()}, 11, {}, false})));
}

TEST_F(RepairTest, AMarkSurvivesARepairAndIsTakenBackAfterwards) {
  leave_dirty(10);
  must(give_mark(mark(10)));
  flip_bit(2);
  must(repair(directory()));
  EXPECT_EQ(examined().verdict.state, StoreState::clean);
  EXPECT_TRUE(ok(undo(directory(), "test"))) << "no broker has activated since";
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
}

}  // namespace
}  // namespace storemark::real
