// SPDX-License-Identifier: Apache-2.0
// A journal for a store that lost its own.
#include <gtest/gtest.h>

#include "journal_api/operator_fixture.hpp"

namespace storemark::real {
namespace {

class AdoptTest : public OperatorTest {
 protected:
  [[nodiscard]] Result<WordGiven> give_adoption(std::uint64_t sequence) const {
    return adopt(directory(), adoption(sequence));
  }
};

TEST_F(AdoptTest, ALostStoreIsTakenInAgain) {
  const WordGiven given = must(give_adoption(7));
  EXPECT_TRUE(given.backup.empty()) << "there was nothing";
  const Verdict verdict = examined().verdict;
  EXPECT_EQ(verdict.state, StoreState::dirty);
  EXPECT_EQ(verdict.floor, 7U);
  EXPECT_EQ(verdict.record->initial, cluster());
  EXPECT_TRUE(verdict.record->adopted);
  EXPECT_EQ(verdict.record->reason, "its journal was lost");
  EXPECT_EQ(audit().back().at("word"), "adopt");
  Journal journal = must(open(data(7)));
  EXPECT_TRUE(ok(journal.activate(view_of(), 7)));
}

TEST_F(AdoptTest, ActivationEndsTheAdoption) {
  must(give_adoption(7));
  {
    Journal journal = must(open(data(7)));
    const WritePermit permit = must(journal.activate(view_of(), 7));
    EXPECT_FALSE(journal.record().adopted);
  }
  expect_refused(Errc::nothing_to_undo, [&] { return undo(directory(), "test"); });
}

TEST_F(AdoptTest, AJournalThatCanBeReadIsNotReplaced) {
  leave_dirty(7);
  expect_refused(Errc::journal_exists, [&] { return give_adoption(7); });
  for (const std::size_t slot : {0, 1, 2, 3, 4}) zero_slot(slot);
  expect_refused(Errc::journal_exists, [&] { return give_adoption(7); });
}

TEST_F(AdoptTest, ADamagedOneIsReplacedAndKept) {
  leave_dirty(7);
  zero_all_slots_and_anchors();
  const std::string damaged = bytes_of(file());
  const WordGiven given = must(give_adoption(9));
  EXPECT_TRUE(same_bytes(bytes_of(given.backup), damaged));
  EXPECT_EQ(examined().verdict.floor, 9U);
  EXPECT_EQ(audit().back().at("backup"), given.backup.filename().string());
}

TEST_F(AdoptTest, AnotherProgramsFileIsLeftAlone) {
  write_file(file(), "some text that is no journal");
  expect_refused(Errc::not_a_journal, [&] { return give_adoption(7); });
}

TEST_F(AdoptTest, RequestsWithoutMeaningAreRefused) {
  const auto refused = [&](AdoptRequest request) {
    expect_refused(Errc::invalid_argument, [&] { return adopt(directory(), request); });
  };
  AdoptRequest request = adoption(7);
  request.initial = {};
  refused(request);
  refused(adoption(max_sequence + 1));
  request = adoption(7);
  request.reason.clear();
  refused(request);
  request.reason.assign(max_reason_bytes + 1, 'r');
  refused(request);
}

TEST_F(AdoptTest, TakenBackTheStoreIsLostAgain) {
  must(give_adoption(7));
  const std::string adopted = bytes_of(file());
  const WordGiven given = must(undo(directory(), "test"));
  EXPECT_EQ(examined().verdict.diagnosis, Diagnosis::absent);
  EXPECT_TRUE(same_bytes(bytes_of(given.backup), adopted));
  EXPECT_EQ(audit().back().at("word"), "undo");
  EXPECT_TRUE(fails(open(data(7)), Errc::store_lost));
}

TEST_F(AdoptTest, TakenBackTheDamagedFileIsThereAgain) {
  leave_dirty(7);
  zero_all_slots_and_anchors();
  overwrite(file(), 5000, "the damage");
  const std::string damaged = bytes_of(file());
  must(give_adoption(9));
  must(undo(directory(), "test"));
  EXPECT_TRUE(same_bytes(bytes_of(file()), damaged));
  EXPECT_TRUE(ok(give_adoption(9))) << "and may be adopted anew";
}

TEST_F(AdoptTest, TakenBackNoOlderFileComesUp) {
  leave_dirty(7);
  zero_all_slots_and_anchors();
  must(give_adoption(9));
  {
    Journal journal = must(open(data(9)));
    const WritePermit permit = must(journal.activate(view_of(), 9));
  }
  fs::remove(file());
  must(give_adoption(9));
  must(undo(directory(), "test"));
  EXPECT_EQ(examined().verdict.diagnosis, Diagnosis::absent)
      << "the file that the first adoption replaced has nothing to do with the second";
}

TEST_F(AdoptTest, AMarkOnAnAdoptedStoreIsTakenBackFirst) {
  must(give_adoption(7));
  must(give_mark(mark(7)));
  must(undo(directory(), "test"));
  EXPECT_TRUE(examined().verdict.record->adopted);
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
  must(undo(directory(), "test"));
  EXPECT_EQ(examined().verdict.diagnosis, Diagnosis::absent);
}

}  // namespace
}  // namespace storemark::real
