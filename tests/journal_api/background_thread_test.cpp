// SPDX-License-Identifier: Apache-2.0
// The thread beside a permit, on a real file: the interval writer and the read-back. Nothing here
// depends on how long something takes: conditions are waited for, with a generous limit.
#include <gtest/gtest.h>

#include <thread>

#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

using namespace std::chrono_literals;

template <class Condition>
[[nodiscard]] bool comes_true(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (std::chrono::steady_clock::now() < until) {
    if (condition()) return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

class IntervalWriterTest : public RealStoreTest {
 protected:
  [[nodiscard]] static Options every(std::chrono::milliseconds interval) {
    Options options;
    options.interval = interval;
    return options;
  }
};

TEST_F(IntervalWriterTest, AnIntervalThatIsNoneIsRefused) {
  for (const auto interval :
       {-1ms, std::chrono::milliseconds::min(), std::chrono::milliseconds::max(), 9'000h + 0ms}) {
    EXPECT_TRUE(fails(open(nothing(), every(interval)), Errc::invalid_argument));
  }
  EXPECT_TRUE(ok(open(nothing(), every(8'700h + 0ms))));
}

TEST_F(IntervalWriterTest, WhatIsNotedBecomesDurable) {
  {
    Live live = activated(every(1ms));
    for (std::uint64_t n = 1; n <= 50; ++n) {
      must(live.permit.reserve(n));
      must(live.permit.note(n));
    }
    EXPECT_TRUE(comes_true([&] { return live.permit.durable_floor() == 50; }));
    EXPECT_EQ(examined().verdict.floor, 50U);
  }
  EXPECT_EQ(must(open()).verdict().floor, 50U);
}

TEST_F(IntervalWriterTest, TheCeilingIsRaisedAheadOfNeed) {
  Live live = activated(every(1ms));
  EXPECT_TRUE(comes_true([&] { return live.permit.durable_ceiling() > 100; }));
  const std::uint64_t ceiling = live.permit.durable_ceiling();
  must(live.permit.note(ceiling));
  EXPECT_TRUE(comes_true([&] { return live.permit.durable_ceiling() > ceiling; }))
      << "it follows what was noted";
  EXPECT_TRUE(comes_true([&] { return live.permit.durable_floor() == ceiling; }));
}

TEST_F(IntervalWriterTest, InSteadyStateReserveDoesNotWrite) {
  Live live = activated(every(1h));
  EXPECT_TRUE(comes_true([&] { return live.permit.durable_ceiling() > 0; })) << "it begins at once";
  const std::uint64_t ceiling = live.permit.durable_ceiling();
  const std::string before = bytes_of(file());
  for (std::uint64_t n = 1; n <= ceiling; ++n) {
    must(live.permit.reserve(n));
    must(live.permit.note(n));
  }
  EXPECT_TRUE(same_bytes(bytes_of(file()), before)) << "and the next beat is an hour away";
  EXPECT_EQ(live.journal.health().sequence_writes, 1U);
}

TEST_F(IntervalWriterTest, AReserveThatMustWaitRaisesByAStride) {
  Live live = activated(every(1h));
  EXPECT_TRUE(comes_true([&] { return live.permit.durable_ceiling() > 0; }));
  const std::uint64_t beyond = live.permit.durable_ceiling() + 1;
  must(live.permit.reserve(beyond));
  EXPECT_GT(live.permit.durable_ceiling(), beyond);
}

TEST_F(IntervalWriterTest, WithNothingNewNothingIsWritten) {
  Live live = activated(every(1ms));
  EXPECT_TRUE(comes_true([&] { return live.permit.durable_ceiling() > 0; }));
  std::uint64_t writes = live.journal.health().sequence_writes;
  EXPECT_TRUE(comes_true([&] {
    const std::uint64_t before = std::exchange(writes, live.journal.health().sequence_writes);
    std::this_thread::sleep_for(20ms);
    return before == writes && live.journal.health().sequence_writes == writes;
  }));
}

TEST_F(IntervalWriterTest, AfterMarkCleanItIsStill) {
  Live live = activated(every(1ms));
  must(live.permit.reserve(10));
  must(live.permit.note(10));
  must(live.journal.mark_clean(std::move(live.permit), {FinalUuid{new_uuid()}, 10, {}, false}));
  const std::string before = bytes_of(file());
  std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  EXPECT_EQ(examined().verdict.state, StoreState::clean);
  EXPECT_EQ(examined().verdict.floor, 10U);
}

TEST_F(IntervalWriterTest, AfterThePermitIsDroppedItIsStill) {
  Live live = activated(every(1ms));
  { const WritePermit dropped = std::move(live.permit); }
  const std::string before = bytes_of(file());
  std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
}

TEST_F(IntervalWriterTest, AnHoursIntervalHoldsNobodyUp) {
  for (int i = 0; i < 5; ++i) {
    Journal journal = must(open(nothing(), every(1h)));
    must(journal.found(cluster()));
    WritePermit permit = must(journal.activate(view_of(), 0));
    { const WritePermit dropped = std::move(permit); }
  }
}

TEST_F(IntervalWriterTest, ItBeginsAnewWithEachActivation) {
  Live live = activated(every(1ms));
  for (std::uint64_t n = 1; n <= 5; ++n) {
    must(live.permit.reserve(n));
    must(live.permit.note(n));
    EXPECT_TRUE(comes_true([&] { return live.permit.durable_floor() == n; }));
    must(live.journal.mark_clean(std::move(live.permit), {FinalUuid{new_uuid()}, n, {}, false}));
    EXPECT_EQ(examined().verdict.ceiling, n) << "the stride is not part of a clean store";
    live.permit = must(live.journal.activate(view_of(), n));
  }
}

TEST_F(IntervalWriterTest, WhenTheFileIsGoneEveryoneIsTold) {
  Live live = activated(every(1ms));
  must(live.permit.reserve(10));
  fs::remove(file());
  std::uint64_t n = 0;
  EXPECT_TRUE(comes_true([&] {
    const auto noted = live.permit.note(std::min<std::uint64_t>(++n, 10));
    const auto reserved = noted ? live.permit.reserve(live.permit.durable_ceiling() + 1) : noted;
    return !reserved && (reserved.error().code == Errc::poisoned ||
                         reserved.error().code == Errc::file_replaced);
  }));
  EXPECT_TRUE(fails(live.permit.note(1), Errc::poisoned));
  EXPECT_TRUE(fails(live.permit.write_sequence(20), Errc::poisoned));
}

class ReadBackTest : public RealStoreTest {};

TEST_F(ReadBackTest, WhatIsWrittenIsReadBackWhereThatProvesSomething) {
  Live live = activated();
  for (std::uint64_t n = 1; n <= 10; ++n) {
    must(live.permit.write_sequence(n));
    if (!live.journal.mode().read_back_proves) continue;
    ASSERT_TRUE(comes_true([&] { return live.journal.health().read_backs >= n; }));
  }
  const Health health = live.journal.health();
  EXPECT_EQ(health.sequence_writes, 10U);
  EXPECT_EQ(health.lost_writes, 0U);
}

TEST_F(ReadBackTest, ADroppedPermitLeavesNothingUnproven) {
  Live live = activated();
  must(live.permit.write_sequence(1));
  { const WritePermit dropped = std::move(live.permit); }
  EXPECT_EQ(live.journal.health().read_backs, live.journal.mode().read_back_proves ? 1U : 0U);
}

TEST_F(ReadBackTest, AWriteThatWasLostIsReportedAndWrittenAgain) {
  Live live = activated();
  if (!live.journal.mode().read_back_proves) {
    GTEST_SKIP() << "reads come from a cache on " << live.journal.mode().filesystem;
  }
  const std::string before = bytes_of(file());
  // As if the device had dropped the write; its read-back may have been quicker than this.
  std::uint64_t n = 0;
  EXPECT_TRUE(comes_true([&] {
    must(live.permit.write_sequence(++n));
    overwrite(file(), 0, before);
    return comes_true([&] { return live.journal.health().read_backs >= n; }) &&
           live.journal.health().lost_writes > 0;
  }));
  EXPECT_TRUE(comes_true([&] { return examined().verdict.floor == n; })) << "without a next write";
  EXPECT_TRUE(ok(live.permit.write_sequence(n + 1)));
  EXPECT_EQ(slots_with(examined(), SlotHealth::invalid), 0U);
}

}  // namespace
}  // namespace storemark::real
