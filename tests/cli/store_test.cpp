// SPDX-License-Identifier: Apache-2.0
#include "cli/store.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

TEST(Store, TheStateColumn) {
  EXPECT_EQ(state_word(dirty("a", 1)), "dirty");
  EXPECT_EQ(state_word(clean("a", 1)), "clean");
  EXPECT_EQ(state_word(diagnosed("a", Diagnosis::absent)), "absent");
  EXPECT_EQ(state_word(missing("a")), "missing");
  Store weak = dirty("a", 1);
  weak.seen->verdict.clean_if_tag_matches = true;
  EXPECT_EQ(state_word(weak), "clean if the store's tag matches");
  EXPECT_EQ(state_name(weak), "dirty");
}

TEST(Store, ADirectoryInPlaceOfTheJournalIsForeign) {
  Store store = missing("a");
  store.seen.error().code = Errc::not_a_journal;
  EXPECT_EQ(state_word(store), "foreign");
  EXPECT_EQ(finding(store), ExitStatus::damaged);
}

TEST(Store, WhatIsFoundDecidesTheExit) {
  EXPECT_EQ(finding(dirty("a", 1)), ExitStatus::safe);
  EXPECT_EQ(finding(store("a", StoreState::updating, 0, 0)), ExitStatus::safe);
  EXPECT_EQ(finding(missing("a")), ExitStatus::needs_operator);
  EXPECT_EQ(finding(diagnosed("a", Diagnosis::absent)), ExitStatus::needs_operator);
  for (const Diagnosis bad : {Diagnosis::lost, Diagnosis::hollow, Diagnosis::damaged,
                              Diagnosis::future, Diagnosis::foreign}) {
    EXPECT_EQ(finding(diagnosed("a", bad)), ExitStatus::damaged);
  }
}

TEST(Store, OneSlotThatIsNotWholeIsDamage) {
  for (const SlotHealth bad :
       {SlotHealth::zero, SlotHealth::invalid, SlotHealth::malformed, SlotHealth::misplaced,
        SlotHealth::foreign, SlotHealth::future, SlotHealth::unreadable}) {
    Store store = clean("a", 1);
    spoil(store, 4, bad);
    EXPECT_EQ(finding(store), ExitStatus::damaged) << to_string(bad);
    EXPECT_EQ(bad_slots(*store.seen), std::vector<std::size_t>{4});
  }
}

TEST(Store, ASlotThatIsBeingWrittenIsNone) {
  Store store = dirty("a", 1);
  spoil(store, 4);
  store.seen->busy = store.seen->in_use = true;
  EXPECT_EQ(finding(store), ExitStatus::safe);
}

TEST(Store, ALossThatWasRepairedNeedsAnOperator) {
  Store store = dirty("a", 1);
  store.seen->verdict.certainty = Certainty::at_least;
  EXPECT_EQ(finding(store), ExitStatus::damaged);
  store.seen->verdict.record->unproven = true;
  EXPECT_EQ(finding(store), ExitStatus::needs_operator);
}

TEST(Store, ReasonsAreMadePrintable) {
  const Store store = with(clean("a", 9), [](Record& record) {
    record.marked = true;
    record.mark_held = 7;
    record.reason = "\x1b[2Jgone";
  });
  ASSERT_EQ(remarks(store).size(), 1U);
  EXPECT_EQ(remarks(store)[0], "marked clean by an operator, who saw it hold 7: \"\\x1b[2Jgone\"");
}

}  // namespace
}  // namespace storemark::cli
