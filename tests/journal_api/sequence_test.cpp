// SPDX-License-Identifier: Apache-2.0
// write_sequence, reserve and note on one thread.
#include <gtest/gtest.h>

#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

class SequenceTest : public RealStoreTest {
 protected:
  /// What the next start reads.
  [[nodiscard]] Verdict after_a_crash() const { return must(open()).verdict(); }
};

TEST_F(SequenceTest, AWrittenSequenceIsThereAfterwards) {
  {
    Live live = activated();
    for (std::uint64_t n = 1; n <= 20; ++n) {
      must(live.permit.write_sequence(n));
      EXPECT_EQ(live.permit.durable_floor(), n);
      EXPECT_EQ(live.permit.durable_ceiling(), n);
      EXPECT_EQ(live.journal.record().floor, n);
    }
    EXPECT_EQ(live.journal.health().sequence_writes, 20U) << "one write each";
  }
  const Verdict verdict = after_a_crash();
  EXPECT_EQ(verdict.state, StoreState::dirty);
  EXPECT_EQ(verdict.floor, 20U);
  EXPECT_EQ(verdict.ceiling, 20U);
  EXPECT_EQ(verdict.certainty, Certainty::exact);
}

TEST_F(SequenceTest, WhatIsDurableAlreadyIsNotWritten) {
  Live live = activated();
  must(live.permit.write_sequence(10));
  const std::string before = bytes_of(file());
  for (const std::uint64_t n : {10, 9, 1, 0}) EXPECT_TRUE(ok(live.permit.write_sequence(n)));
  EXPECT_EQ(live.journal.health().sequence_writes, 1U);
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  EXPECT_EQ(live.permit.durable_floor(), 10U);
}

TEST_F(SequenceTest, ASequenceWriteTouchesOnePairAndNoSize) {
  Live live = activated();
  const Examination before = examined();
  must(live.permit.write_sequence(1));
  const Examination after = examined();
  EXPECT_EQ(slots_with(after, SlotHealth::current), 2U);
  EXPECT_EQ(slots_with(after, SlotHealth::older), 4U);
  EXPECT_EQ(after.file_bytes, before.file_bytes);
}

TEST_F(SequenceTest, ReserveRaisesTheCeilingToExactlyThat) {
  Live live = activated();
  must(live.permit.reserve(50));
  EXPECT_EQ(live.permit.durable_ceiling(), 50U);
  EXPECT_EQ(live.permit.durable_floor(), 0U);
  EXPECT_EQ(live.journal.health().sequence_writes, 1U);
  EXPECT_EQ(examined().verdict.ceiling, 50U);
  EXPECT_EQ(examined().verdict.certainty, Certainty::between);
}

TEST_F(SequenceTest, ReserveAndNoteWithinTheCeilingStayInMemory) {
  Live live = activated();
  must(live.permit.reserve(50));
  const std::string before = bytes_of(file());
  for (std::uint64_t n = 1; n <= 50; ++n) {
    EXPECT_TRUE(ok(live.permit.reserve(n)));
    EXPECT_TRUE(ok(live.permit.note(n)));
  }
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  EXPECT_EQ(live.permit.durable_floor(), 0U) << "noted is not durable";
}

TEST_F(SequenceTest, TheNextWriteCarriesWhatWasNoted) {
  {
    Live live = activated();
    must(live.permit.reserve(50));
    must(live.permit.note(30));
    must(live.permit.reserve(60));
    EXPECT_EQ(live.permit.durable_floor(), 30U);
  }
  const Verdict verdict = after_a_crash();
  EXPECT_EQ(verdict.floor, 30U);
  EXPECT_EQ(verdict.ceiling, 60U);
  EXPECT_EQ(verdict.certainty, Certainty::between);
}

TEST_F(SequenceTest, NotesMayComeInAnyOrder) {
  Live live = activated();
  must(live.permit.reserve(50));
  for (const std::uint64_t n : {3, 40, 2, 17}) EXPECT_TRUE(ok(live.permit.note(n)));
  must(live.permit.write_sequence(41));
  EXPECT_EQ(live.permit.durable_floor(), 41U);
  EXPECT_EQ(live.permit.durable_ceiling(), 50U);
}

TEST_F(SequenceTest, WhatWasNotReservedCannotBeNoted) {
  Live live = activated();
  must(live.permit.reserve(50));
  const std::string before = bytes_of(file());
  EXPECT_TRUE(fails(live.permit.note(51), Errc::not_reserved));
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  must(live.permit.reserve(51));
  EXPECT_TRUE(ok(live.permit.note(51)));
}

TEST_F(SequenceTest, AJumpBeyondTheBoundIsRefused) {
  Options options;
  options.jump_bound = 1000;
  Live live = activated(options);
  must(live.permit.write_sequence(10));
  const std::string before = bytes_of(file());
  EXPECT_TRUE(fails(live.permit.write_sequence(1011), Errc::jump_too_large));
  EXPECT_TRUE(fails(live.permit.reserve(1011), Errc::jump_too_large));
  EXPECT_TRUE(fails(live.permit.change_view(view_of(), 1011), Errc::jump_too_large));
  EXPECT_TRUE(fails(live.permit.write_sequence(~std::uint64_t{0}), Errc::jump_too_large));
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  EXPECT_TRUE(ok(live.permit.write_sequence(1010))) << "and the journal is as usable as before";
  EXPECT_EQ(live.permit.durable_floor(), 1010U);
}

TEST_F(SequenceTest, TheDefaultBoundIsTwoToThe32) {
  Live live = activated();
  constexpr std::uint64_t bound = std::uint64_t{1} << 32;
  EXPECT_TRUE(fails(live.permit.write_sequence(bound + 1), Errc::jump_too_large));
  EXPECT_TRUE(ok(live.permit.write_sequence(bound)));
  EXPECT_EQ(examined().verdict.floor, bound);
}

class EndOfCountingTest : public SequenceTest {
 protected:
  [[nodiscard]] static Options unbounded(std::chrono::milliseconds interval = {}) {
    Options options;
    options.jump_bound = max_sequence;
    options.interval = interval;
    return options;
  }
};

TEST_F(EndOfCountingTest, TheLastSequenceCanBeWritten) {
  Live live = activated(unbounded(), max_sequence - 10);
  EXPECT_TRUE(ok(live.permit.reserve(max_sequence)));
  EXPECT_TRUE(ok(live.permit.note(max_sequence)));
  EXPECT_TRUE(ok(live.permit.write_sequence(max_sequence)));
  EXPECT_EQ(examined().verdict.floor, max_sequence);
}

TEST_F(EndOfCountingTest, NoneBeyondItCan) {
  Live live = activated(unbounded(), max_sequence - 10);
  EXPECT_TRUE(fails(live.permit.write_sequence(max_sequence + 1), Errc::jump_too_large));
  EXPECT_TRUE(fails(live.permit.reserve(max_sequence + 1), Errc::jump_too_large));
  EXPECT_TRUE(ok(live.permit.write_sequence(max_sequence - 9)));
  EXPECT_EQ(examined().verdict.floor, max_sequence - 9);
}

TEST_F(EndOfCountingTest, TheStrideStopsThere) {
  {
    Live live = activated(unbounded(std::chrono::milliseconds(1)), max_sequence - 5000);
    for (std::uint64_t n = max_sequence - 4999; n < max_sequence; ++n) {
      must(live.permit.reserve(n));
      must(live.permit.note(n));
    }
    must(live.permit.reserve(max_sequence));
    EXPECT_LE(live.permit.durable_ceiling(), max_sequence);
    for (std::uint64_t n = max_sequence - 4; n <= max_sequence; ++n) {
      must(live.permit.write_sequence(n));
    }
  }
  const Examination seen = examined();
  EXPECT_EQ(seen.verdict.diagnosis, Diagnosis::none);
  EXPECT_EQ(seen.verdict.floor, max_sequence);
}

}  // namespace
}  // namespace storemark::real
