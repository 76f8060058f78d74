// SPDX-License-Identifier: Apache-2.0
// The damage table: what six slots say together. The words stand in damage.hpp; a new case is one
// line.
#include "journal/recovery.hpp"

#include <gtest/gtest.h>

#include "journal/damage.hpp"
#include "support/reference_reader.hpp"

namespace storemark {
namespace {

using namespace storemark::test;

struct Row {
  const char* newest;
  const char* slots;
  const char* facts;
  const char* outcome;
};

// clang-format off
const Row damage_table[] = {
    // What finished calls leave.
    {"dirty",    "new new new new new new", "unknown",    "dirty 50..50 exact 2 none"},
    {"dirty",    "new new one one one one", "unknown",    "dirty 50..50 exact 2 flush"},
    {"dirty",    "one one new new two two", "unknown",    "dirty 50..50 exact 2 flush"},
    {"dirty",    "two two one one new new", "unknown",    "dirty 50..50 exact 2 flush"},
    {"between",  "new new two two one one", "unknown",    "dirty 50..60 between 2 flush"},
    {"clean",    "new new new new new new", "unknown",    "clean 50..50 exact 5 none"},
    {"updating", "new new new new new new", "unknown",    "updating 50..50 exact 2 none"},
    {"empty",    "new new new new new new", "unknown",    "empty 0..0 exact 2 none"},
    {"unproven", "new new new new new new", "unknown",    "dirty 50..50 at least 2 none"},
    // A sequence write that was cut.
    {"dirty",    "new one one one one one", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "trn new one one one one", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "new trn two two one one", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "trn trn one one new new", "unknown",    "dirty 50..50 exact 2 copies"},
    {"dirty",    "two trn one one new new", "unknown",    "dirty 50..50 exact 2 copies"},
    {"dirty",    "zer zer one one new new", "unknown",    "dirty 50..50 exact 2 copies"},
    {"dirty",    "trn trn new new new new", "unknown",    "dirty 50..50 exact 2 copies"},
    // A transition that was cut: activation after a clean shutdown.
    {"dirty",    "new cln cln cln cln cln", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "new new cln cln cln cln", "unknown",    "dirty 50..50 exact 2 copies"},
    {"dirty",    "new new trn cln cln cln", "unknown",    "dirty 50..50 exact 2 copies"},
    {"dirty",    "new new new new new trn", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "trn cln cln cln cln cln", "unknown",    "clean 40..40 exact 4 copies"},
    // A clean shutdown that was cut.
    {"clean",    "new one one one one one", "unknown",    "dirty 50..50 exact 3 new-record"},
    {"clean",    "new new one one one one", "unknown",    "dirty 50..50 exact 2 new-record"},
    {"clean",    "new new new one one one", "unknown",    "dirty 50..50 exact 2 new-record"},
    {"clean",    "new new new trn one one", "unknown",    "dirty 50..50 exact 2 new-record"},
    {"clean",    "new new new new one one", "unknown",    "clean 50..50 exact 3 copies"},
    {"clean",    "new new new new trn one", "unknown",    "clean 50..50 exact 3 copies"},
    {"clean",    "new new new new new trn", "unknown",    "clean 50..50 exact 4 copies"},
    {"tagged",   "new one one one one one", "data+good",  "dirty 50..50 exact 3 new-record"},
    {"tagged",   "new new one one one one", "data+good",  "clean 50..50 exact 2 copies by-tag"},
    {"tagged",   "new new one one one one", "data",       "dirty 50..50 exact 2 new-record if-tag"},
    {"tagged",   "new new two two one one", "data+good",  "clean 50..50 exact 2 copies by-tag"},
    {"tagged",   "new new new trn one one", "data+good",  "clean 50..50 exact 2 copies by-tag"},
    {"tagged",   "new new new one one one", "data+other", "dirty 50..50 exact 2 new-record"},
    // The tag of the store against a whole clean.
    {"tagged",   "new new new new new new", "data+good",  "clean 50..50 exact 5 none"},
    {"tagged",   "new new new new new new", "data+other", "dirty 50..50 exact 2 new-record"},
    {"clean",    "new new new new new new", "data+other", "clean 50..50 exact 5 none"},
    // One slot wrong, then two, then more; dirty.
    {"dirty",    "new new new new new rot", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "zer new new new new new", "unknown",    "dirty 50..50 exact 2 copies"},
    {"dirty",    "new new new bad new new", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "new new new dev new new", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "new rot two two one one", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "new new two two one rot", "unknown",    "dirty 50..50 exact 2 copies"},
    {"dirty",    "rot rot two two one one", "unknown",    "dirty 40..40 exact 2 copies"},
    {"dirty",    "rot new two rot one one", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "new rot rot rot one one", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "new new far one one one", "unknown",    "dirty 50..50 exact 2 copies"},
    {"dirty",    "new new far far one one", "unknown",    "dirty 50..50 at least 2 new-record"},
    {"dirty",    "new rot rot rot rot rot", "unknown",    "dirty 50..50 at least 3 new-record"},
    {"dirty",    "rot rot rot rot rot new", "unknown",    "dirty 50..50 at least 3 new-record"},
    {"dirty",    "one one one one one new", "unknown",    "dirty 50..50 exact 3 copies"},
    {"between",  "new rot rot rot one one", "unknown",    "dirty 50..60 between 3 copies"},
    {"dirty",    "thr thr new new one one", "unknown",    "dirty 50..50 at least 4 new-record"},
    {"dirty",    "one new thr thr two two", "unknown",    "dirty 50..50 exact 5 copies"},
    // One slot wrong, then more; clean.
    {"clean",    "new new new rot new new", "unknown",    "clean 50..50 exact 4 copies"},
    {"clean",    "zer new new rot new new", "unknown",    "clean 50..50 exact 3 copies"},
    {"clean",    "zer new rot rot new new", "unknown",    "dirty 50..50 at least 2 new-record"},
    {"tagged",   "zer new rot rot new new", "data+good",  "clean 50..50 exact 2 copies by-tag"},
    {"tagged",   "rot rot rot rot new new", "data+good",  "clean 50..50 exact 2 copies by-tag"},
    {"tagged",   "rot rot rot rot new rot", "data+good",  "dirty 50..50 at least 3 new-record"},
    {"clean",    "new new far far new new", "unknown",    "clean 50..50 exact 3 copies"},
    {"clean",    "dev dev new new new new", "unknown",    "clean 50..50 exact 3 copies"},
    // Misplaced: no copy, but evidence.
    {"dirty",    "new new new mis new new", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "new new two two mis one", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "new new new mnw new new", "unknown",    "dirty 55..55 exact 3 new-record"},
    {"clean",    "new new new mis new new", "unknown",    "clean 50..50 exact 4 copies"},
    {"clean",    "new new new mnw new new", "unknown",    "dirty 55..55 exact 3 new-record"},
    {"clean",    "new new new mcl new new", "unknown",    "dirty 55..55 exact 3 new-record"},
    {"updating", "new new new mnw new new", "unknown",    "updating 55..55 exact 3 new-record"},
    {"dirty",    "mis mis mis mis mis mis", "unknown",    "damaged"},
    // Two records of one generation.
    {"dirty",    "new new new new frk new", "unknown",    "dirty 50..50 exact 3 new-record"},
    {"dirty",    "frk frk frk frk frk new", "unknown",    "dirty 50..50 at least 5 new-record"},
    {"clean",    "new new new new new frk", "unknown",    "dirty 50..50 exact 3 new-record"},
    {"clean",    "new new new new fcl fcl", "unknown",    "dirty 50..50 at least 4 new-record"},
    {"dirty",    "fcl fcl fcl fcl fcl new", "unknown",    "dirty 50..50 exact 3 new-record"},
    {"updating", "new new new new new frk", "unknown",    "updating 50..50 exact 3 new-record"},
    // Another journal's records, and those of a newer version.
    {"dirty",    "new new new for new new", "unknown",    "dirty 50..50 exact 3 copies"},
    {"dirty",    "for for for for new new", "unknown",    "dirty 50..50 at least 4 new-record"},
    {"clean",    "for for for new new new", "unknown",    "dirty 50..50 at least 3 new-record"},
    {"dirty",    "for for for for for for", "unknown",    "dirty 90..90 exact 2 none"},
    {"dirty",    "new new new new new fut", "unknown",    "future"},
    {"dirty",    "fut fut fut fut fut fut", "unknown",    "future"},
    {"clean",    "zer zer zer zer zer fut", "unknown",    "future"},
    // Nothing to go by.
    {"dirty",    "zer zer zer zer zer zer", "unknown",    "damaged"},
    {"dirty",    "rot trn rot zer bad rot", "unknown",    "damaged"},
    {"dirty",    "dev dev dev dev dev dev", "unknown",    "damaged"},
    // Doubt that the store's own count removes.
    {"dirty",    "new new far far one one", "data=52",    "dirty 52..52 exact 2 new-record"},
    {"unproven", "new new new new new new", "data=52",    "dirty 52..52 exact 2 none"},
    // What the store says of itself.
    {"empty",    "new new new new new new", "nothing",    "empty 0..0 exact 2 none"},
    {"empty",    "new new new new new new", "data",       "lost 0..0 exact 2 none"},
    {"fresh",    "new new new new new new", "nothing",    "empty 0..0 exact 2 none"},
    {"fresh",    "new new new new new new", "data",       "dirty 0..0 exact 2 none"},
    {"dirty",    "new new new new new new", "nothing",    "hollow 50..50 exact 2 none"},
    {"clean",    "new new new new new new", "nothing",    "hollow 50..50 exact 5 none"},
    {"updating", "new new new new new new", "nothing",    "updating 50..50 exact 2 none"},
    {"updating", "new new new new new new", "data=7",     "updating 50..50 exact 2 none"},
    {"dirty",    "new new new new new new", "data=50",    "dirty 50..50 exact 2 none"},
    {"dirty",    "new new new new new new", "data=49",    "hollow 50..50 exact 2 none"},
    {"dirty",    "new new two two one one", "data=52",    "dirty 52..52 exact 2 flush"},
    {"dirty",    "trn new two two one one", "data=52",    "dirty 52..52 exact 3 copies"},
    {"between",  "new new new new new new", "data=55",    "dirty 55..55 exact 2 none"},
    {"between",  "new new new new new new", "data=61",    "dirty 61..61 exact 2 none"},
    {"unproven", "new new new new new new", "data=50",    "dirty 50..50 exact 2 none"},
    {"dirty",    "new rot rot rot one one", "data=50",    "dirty 50..50 exact 3 copies"},
    {"clean",    "new new new new new new", "data=50",    "clean 50..50 exact 5 none"},
    {"clean",    "new new new new new new", "data=51",    "dirty 51..51 exact 5 new-record"},
    {"clean",    "new new new trn one one", "data=50",    "dirty 50..50 exact 2 new-record"},
    {"clean",    "new new new trn one one", "data=52",    "dirty 52..52 exact 2 new-record"},
    {"marked",   "new new new new new new", "data=45",    "clean 50..50 exact 5 none"},
    {"marked",   "new new new new new new", "data=44",    "hollow 50..50 exact 5 none"},
    {"marked",   "new new new new new new", "data=51",    "dirty 51..51 exact 5 new-record"},
    {"dirty",    "zer zer zer zer zer zer", "nothing",    "damaged"},
};
// clang-format on

TEST(Recovery, DamageTable) {
  EXPECT_GE(std::size(damage_table), 60U);
  for (const Row& row : damage_table) {
    const Damage damage(row.newest, row.slots);
    const auto reading = recovery::read(damage.evidence(), facts(row.facts));
    EXPECT_EQ(told(reading), row.outcome)
        << row.newest << ": " << row.slots << ", the store: " << row.facts;
  }
}

/// The same rows, as a file, through the reference.
TEST(Recovery, DamageTableByTheReference) {
  for (const Row& row : damage_table) {
    const Damage damage(row.newest, row.slots);
    if (!damage.readable()) continue;
    const auto reading = recovery::read(damage.evidence(), facts(row.facts));
    EXPECT_EQ(told(answer_in(reading.verdict)),
              told(reference::read(damage.file(), facts(row.facts))))
        << row.newest << ": " << row.slots << ", the store: " << row.facts;
  }
}

struct Owners {
  const char* slots;
  const char* anchors;
  const char* outcome;
};

// Whose file is it, when the slots disagree?
// clang-format off
const Owners whose_file[] = {
    {"for for for new new new", "own own own", "dirty 50..50 at least 3 new-record"},
    {"for for for new new new", "own own for", "dirty 50..50 at least 3 new-record"},
    {"for for for new new new", "own zer zer", "dirty 50..50 at least 3 new-record"},
    {"for for for new new new", "for for for", "dirty 90..90 at least 4 new-record"},
    {"for for for for new rot", "own own own", "dirty 50..50 at least 4 new-record"},
    {"for for for for new new", "own own for", "dirty 90..90 at least 4 new-record"},
    {"for for for new new new", "zer zer zer", "damaged"},
    {"for for for new new new", "own for zer", "damaged"},
    {"for for new new new new", "for for for", "dirty 90..90 at least 4 new-record"},
    {"new new new new new new", "for for for", "dirty 50..50 exact 2 none"},
    {"new new new new new new", "zer zer zer", "dirty 50..50 exact 2 none"},
    {"zer zer zer zer zer zer", "own own own", "damaged"},
    {"for for for for for for", "own own own", "dirty 90..90 exact 2 none"},
};
// clang-format on

TEST(Recovery, AnchorsSayWhoseFileItIs) {
  for (const Owners& row : whose_file) {
    const Damage damage("dirty", row.slots, row.anchors);
    EXPECT_EQ(told(recovery::read(damage.evidence(), {})), row.outcome)
        << row.slots << " / " << row.anchors;
  }
}

TEST(Recovery, ATruncatedOrGrownFileIsDamagedAndNeverClean) {
  const Damage whole("clean", "new new new new new new");
  for (const std::size_t size :
       {0U, 1U, 4095U, 4096U, 131072U, 266240U, 274431U, 274433U, 400000U}) {
    SCOPED_TRACE(size);
    Bytes file = whole.file();
    file.resize(size);
    const auto reading = recovery::read(evidence_of(file), facts("data=50+good"));
    // Of less than a block nothing is read, not even the magic.
    const bool no_block = size > 0 && size < layout::slot_bytes;
    const auto expected = no_block ? Diagnosis::foreign : Diagnosis::damaged;
    EXPECT_EQ(reading.verdict.diagnosis, expected);
    EXPECT_EQ(reference::read(file, facts("data=50+good")).diagnosis, expected);
    EXPECT_NE(reading.verdict.state, StoreState::clean);
    EXPECT_EQ(reading.verdict.certainty, Certainty::at_least);
  }
}

TEST(Recovery, AnotherProgramsFileIsForeign) {
  for (const std::size_t size : {1U, 4096U, 300000U}) {
    const Bytes file(size, std::byte{'#'});
    EXPECT_EQ(recovery::read(evidence_of(file), {}).verdict.diagnosis, Diagnosis::foreign);
    EXPECT_EQ(reference::read(file, {}).diagnosis, Diagnosis::foreign);
  }
}

TEST(Recovery, EveryBadSlotIsNamedWithAReason) {
  const Damage damage("dirty", "new one mis for bad rot");
  const auto reading = recovery::read(damage.evidence(), {});
  const std::array health{SlotHealth::current, SlotHealth::older,     SlotHealth::misplaced,
                          SlotHealth::foreign, SlotHealth::malformed, SlotHealth::invalid};
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    EXPECT_EQ(reading.slots.at(slot).health, health.at(slot)) << slot;
    EXPECT_EQ(reading.slots.at(slot).why.empty(), slot == 0) << slot;
  }
  EXPECT_TRUE(reading.verdict.unsettled);
  EXPECT_EQ(reading.verdict.why.size(), 5U);
}

TEST(Recovery, TheGenerationCountsMisplacedRecordsToo) {
  const Damage damage("dirty", "new new new mnw new new");
  const auto reading = recovery::read(damage.evidence(), {});
  EXPECT_EQ(reading.verdict.record->generation, 100U);
  EXPECT_EQ(reading.generation, 101U) << "so that the healing record is newer than it";
}

}  // namespace
}  // namespace storemark
