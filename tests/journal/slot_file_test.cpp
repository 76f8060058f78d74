// SPDX-License-Identifier: Apache-2.0
#include "journal/slot_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "journal/damage.hpp"
#include "journal/memory_store.hpp"
#include "journal/samples.hpp"

namespace storemark {
namespace {

using namespace storemark::test;

constexpr const char* whole = "new new two two one one";

/// A slot file on memory, with a record staged.
struct Fixture {
  Memory memory{.file = Damage("dirty", whole).file()};
  SlotFile slots{file_on(memory)};
  BodyHash hash = stage();

  BodyHash stage() {
    Record record = plain_record();
    record.generation = 200;
    std::array<std::byte, layout::slot_bytes> encoded;
    EXPECT_TRUE(codec::encode(record, encoded));
    slots.stage(encoded);
    return codec::body_hash(slots.staged());
  }
  std::array<SlotHealth, layout::place_count> healths() {
    const auto evidence = slots.read_all();
    std::array<SlotHealth, layout::place_count> out{};
    for (std::size_t i = 0; i < slot_count; ++i) out.at(i) = evidence->slots.at(i).health;
    for (std::size_t i = 0; i < layout::anchor_count; ++i) {
      out.at(slot_count + i) = evidence->anchors.at(i).health;
    }
    return out;
  }
};

TEST(SlotFile, ReadsEveryPlace) {
  Fixture f;
  AlignedBytes raw(slot_count * layout::slot_bytes);
  const auto evidence = f.slots.read_all(&raw);
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->file_bytes, layout::file_bytes);
  EXPECT_EQ(told(recovery::read(*evidence, {})), "dirty 50..50 exact 2 flush");
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    EXPECT_TRUE(
        std::ranges::equal(raw.span().subspan(slot * layout::slot_bytes, layout::slot_bytes),
                           block_of(std::as_const(f.memory.file), slot)));
  }
}

/// A bad block costs itself, not the region around it.
TEST(SlotFile, OneBlockThatCannotBeReadIsAlone) {
  for (std::size_t bad = 0; bad < layout::place_count; ++bad) {
    Fixture f;
    f.memory.unreadable = {bad};
    const auto healths = f.healths();
    for (std::size_t place = 0; place < layout::place_count; ++place) {
      EXPECT_EQ(healths.at(place), place == bad ? SlotHealth::unreadable : SlotHealth::current)
          << bad << ", " << place;
    }
  }
}

TEST(SlotFile, WhatLiesPastTheEndIsUnreadable) {
  for (const std::size_t size : {0U, 1U, 4096U, 8191U, 12288U, 131072U, 139264U, 274431U}) {
    Fixture f;
    f.memory.file.resize(size);
    const auto healths = f.healths();
    for (std::size_t place = 0; place < layout::place_count; ++place) {
      const bool inside = offset_of(place) + layout::slot_bytes <= size;
      EXPECT_EQ(healths.at(place) == SlotHealth::unreadable, !inside) << size << ", " << place;
    }
  }
}

TEST(SlotFile, AHugeFileIsReadInItsNineBlocks) {
  Fixture f;
  f.memory.file.resize(64U << 20U);
  EXPECT_TRUE(std::ranges::all_of(f.healths(), [](auto h) { return h == SlotHealth::current; }));
}

TEST(SlotFile, WritesASlotWithItsSeal) {
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    Fixture f;
    ASSERT_TRUE(f.slots.write_slot(slot));
    EXPECT_EQ(f.memory.told(), std::to_string(slot));
    EXPECT_TRUE(f.slots.slot_holds(slot, f.hash));
    for (std::size_t other = 0; other < slot_count; ++other) {
      EXPECT_EQ(f.slots.slot_holds(other, f.hash), other == slot);
    }
  }
}

TEST(SlotFile, WritesAPairInOneCommand) {
  for (std::size_t pair = 0; pair < layout::pair_count; ++pair) {
    Fixture f;
    ASSERT_TRUE(f.slots.write_pair(pair));
    EXPECT_EQ(f.memory.log.size(), 1U);
    EXPECT_TRUE(f.slots.slot_holds(2 * pair, f.hash));
    EXPECT_TRUE(f.slots.slot_holds(2 * pair + 1, f.hash));
  }
}

TEST(SlotFile, WritesAPairOfThePatchedRecord) {
  Fixture f;
  ASSERT_TRUE(f.slots.write_slot(4));  // its seal stays in the staged one
  for (std::uint64_t turn = 0; turn < 3; ++turn) {
    const BodyHash hash = f.slots.stage_next(
        {201 + turn, f.hash, id<Incarnation>(7), 60 + turn, 70 + turn, std::int64_t{-1} << turn});
    ASSERT_TRUE(f.slots.write_pair(turn));
    EXPECT_EQ(f.slots.pair_holds(turn, hash),
              (std::array<bool, layout::slots_per_pair>{true, true}));
    EXPECT_NE(hash, f.hash);
  }
}

TEST(SlotFile, AnchorsAreWrittenToo) {
  Fixture f;
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    ASSERT_TRUE(f.slots.write_place_cached(place));
  }
  EXPECT_EQ(f.memory.told(), "") << "nothing is durable before the sync";
  EXPECT_TRUE(std::ranges::all_of(f.healths(), [](auto h) { return h == SlotHealth::current; }));
}

TEST(SlotFile, AReadErrorHoldsNothing) {
  Fixture f;
  ASSERT_TRUE(f.slots.write_slot(3));
  f.memory.unreadable = {3};
  EXPECT_FALSE(f.slots.slot_holds(3, f.hash));
}

using Holds = std::array<bool, layout::slots_per_pair>;

TEST(SlotFile, ReadBackOfAPair) {
  Fixture f;
  ASSERT_TRUE(f.slots.write_pair(1));
  EXPECT_EQ(f.slots.pair_holds(1, f.hash), (Holds{true, true}));
  EXPECT_EQ(f.slots.pair_holds(2, f.hash), (Holds{false, false})) << "another record stands there";
}

TEST(SlotFile, ReadBackNoticesHalfAPair) {
  for (const std::size_t lost : {2U, 3U}) {
    Fixture f;
    ASSERT_TRUE(f.slots.write_pair(1));
    block_of(f.memory.file, lost)[0] ^= std::byte{1};
    EXPECT_EQ(f.slots.pair_holds(1, f.hash), (Holds{lost == 3, lost == 2}));
  }
}

TEST(SlotFile, ReadBackThatCannotReadSaysNo) {
  Fixture f;
  ASSERT_TRUE(f.slots.write_pair(0));
  f.memory.unreadable = {1};
  EXPECT_EQ(f.slots.pair_holds(0, f.hash), (Holds{true, false})) << "the other one is asked alone";
}

TEST(SlotFile, BuffersAreAligned) {
  AlignedBytes bytes(layout::pair_bytes);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes.span().data()) % layout::slot_bytes, 0U);
  EXPECT_TRUE(std::ranges::all_of(bytes.span(), [](std::byte b) { return b == std::byte{0}; }));
}

}  // namespace
}  // namespace storemark
