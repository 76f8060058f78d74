// SPDX-License-Identifier: Apache-2.0
// Discarding a store, and taking a word back.
#include <gtest/gtest.h>

#include "journal_api/operator_fixture.hpp"

namespace storemark::real {
namespace {

class UndoTest : public OperatorTest {
 protected:
  [[nodiscard]] Result<WordGiven> take_back() const { return undo(directory(), "second thoughts"); }
  /// A broker activates, writes up to here, and crashes.
  void live_on(std::uint64_t sequence) const {
    Journal journal = must(open());
    WritePermit permit = must(journal.activate(view_of(), journal.record().floor));
    must(permit.write_sequence(sequence));
  }
  void expect_nothing_to_undo() const {
    expect_refused(Errc::nothing_to_undo, [&] { return take_back(); });
  }
};

TEST_F(UndoTest, DiscardSaysSoAndNothingElse) {
  leave_between(10, 14);
  const Record before = *examined().verdict.record;
  const std::string bytes = bytes_of(file());
  const WordGiven given = must(discard(directory(), word(10)));
  EXPECT_TRUE(given.record.discard);
  EXPECT_EQ(given.record.floor, 10U);
  EXPECT_EQ(given.record.ceiling, 14U);
  EXPECT_EQ(given.record.history, before.history);
  EXPECT_EQ(given.record.reason, "behind the others");
  EXPECT_TRUE(same_bytes(bytes_of(given.backup), bytes));
  EXPECT_EQ(audit().back().at("word"), "discard");
}

TEST_F(UndoTest, ADiscardedStoreIsCleanNoMore) {
  leave_clean(10, tag_of("tag"));
  must(discard(directory(), word(10)));
  const Verdict verdict = examined().verdict;
  EXPECT_EQ(verdict.state, StoreState::dirty);
  EXPECT_TRUE(verdict.record->final.is_nil());
}

TEST_F(UndoTest, AMarkIsTakenBack) {
  leave_between(10, 14);
  const Record before = *examined().verdict.record;
  MarkRequest request = mark(10);
  request.compared = {{MemberId{new_uuid()}, ViewId{new_uuid()}, 25}};
  const std::uint64_t generation = must(give_mark(request)).record.generation;
  const std::string marked = bytes_of(file());
  const WordGiven given = must(take_back());
  const Examination seen = examined();
  expect_same_store(*seen.verdict.record, before);
  EXPECT_EQ(seen.verdict.floor, 10U) << "undo alone may lower it";
  EXPECT_EQ(seen.verdict.ceiling, 14U);
  EXPECT_EQ(seen.verdict.state, StoreState::dirty);
  EXPECT_EQ(slots_with(seen, SlotHealth::current), slot_count);
  EXPECT_GT(seen.verdict.record->generation, generation) << "forwards, even so";
  EXPECT_TRUE(same_bytes(bytes_of(given.backup), marked));
  const auto lines = audit();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines.back().at("word"), "undo");
  EXPECT_EQ(lines.back().at("who"), "second thoughts");
}

TEST_F(UndoTest, ADiscardIsTakenBackAlsoOfACleanStore) {
  leave_clean(10, tag_of("tag"));
  const Record before = *examined().verdict.record;
  must(discard(directory(), word(10)));
  must(take_back());
  const Verdict verdict = examined().verdict;
  EXPECT_EQ(verdict.state, StoreState::clean);
  expect_same_store(*verdict.record, before);
}

TEST_F(UndoTest, WithoutAWordThereIsNothingToTakeBack) {
  leave_founded();
  expect_nothing_to_undo();
  fs::remove(file());
  leave_dirty(10);
  expect_nothing_to_undo();
  fs::remove(file());
  leave_clean(10);
  expect_nothing_to_undo();
}

TEST_F(UndoTest, AWordIsTakenBackOnce) {
  leave_dirty(10);
  must(give_mark(mark(10)));
  must(take_back());
  expect_nothing_to_undo();
}

TEST_F(UndoTest, AfterUndoAnotherWordMayBeGiven) {
  leave_dirty(10);
  const Record before = *examined().verdict.record;
  for (int i = 0; i < 3; ++i) {
    must(give_mark(mark(10)));
    must(take_back());
    must(discard(directory(), word(10)));
    must(take_back());
  }
  expect_same_store(*examined().verdict.record, before);
  EXPECT_EQ(audit().size(), 12U);
}

TEST_F(UndoTest, ActivationEndsIt) {
  leave_dirty(10);
  must(give_mark(mark(10)));
  {
    Journal journal = must(open(data(10)));
    const WritePermit permit = must(journal.activate(view_of(), 10));
  }
  expect_nothing_to_undo();
}

TEST_F(UndoTest, AnUpdateThatWasBegunEndsIt) {
  leave_clean(10);
  must(discard(directory(), word(10)));
  {
    Journal journal = must(open());
    const auto permit = must(journal.begin_update(MemberId{new_uuid()}, 20));
  }
  expect_nothing_to_undo();
  EXPECT_EQ(examined().verdict.state, StoreState::updating) << "half of it may be another's";
}

TEST_F(UndoTest, ABrokerThatOnlyOpenedDoesNotEndIt) {
  leave_between(10, 20);
  must(give_mark(mark(10)));
  { const Journal journal = must(open(data(15))); }
  EXPECT_TRUE(ok(take_back()));
}

TEST_F(UndoTest, ABrokerThatSaidWhatItHoldsDoesNotEndIt) {
  leave_between(10, 20);
  must(discard(directory(), word(10)));
  {
    Journal journal = must(open(data(15)));
    EXPECT_TRUE(fails(journal.activate(view_of(), 15), Errc::discard_only));
  }
  EXPECT_TRUE(ok(take_back()));
  EXPECT_FALSE(examined().verdict.record->discard);
}

TEST_F(UndoTest, WithoutItsBackupItIsRefused) {
  leave_dirty(10);
  const WordGiven given = must(give_mark(mark(10)));
  fs::remove(given.backup);
  expect_nothing_to_undo();
  EXPECT_EQ(examined().verdict.state, StoreState::clean) << "the word stands";
}

TEST_F(UndoTest, AnOlderWordsBackupIsNotTakenForADiscards) {
  leave_clean(10, tag_of("tag"));
  must(discard(directory(), word(10)));
  must(take_back());
  live_on(20);
  const WordGiven given = must(discard(directory(), word(20)));
  fs::remove(given.backup);
  expect_nothing_to_undo();
  EXPECT_EQ(examined().verdict.state, StoreState::dirty) << "it was activated since it was clean";
}

TEST_F(UndoTest, AnOlderWordsBackupIsNotTakenForAMarks) {
  leave_dirty(10);
  must(give_mark(mark(10)));
  live_on(20);
  const WordGiven given = must(give_mark(mark(20)));
  fs::remove(given.backup);
  expect_nothing_to_undo();
  EXPECT_EQ(examined().verdict.floor, 20U);
}

TEST_F(UndoTest, AnotherFileByTheBackupsNameIsNone) {
  leave_dirty(10);
  const WordGiven given = must(give_mark(mark(10)));
  for (const std::string& bytes : {std::string(), std::string("text"), std::string(300'000, 'x')}) {
    write_file(given.backup, bytes);
    expect_nothing_to_undo();
  }
  fs::remove(given.backup);
  fs::create_directory(given.backup);
  expect_nothing_to_undo();
}

TEST_F(UndoTest, AnotherStoresBackupIsNone) {
  const RealStore other(root() / "other");
  fs::create_directory(other.directory());
  other.leave_dirty(10);
  leave_dirty(10);
  const WordGiven given = must(give_mark(mark(10)));
  write_file(given.backup, bytes_of(other.file()));
  expect_nothing_to_undo();
}

}  // namespace
}  // namespace storemark::real
