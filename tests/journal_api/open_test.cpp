// SPDX-License-Identifier: Apache-2.0
// Opening: what a new store, a known one, a lost and a hollow one get.
#include <gtest/gtest.h>

#include "journal/layout.hpp"
#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

class OpenTest : public RealStoreTest {};

TEST_F(OpenTest, ANewStoreIsEmpty) {
  Journal journal = must(open(nothing()));
  const Verdict& verdict = journal.verdict();
  EXPECT_EQ(verdict.diagnosis, Diagnosis::none);
  EXPECT_EQ(verdict.state, StoreState::empty);
  EXPECT_EQ(verdict.floor, 0U);
  EXPECT_EQ(verdict.ceiling, 0U);
  EXPECT_EQ(verdict.certainty, Certainty::exact);
  EXPECT_FALSE(verdict.unsettled);
  const Record record = journal.record();
  EXPECT_FALSE(record.journal.is_nil());
  EXPECT_FALSE(record.member.is_nil());
  EXPECT_TRUE(record.initial.is_nil()) << "no cluster has been agreed on";
  EXPECT_EQ(record.state, StoreState::empty);
}

TEST_F(OpenTest, TheFileHasItsFullSizeAndItsOwnerAlone) {
  leave_empty();
  const DirectoryImage images = images_in(directory());
  ASSERT_EQ(images.size(), 1U) << "nothing but the journal";
  const FileImage& file = images.at(std::string(journal_file_name));
  EXPECT_EQ(static_cast<std::uint64_t>(file.size), layout::file_bytes);
  EXPECT_EQ(file.mode & 0777U, 0600U);
  struct stat stat {};
  ASSERT_EQ(::stat(this->file().c_str(), &stat), 0);
  EXPECT_GE(static_cast<std::uint64_t>(stat.st_blocks) * 512, layout::file_bytes)
      << "a later write must not allocate";
}

TEST_F(OpenTest, TheIdsStayTheSame) {
  const Record first = must(open(nothing())).record();
  const Record second = must(open(nothing())).record();
  EXPECT_EQ(first.journal, second.journal);
  EXPECT_EQ(first.member, second.member);
}

TEST_F(OpenTest, EachOpenHasAnIncarnationOfItsOwn) {
  leave_dirty(5);
  const Incarnation before = examined().verdict.record->incarnation;
  Journal journal = must(open());
  const WritePermit permit = must(journal.activate(view_of(), 5));
  EXPECT_NE(journal.record().incarnation, before);
}

TEST_F(OpenTest, LostWhereDataHasNoJournal) {
  expect_refused(Errc::store_lost, [&] { return open(data()); });
  expect_refused(Errc::store_lost, [&] { return open(data(7)); });
}

TEST_F(OpenTest, LostWhereTheJournalWasNeverToldOfTheData) {
  leave_founded();
  expect_refused(Errc::store_lost, [&] { return open(data()); });
}

TEST_F(OpenTest, HollowWhereTheStoreHoldsLessThanCounted) {
  leave_dirty(10);
  expect_refused(Errc::store_hollow, [&] { return open(nothing()); });
  expect_refused(Errc::store_hollow, [&] { return open(data(9)); });
  EXPECT_TRUE(ok(open(data(10))));
}

TEST_F(OpenTest, HollowAlsoWhereTheStoreWasClean) {
  leave_clean(10);
  expect_refused(Errc::store_hollow, [&] { return open(nothing()); });
  expect_refused(Errc::store_hollow, [&] { return open(data(9)); });
}

TEST_F(OpenTest, NothingCountedAndNothingHeldIsEmptyAgain) {
  { const Live live = activated(); }
  Journal journal = must(open(nothing()));
  EXPECT_EQ(journal.verdict().state, StoreState::empty);
  EXPECT_TRUE(ok(journal.activate(view_of(), 0))) << "an aborted start starts again by itself";
}

TEST_F(OpenTest, ThatItHoldsNothingIsToldAsAnyNumberIs) {
  {
    Live live = activated();
    ASSERT_TRUE(ok(live.permit.reserve(100)));
  }
  EXPECT_EQ(examined().verdict.certainty, Certainty::between);
  EXPECT_EQ(must(open(nothing())).verdict().state, StoreState::empty);
  const Verdict seen = examined().verdict;
  EXPECT_EQ(seen.state, StoreState::dirty) << "it was activated once";
  EXPECT_EQ(seen.ceiling, 0U);
  EXPECT_EQ(seen.certainty, Certainty::exact);
}

TEST_F(OpenTest, AnUpdateOfAnEmptyStoreThatWasCutStartsAgain) {
  leave_updating(0, 7);
  Journal journal = must(open(nothing()));
  if (journal.verdict().state == StoreState::empty) {
    EXPECT_TRUE(ok(journal.activate(view_of(), 0))) << "announced as empty, so it may be founded";
  } else {
    EXPECT_EQ(journal.verdict().state, StoreState::updating);
  }
}

TEST_F(OpenTest, OpeningDoesNotDirty) {
  leave_clean(10);
  const std::string before = bytes_of(file());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(must(open(data(10))).verdict().state, StoreState::clean);
  }
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
}

TEST_F(OpenTest, FactsWithoutMeaningAreRefused) {
  const StoreFacts unknown;
  const auto refused = [&](const StoreFacts& facts) {
    expect_refused(Errc::invalid_argument, [&] { return open(facts); });
  };
  refused(unknown);
  refused({StoreContent::holds_nothing, {}, 5});
  refused({StoreContent::holds_data, {}, max_sequence + 1});
  refused({StoreContent::holds_data, StoreTag{}, 5});
  refused({StoreContent::holds_data, tag_of(std::string(max_tag_bytes + 1, 't')), 5});
}

TEST_F(OpenTest, TwiceIsInUse) {
  const Journal first = must(open(nothing()));
  expect_refused(Errc::in_use, [&] { return open(nothing()); });
}

TEST_F(OpenTest, ClosedItIsFreeAgain) {
  { const Journal first = must(open(nothing())); }
  EXPECT_TRUE(ok(open(nothing())));
}

TEST_F(OpenTest, APermitAloneKeepsItInUse) {
  std::optional<WritePermit> permit;
  {
    Live live = activated();
    permit.emplace(std::move(live.permit));
  }
  expect_refused(Errc::in_use, [&] { return open(); });
  must(permit->write_sequence(3));
  permit.reset();
  EXPECT_EQ(must(open()).verdict().floor, 3U);
}

TEST_F(OpenTest, OpeningDoesNotLeakDescriptors) {
  leave_dirty(3);
  const auto descriptors = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  const auto before = descriptors();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(ok(open()));
    EXPECT_TRUE(fails(open(data(1)), Errc::store_hollow));
    EXPECT_TRUE(ok(examine(directory())));
  }
  EXPECT_EQ(descriptors(), before);
}

// --- what the store says of itself
// ----------------------------------------------------------------

TEST_F(OpenTest, TheRealSequenceIsRecordedWithoutActivating) {
  leave_between(10, 20);
  EXPECT_EQ(examined().verdict.certainty, Certainty::between);
  {
    const Journal journal = must(open(data(15)));
    EXPECT_EQ(journal.verdict().floor, 15U);
    EXPECT_EQ(journal.verdict().ceiling, 15U);
    EXPECT_EQ(journal.verdict().certainty, Certainty::exact);
    EXPECT_EQ(journal.verdict().state, StoreState::dirty);
  }
  const Examination later = examined();
  EXPECT_EQ(later.verdict.floor, 15U);
  EXPECT_EQ(later.verdict.ceiling, 15U);
  EXPECT_EQ(later.verdict.certainty, Certainty::exact);
  EXPECT_EQ(slots_with(later, SlotHealth::current), slot_count);
}

TEST_F(OpenTest, TheRealSequenceMayLieBeyondTheCeiling) {
  leave_between(10, 20);
  { const Journal journal = must(open(data(25))); }
  EXPECT_EQ(examined().verdict.floor, 25U);
}

TEST_F(OpenTest, ARealSequenceBeyondTheJumpBoundIsAMistake) {
  leave_between(10, 20);
  Options options;
  options.jump_bound = 100;
  expect_refused(Errc::jump_too_large, [&] { return open(data(121), options); });
  EXPECT_TRUE(ok(open(data(120), options)));
}

TEST_F(OpenTest, ACleanStoreThatHoldsMoreIsDirty) {
  leave_clean(10);
  EXPECT_EQ(must(open(data(11))).verdict().state, StoreState::dirty);
  const Examination later = examined();
  EXPECT_EQ(later.verdict.state, StoreState::dirty) << "it does not change its mind";
  EXPECT_TRUE(later.verdict.record->final.is_nil());
}

TEST_F(OpenTest, AnotherTagVetoesClean) {
  leave_clean(10, tag_of("right"));
  EXPECT_EQ(must(open(data(10, tag_of("wrong")))).verdict().state, StoreState::dirty);
  EXPECT_EQ(must(open(data(10, tag_of("right")))).verdict().state, StoreState::dirty)
      << "what was reported once does not change";
}

TEST_F(OpenTest, TheSameTagOrNoneLeavesClean) {
  leave_clean(10, tag_of("right"));
  EXPECT_EQ(must(open(data(10, tag_of("right")))).verdict().state, StoreState::clean);
  EXPECT_EQ(must(open(data(10))).verdict().state, StoreState::clean);
}

TEST_F(OpenTest, ATagThatWasNotRecordedSaysNothing) {
  leave_clean(10);
  EXPECT_EQ(must(open(data(10, tag_of("any")))).verdict().state, StoreState::clean);
}

// --- healing
// --------------------------------------------------------------------------------------

TEST_F(OpenTest, AnOpenHealsABadSlot) {
  leave_clean(10);
  flip_bit(3);
  EXPECT_TRUE(examined().verdict.unsettled);
  {
    const Journal journal = must(open(data(10)));
    EXPECT_EQ(journal.verdict().state, StoreState::clean);
    EXPECT_FALSE(journal.verdict().unsettled);
    EXPECT_GE(journal.health().healed_slots, 1U);
    EXPECT_FALSE(journal.health().degraded);
  }
  EXPECT_EQ(slots_with(examined(), SlotHealth::current), slot_count);
}

TEST_F(OpenTest, ThreeCopiesOfCleanAreDirtyUnlessTheTagConfirms) {
  leave_clean(10, tag_of("right"));
  for (const std::size_t slot : {0, 2, 4}) zero_slot(slot);
  const Verdict untold = examined().verdict;
  EXPECT_EQ(untold.state, StoreState::dirty);
  EXPECT_TRUE(untold.clean_if_tag_matches);
  const Journal journal = must(open(data(10, tag_of("right"))));
  EXPECT_EQ(journal.verdict().state, StoreState::clean);
  EXPECT_TRUE(journal.verdict().clean_by_tag);
}

TEST_F(OpenTest, ThreeCopiesOfCleanWithoutATagStayDirty) {
  leave_clean(10, tag_of("right"));
  for (const std::size_t slot : {0, 2, 4}) zero_slot(slot);
  EXPECT_EQ(must(open(data(10))).verdict().state, StoreState::dirty);
  EXPECT_EQ(must(open(data(10, tag_of("right")))).verdict().state, StoreState::dirty);
}

TEST_F(OpenTest, DamagedWhereNoSlotIsLeft) {
  leave_dirty(10);
  zero_all_slots_and_anchors();
  expect_refused(Errc::journal_damaged, [&] { return open(); });
  expect_refused(Errc::journal_damaged, [&] { return open(nothing()); });
}

TEST_F(OpenTest, ANewerFormatIsLeftAlone) {
  leave_clean(10);
  make_future();
  expect_refused(Errc::journal_future, [&] { return open(); });
  EXPECT_EQ(examined().verdict.diagnosis, Diagnosis::future);
}

// --- modes and directories
// ------------------------------------------------------------------------

TEST_F(OpenTest, TheModeIsReported) {
  const Mode automatic = must(open(nothing())).mode();
  EXPECT_FALSE(automatic.filesystem.empty());
  EXPECT_TRUE(automatic.durable_write == "direct" || automatic.durable_write == "buffered");
  const Mode buffered = must(open(nothing(), with_mode(DurableWrite::buffered))).mode();
  EXPECT_EQ(buffered.durable_write, "buffered");
  const auto direct = open(nothing(), with_mode(DurableWrite::direct));
  if (direct) {
    EXPECT_EQ(direct->mode().durable_write, "direct");
  }
}

TEST_F(OpenTest, ADirectoryThatIsMissing) {
  const fs::path missing = root() / "missing";
  EXPECT_TRUE(fails(Journal::open(missing, nothing()), Errc::directory_missing));
  EXPECT_FALSE(fs::exists(missing));
}

TEST_F(OpenTest, ADirectoryThatIsAFile) {
  const fs::path place = root() / "file";
  write_file(place, "text");
  EXPECT_TRUE(fails(Journal::open(place, nothing()), Errc::directory_missing));
  EXPECT_EQ(bytes_of(place), "text");
}

TEST_F(OpenTest, TheDirectoryIsMadeWhereAskedFor) {
  Options options;
  options.make_directory = true;
  for (const char* name : {"new", "with slash/"}) {
    const fs::path place = root() / name;
    EXPECT_TRUE(ok(Journal::open(place, nothing(), options)));
    EXPECT_EQ(fs::status(place).permissions(), fs::perms::owner_all);
    EXPECT_TRUE(ok(Journal::open(place, nothing(), options))) << "it is there already";
  }
  const fs::path deep = root() / "no" / "parent";
  EXPECT_TRUE(fails(Journal::open(deep, nothing(), options), Errc::directory_missing));
}

TEST_F(OpenTest, ALinkToTheDirectoryIsFollowed) {
  leave_dirty(4);
  fs::create_directory_symlink(directory(), root() / "link");
  EXPECT_EQ(must(Journal::open(root() / "link", data())).verdict().floor, 4U);
}

}  // namespace
}  // namespace storemark::real
