// SPDX-License-Identifier: Apache-2.0
// In which order an open heals: that of the model from which the legal images are derived, for
// every state in which a run can be stopped.
#include "journal/heal.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "journal/crash_model.hpp"
#include "journal/damage.hpp"
#include "journal/memory_store.hpp"
#include "journal/open.hpp"
#include "journal/samples.hpp"

namespace storemark {
namespace {

using namespace storemark::test;
using crash::Slots;
using crash::State;

constexpr std::uint64_t newest_generation = 50;

/// The record of each generation that stands in a slot, each naming the one before.
Record record_of(const State& state, int slot) {
  Record record = plain_record();
  record.generation = newest_generation - static_cast<std::uint64_t>(-slot);
  record.floor = record.ceiling = record.generation;
  if (slot == 0 && state.clean) {
    record.state = StoreState::clean;
    record.final = id<FinalUuid>(9);
  }
  if (slot > -6) {
    Bytes scratch = zero_file();
    record.parent = put_record(scratch, 0, record_of(state, slot - 1));
  }
  return record;
}

Bytes file_of(const State& state) {
  Bytes file = zero_file();
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const int holds = state.slots.at(slot);
    if (holds == crash::torn) {
      block_of(file, slot)[0] = std::byte{1};
    } else {
      put_record(file, slot, record_of(state, holds));
    }
  }
  return file;
}

std::string joined(const std::vector<std::size_t>& slots) {
  std::string out;
  for (const std::size_t slot : slots) out += ' ' + std::to_string(slot);
  return out;
}

/// What the model says that an open writes.
std::string expected_writes(const State& state, const crash::Runs& runs, bool read_back_proves) {
  std::vector<std::size_t> order = crash::heal_order(state.slots);
  const auto copies = std::ranges::count(state.slots, 0);
  if (state.clean && copies < 4) return "sync" + joined(order);
  const bool settled = copies == 6 || (!state.clean && runs.finished.contains(state.slots));
  const std::string sync = copies == 6 ? "" : "sync";
  if (read_back_proves) {
    if (settled) return sync;
    std::erase_if(order, [&](std::size_t slot) { return state.slots.at(slot) == 0; });
  }
  return sync + (copies == 6 ? joined(order).substr(1) : joined(order));
}

std::string spelt(const Slots& slots) {
  std::string out;
  for (const int slot : slots) out += slot == crash::torn ? "- " : std::to_string(-slot) + ' ';
  return out;
}

TEST(Heal, WritesInTheOrderOfTheModel) {
  const crash::Runs runs = crash::all_runs({});
  for (const State& state : runs.stopped) {
    for (const bool read_back_proves : {true, false}) {
      Memory memory{.file = file_of(state), .read_back_proves = read_back_proves};
      const auto journal = open_journal(environment_on(memory), facts("data"), {});
      ASSERT_TRUE(journal) << to_string(journal.error());
      EXPECT_EQ(memory.told(), expected_writes(state, runs, read_back_proves))
          << spelt(state.slots) << (state.clean ? "clean" : "dirty")
          << (read_back_proves ? "" : ", behind a cache");
    }
  }
}

/// What an open once answered, the next one answers, and has nothing left to do.
TEST(Heal, TheNextOpenSaysTheSame) {
  for (const State& state : crash::all_runs({}).stopped) {
    Memory memory{.file = file_of(state)};
    Verdict first;
    {
      const auto journal = open_journal(environment_on(memory), facts("data"), {});
      ASSERT_TRUE(journal);
      first = journal->verdict();
    }
    memory.log.clear();
    const auto again = open_journal(environment_on(memory), facts("data"), {});
    ASSERT_TRUE(again);
    EXPECT_EQ(told(answer_in(again->verdict())), told(answer_in(first))) << spelt(state.slots);
    EXPECT_EQ(again->verdict().certainty, first.certainty);
    const std::string did = memory.told();
    EXPECT_TRUE(did.empty() || did == "sync") << did;
  }
}

TEST(Heal, OneSlotThatCannotBeWrittenIsDegraded) {
  for (std::size_t bad = 0; bad < slot_count; ++bad) {
    Memory memory{.file = Damage("dirty", "new new far far one one").file()};
    memory.failing = {bad};
    const auto journal = open_journal(environment_on(memory), facts("data"), {});
    ASSERT_TRUE(journal) << bad;
    EXPECT_TRUE(journal->health().degraded);
    EXPECT_EQ(journal->health().healed_slots, 5U);
  }
}

TEST(Heal, OfTwoItIsNot) {
  Memory memory{.file = Damage("dirty", "new new far far one one").file()};
  memory.failing = {0};
  memory.forgetful = {5};
  const auto journal = open_journal(environment_on(memory), facts("data"), {});
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, Errc::io_failed);
}

TEST(Heal, TheStoresCountIsRecordedAfterTheCopies) {
  Memory memory{.file = Damage("dirty", "trn new two two one one").file()};
  const auto journal = open_journal(environment_on(memory), facts("data=52"), {});
  ASSERT_TRUE(journal);
  EXPECT_EQ(memory.told(), "sync 0 2 3 4 5 0 1 2 3 4 5");
  EXPECT_EQ(journal->record().floor, 52U);
  EXPECT_EQ(journal->record().generation, 101U);
}

// --- the record that is written -----------------------------------------------------------------

recovery::Reading reading_of(const char* newest, const char* slots, const char* known) {
  return recovery::read(Damage(newest, slots).evidence(), facts(known));
}

TEST(HealedRecord, IsTheNewestWhereNothingSpeaksAgainstIt) {
  const auto reading = reading_of("between", "new one one one one one", "data");
  EXPECT_EQ(healed_record(reading), *reading.verdict.record);
}

TEST(HealedRecord, OfAWeakCleanSaysDirty) {
  const auto reading = reading_of("tagged", "new new new one one one", "data");
  const Record record = healed_record(reading);
  EXPECT_EQ(record.state, StoreState::dirty);
  EXPECT_TRUE(record.final.is_nil());
  EXPECT_FALSE(record.tag);
  EXPECT_FALSE(record.unproven);
  EXPECT_EQ(record.generation, 101U);
  EXPECT_EQ(record.parent, reading.hash);
}

TEST(HealedRecord, OfALossSaysUnproven) {
  const Record record = healed_record(reading_of("between", "new new far far one one", "data"));
  EXPECT_TRUE(record.unproven);
  EXPECT_EQ(record.floor, 50U);
  EXPECT_EQ(record.ceiling, 60U);
}

TEST(HealedRecord, IsNewerThanAMisplacedOne) {
  const Record record = healed_record(reading_of("dirty", "new new new mnw new new", "data"));
  EXPECT_EQ(record.generation, 102U);
  EXPECT_EQ(record.floor, 55U);
}

TEST(HealedRecord, KeepsWhatIsNotInDoubt) {
  const auto reading = reading_of("updating", "new new new new new frk", "data");
  const Record record = healed_record(reading);
  EXPECT_EQ(record.state, StoreState::updating);
  EXPECT_EQ(record.donor, id<MemberId>(60));
  EXPECT_EQ(record.view, reading.verdict.record->view);
  EXPECT_EQ(record.initial, reading.verdict.record->initial);
}

}  // namespace
}  // namespace storemark
