// SPDX-License-Identifier: Apache-2.0
#include "journal/store_facts.hpp"

#include <gtest/gtest.h>

#include "journal/damage.hpp"
#include "journal/samples.hpp"

namespace storemark {
namespace {

using namespace storemark::test;
using recovery::apply_facts;
using recovery::TagSays;

/// A verdict on a journal alone: the record's word.
Verdict verdict(StoreState state, std::uint64_t floor, std::uint64_t ceiling) {
  Verdict v;
  Record record = plain_record();
  record.state = state;
  record.floor = floor;
  record.ceiling = ceiling;
  v.record = record;
  v.state = state;
  v.floor = floor;
  v.ceiling = ceiling;
  v.certainty = floor == ceiling ? Certainty::exact : Certainty::between;
  return v;
}

struct Row {
  StoreState state;
  std::uint64_t floor;
  std::uint64_t ceiling;
  const char* facts;
  const char* outcome;  // state or diagnosis, floor..ceiling, and "new" where it must be written
};

constexpr auto empty = StoreState::empty;
constexpr auto updating = StoreState::updating;
constexpr auto dirty = StoreState::dirty;
constexpr auto clean = StoreState::clean;

// clang-format off
const Row table[] = {
    {empty,    0, 0, "unknown",    "empty 0..0"},
    {dirty,    5, 9, "unknown",    "dirty 5..9"},
    // It holds nothing.
    {empty,    0, 0, "nothing",    "empty 0..0"},
    {empty,    0, 0, "nothing=0",  "empty 0..0"},
    {dirty,    0, 9, "nothing",    "empty 0..0 new"},
    {dirty,    0, 0, "nothing",    "empty 0..0"},
    {updating, 0, 9, "nothing",    "empty 0..0"},
    {clean,    0, 0, "nothing",    "empty 0..0"},
    {updating, 0, 0, "nothing",    "empty 0..0"},
    {updating, 5, 5, "nothing",    "updating 5..5"},
    {dirty,    5, 9, "nothing",    "hollow 5..9"},
    {clean,    5, 5, "nothing",    "hollow 5..5"},
    // It holds data, and does not count it.
    {empty,    0, 0, "data",       "lost 0..0"},
    {dirty,    0, 0, "data",       "dirty 0..0"},
    {dirty,    5, 9, "data",       "dirty 5..9"},
    {clean,    5, 5, "data",       "clean 5..5"},
    {updating, 5, 5, "data",       "updating 5..5"},
    // It holds data, and counts it.
    {empty,    0, 0, "data=0",     "lost 0..0"},
    {dirty,    5, 9, "data=5",     "dirty 5..5 new"},
    {dirty,    5, 9, "data=7",     "dirty 7..7 new"},
    {dirty,    5, 9, "data=12",    "dirty 12..12 new"},
    {dirty,    5, 9, "data=4",     "hollow 5..9"},
    {dirty,    5, 5, "data=5",     "dirty 5..5"},
    {dirty,    0, 0, "data=0",     "dirty 0..0"},
    {clean,    5, 5, "data=5",     "clean 5..5"},
    {clean,    5, 5, "data=6",     "dirty 6..6 new"},
    {clean,    5, 5, "data=4",     "hollow 5..5"},
    {updating, 5, 5, "data=1",     "updating 5..5"},
    {updating, 5, 5, "data=99",    "updating 5..5"},
};
// clang-format on

std::string spelt(const Verdict& v, bool is_new) {
  return std::string(v.diagnosis == Diagnosis::none ? to_string(v.state) : to_string(v.diagnosis)) +
         ' ' + std::to_string(v.floor) + ".." + std::to_string(v.ceiling) + (is_new ? " new" : "");
}

TEST(StoreFacts, Table) {
  for (const Row& row : table) {
    Verdict v = verdict(row.state, row.floor, row.ceiling);
    const bool is_new = apply_facts(facts(row.facts), v);
    EXPECT_EQ(spelt(v, is_new), row.outcome)
        << to_string(row.state) << ' ' << row.floor << ".." << row.ceiling << ", " << row.facts;
  }
}

TEST(StoreFacts, ACountMakesTheSequenceExact) {
  Verdict v = verdict(dirty, 5, 9);
  v.certainty = Certainty::at_least;
  EXPECT_TRUE(apply_facts(facts("data=7"), v));
  EXPECT_EQ(v.certainty, Certainty::exact);
}

TEST(StoreFacts, CleanThatTheStoreContradictsSaysWhy) {
  Verdict v = verdict(clean, 5, 5);
  v.clean_by_tag = true;
  EXPECT_TRUE(apply_facts(facts("data=6"), v));
  EXPECT_FALSE(v.clean_by_tag);
  EXPECT_EQ(v.why.size(), 1U);
}

/// A mark raises the count above what the store holds; until the store is activated both are right.
TEST(StoreFacts, AMarkedStoreMayHoldWhatItHeld) {
  for (const auto& [held, outcome] : {std::pair{"data=4", "hollow 9..9"},
                                      {"data=5", "clean 9..9"},
                                      {"data=8", "clean 9..9"},
                                      {"data=9", "clean 9..9"},
                                      {"data=10", "dirty 10..10 new"}}) {
    Verdict v = verdict(clean, 9, 9);
    v.record->marked = true;
    v.record->mark_held = 5;
    v.record->mark_raised = 9;
    const bool is_new = apply_facts(facts(held), v);
    EXPECT_EQ(spelt(v, is_new), outcome) << held;
  }
}

/// It held nothing when it was marked, though more had been reserved for it.
TEST(StoreFacts, AMarkedStoreMayHoldNothingWhereItHeldNothing) {
  for (const auto& [held, outcome] : {std::pair{0U, "clean 9..9"}, {1U, "hollow 9..9"}}) {
    Verdict v = verdict(clean, 9, 9);
    v.record->marked = true;
    v.record->mark_held = held;
    v.record->mark_raised = 9;
    const bool is_new = apply_facts(facts("nothing"), v);
    EXPECT_EQ(spelt(v, is_new), outcome) << held;
  }
  Verdict v = verdict(dirty, 9, 20);  // activated since
  v.record->mark_raised = 9;
  EXPECT_TRUE(apply_facts(facts("nothing"), v));
  EXPECT_EQ(spelt(v, true), "dirty 9..9 new");
  v = verdict(dirty, 10, 20);  // and counted on
  v.record->mark_raised = 9;
  EXPECT_FALSE(apply_facts(facts("nothing"), v));
  EXPECT_EQ(v.diagnosis, Diagnosis::hollow);
}

/// Activated since, with events reserved: what the store says is exact all the same.
TEST(StoreFacts, AMarkedStoreThatCountedNothingSinceIsExact) {
  for (const auto& [held, outcome] : {std::pair{"data=5", "dirty 9..9 new"},
                                      {"data=9", "dirty 9..9 new"},
                                      {"data=11", "dirty 11..11 new"}}) {
    Verdict v = verdict(dirty, 9, 20);
    v.record->mark_held = 5;
    v.record->mark_raised = 9;
    const bool is_new = apply_facts(facts(held), v);
    EXPECT_EQ(spelt(v, is_new), outcome) << held;
    EXPECT_EQ(v.certainty, Certainty::exact) << held;
  }
}

TEST(StoreFacts, AMarkCountsOnlyAtTheSequenceItRaisedTo) {
  Verdict v = verdict(dirty, 12, 12);  // activated since, and written
  v.record->mark_held = 5;
  v.record->mark_raised = 9;
  EXPECT_FALSE(apply_facts(facts("data=7"), v));
  EXPECT_EQ(v.diagnosis, Diagnosis::hollow);
}

TEST(StoreFacts, WithoutAJournal) {
  for (const auto& [known, diagnosis] : {std::pair{"unknown", Diagnosis::absent},
                                         {"nothing", Diagnosis::absent},
                                         {"data", Diagnosis::lost},
                                         {"data=0", Diagnosis::lost}}) {
    Verdict v;
    v.diagnosis = Diagnosis::absent;
    EXPECT_FALSE(apply_facts(facts(known), v));
    EXPECT_EQ(v.diagnosis, diagnosis) << known;
  }
}

TEST(StoreFacts, ADamagedJournalStaysWhatItIs) {
  for (const Diagnosis diagnosis : {Diagnosis::damaged, Diagnosis::future, Diagnosis::foreign}) {
    Verdict v = verdict(dirty, 5, 9);
    v.diagnosis = diagnosis;
    EXPECT_FALSE(apply_facts(facts("data=4"), v));
    EXPECT_EQ(v.diagnosis, diagnosis);
  }
}

TEST(StoreFacts, Tags) {
  Record record = plain_record();
  EXPECT_EQ(recovery::compare_tag(facts("data+good"), record), TagSays::nothing);
  record.tag = StoreTag{{'g', 'o', 'o', 'd'}};
  EXPECT_EQ(recovery::compare_tag(facts("data"), record), TagSays::nothing);
  EXPECT_EQ(recovery::compare_tag(facts("data+good"), record), TagSays::same);
  EXPECT_EQ(recovery::compare_tag(facts("data+other"), record), TagSays::different);
  record.tag = StoreTag{{'g', 'o', 'o', 'd', 0}};
  EXPECT_EQ(recovery::compare_tag(facts("data+good"), record), TagSays::different);
}

}  // namespace
}  // namespace storemark
