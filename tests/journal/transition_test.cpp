// SPDX-License-Identifier: Apache-2.0
// In which order a transition and the sequence writes after it go to the slots, and what it takes
// to acknowledge one.
#include <gtest/gtest.h>

#include "journal/damage.hpp"
#include "journal/memory_store.hpp"
#include "journal/open.hpp"
#include "journal/samples.hpp"

namespace storemark {
namespace {

using namespace storemark::test;

const View view{id<ViewId>(70), {{id<MemberId>(2), "one", 0}}};

Journal opened(Memory& memory, const char* known = "data") {
  auto journal = open_journal(environment_on(memory), facts(known), {});
  if (!journal) throw std::runtime_error(to_string(journal.error()));
  memory.log.clear();
  return std::move(*journal);
}

TEST(Transition, WritesTheOldestPairFirst) {
  for (const auto& [slots, order] : {std::pair{"new new new new new new", "0 1 2 3 4 5"},
                                     {"new new one one one one", "2 3 4 5 0 1"},
                                     {"one one new new two two", "4 5 0 1 2 3"},
                                     {"two two one one new new", "0 1 2 3 4 5"},
                                     {"new new two two one one", "2 3 4 5 0 1"}}) {
    Memory memory{.file = Damage("dirty", slots).file()};
    Journal journal = opened(memory);
    ASSERT_TRUE(journal.activate(view, 50));
    const std::string did = memory.told();
    // Six alike were only read: they are flushed before the first write.
    const bool alike = slots == std::string("new new new new new new");
    EXPECT_EQ(did, alike ? "sync " + std::string(order) : order) << slots;
  }
}

TEST(Transition, SequenceWritesGoRound) {
  Memory memory{.file = Damage("dirty", "new new new new new new").file()};
  Journal journal = opened(memory);
  auto permit = journal.activate(view, 50);
  ASSERT_TRUE(permit);
  memory.log.clear();
  for (std::uint64_t n = 51; n < 57; ++n) ASSERT_TRUE(permit->write_sequence(n));
  EXPECT_EQ(memory.told(), "0+1 2+3 4+5 0+1 2+3 4+5");
  ASSERT_TRUE(permit->write_sequence(57));
  ASSERT_TRUE(journal.mark_clean(std::move(*permit), {id<FinalUuid>(8), 57, {}, false}));
  EXPECT_EQ(memory.told(), "0+1 2 3 4 5 0 1");
}

TEST(Transition, EverySlotHasTheRecordInTheEnd) {
  Memory memory{.file = Damage("dirty", "new new two two one one").file()};
  Journal journal = opened(memory);
  ASSERT_TRUE(journal.activate(view, 50));
  const auto reading = recovery::read(evidence_of(memory.file), {});
  EXPECT_EQ(reading.healing, recovery::Healing::none);
  EXPECT_EQ(reading.verdict.record, journal.record());
  EXPECT_EQ(journal.record().generation, 101U);
}

/// Dirty is written though the record says dirty already.
TEST(Transition, ActivationIsNeverElided) {
  Memory memory{.file = Damage("dirty", "new new new new new new").file()};
  Journal journal = opened(memory);
  for (int i = 0; i < 2; ++i) {
    { ASSERT_TRUE(journal.activate(view, 50)); }
    EXPECT_NE(memory.told().find("0 1 2 3 4 5"), std::string::npos);
  }
}

TEST(Transition, FiveSlotsAcknowledgeIt) {
  for (std::size_t bad = 0; bad < slot_count; ++bad) {
    Memory memory{.file = Damage("dirty", "new new new new new new").file()};
    Journal journal = opened(memory);
    memory.forgetful = {bad};
    EXPECT_TRUE(journal.activate(view, 50)) << bad;
    EXPECT_TRUE(journal.health().degraded);
  }
}

TEST(Transition, FourDoNot) {
  Memory memory{.file = Damage("clean", "new new new new new new").file()};
  Journal journal = opened(memory);
  memory.forgetful = {1, 4};
  const auto permit = journal.activate(view, 50);
  ASSERT_FALSE(permit);
  EXPECT_EQ(permit.error().code, Errc::not_durable);
  EXPECT_EQ(journal.activate(view, 50).error().code, Errc::poisoned);
  EXPECT_EQ(journal.record().state, StoreState::clean) << "memory moves last";
}

TEST(Transition, AFailedWritePoisonsAndNothingMoves) {
  for (std::size_t bad = 0; bad < slot_count; ++bad) {
    Memory memory{.file = Damage("clean", "new new new new new new").file()};
    Journal journal = opened(memory);
    const Record before = journal.record();
    memory.failing = {bad};
    const auto permit = journal.activate(view, 50);
    ASSERT_FALSE(permit);
    EXPECT_EQ(permit.error().code, Errc::io_failed);
    EXPECT_EQ(journal.record(), before);
    memory.failing.clear();
    memory.log.clear();
    EXPECT_EQ(journal.activate(view, 50).error().code, Errc::poisoned);
    EXPECT_EQ(memory.told(), "") << "nothing is written any more";
  }
}

TEST(Transition, ARecordThatDoesNotFitHarmsNothing) {
  Memory memory{.file = Damage("dirty", "new new new new new new").file()};
  Journal journal = opened(memory);
  View large{id<ViewId>(71), {}};
  for (std::uint64_t i = 0; i <= max_members; ++i) {
    large.members.push_back({id<MemberId>(i), "", 0});
  }
  const auto permit = journal.activate(large, 50);
  ASSERT_FALSE(permit);
  EXPECT_EQ(permit.error().code, Errc::invalid_argument);
  EXPECT_TRUE(journal.activate(view, 50)) << "it is not poisoned";
}

}  // namespace
}  // namespace storemark
