// SPDX-License-Identifier: Apache-2.0
#include "journal/codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "journal/blocks.hpp"
#include "journal/bytes.hpp"
#include "journal/samples.hpp"

namespace storemark {
namespace {

using namespace storemark::test;
using Slot = std::array<std::byte, layout::slot_bytes>;

Slot sealed(const Record& record, std::size_t place = 0) {
  Slot slot{};
  EXPECT_TRUE(codec::encode(record, slot));
  codec::seal(slot, place);
  return slot;
}

TEST(Codec, ReadsBackWhatItWrote) {
  for (const Record& record : {plain_record(), full_record()}) {
    for (std::size_t place = 0; place < layout::place_count; ++place) {
      const Slot slot = sealed(record, place);
      const codec::Decoded decoded = codec::decode(slot, place);
      EXPECT_EQ(decoded.health, SlotHealth::current) << decoded.why;
      EXPECT_EQ(decoded.record, record);
      EXPECT_EQ(decoded.hash, codec::body_hash(slot));
      EXPECT_EQ(decoded.journal, record.journal);
      EXPECT_TRUE(decoded.has_magic);
      EXPECT_FALSE(decoded.write_forbidden);
      EXPECT_TRUE(codec::verifies(slot, place, decoded.hash));
    }
  }
}

RC_GTEST_PROP(Codec, ReadsBackAnyRecordThatFits, ()) {
  const Record record = *any_record();
  Slot slot;
  slot.fill(std::byte{0xEE});  // encode must not leave what was there
  const auto done = codec::encode(record, slot);
  if (!done) {
    RC_ASSERT(done.error().code == Errc::record_full);
    return;
  }
  codec::seal(slot, 3);
  const codec::Decoded decoded = codec::decode(slot, 3);
  RC_ASSERT(decoded.health == SlotHealth::current);
  RC_ASSERT(decoded.record == record);
}

RC_GTEST_PROP(Codec, TakesAnyBytes, ()) {
  Slot slot{};
  const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(
      layout::slot_bytes, rc::gen::arbitrary<std::uint8_t>());
  std::ranges::transform(bytes, slot.begin(), [](std::uint8_t b) { return std::byte{b}; });
  const bool with_magic = *rc::gen::arbitrary<bool>();
  if (with_magic) {
    std::ranges::transform(layout::magic_bytes, slot.begin(),
                           [](char c) { return static_cast<std::byte>(c); });
  }
  const codec::Decoded decoded = codec::decode(slot, 0);
  const bool zero = std::ranges::all_of(slot, [](std::byte b) { return b == std::byte{0}; });
  RC_ASSERT(decoded.health == (zero ? SlotHealth::zero : SlotHealth::invalid));
  RC_ASSERT(decoded.has_magic == with_magic);
  RC_ASSERT(!decoded.record);
}

/// Fields that lie, under checks that hold: no crash, no overrun, and never a record that encode()
/// would not write.
RC_GTEST_PROP(Codec, TakesAnyFieldsUnderRightChecks, ()) {
  Slot slot = sealed(full_record());
  const auto changes = *rc::gen::inRange(1, 12);
  for (int i = 0; i < changes; ++i) {
    const auto at =
        *rc::gen::oneOf(rc::gen::inRange(layout::generation.offset, layout::area.offset),
                        rc::gen::inRange(layout::area.offset, layout::body_hash.offset));
    slot.at(at) = std::byte{*rc::gen::arbitrary<std::uint8_t>()};
  }
  fix_checks(slot, 0);
  const codec::Decoded decoded = codec::decode(slot, 0);
  if (decoded.health == SlotHealth::malformed) return;
  RC_ASSERT(decoded.health == SlotHealth::current);
  Slot again;
  RC_ASSERT(codec::encode(*decoded.record, again).has_value());
  codec::seal(again, 0);
  RC_ASSERT(codec::decode(again, 0).record == decoded.record);
}

TEST(Codec, NoticesEveryFlippedBit) {
  for (const Record& record : {plain_record(), full_record()}) {
    Slot slot = sealed(record);
    for (std::size_t byte = 0; byte < slot.size(); ++byte) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        slot.at(byte) ^= std::byte{1} << bit;
        const SlotHealth health = codec::decode(slot, 0).health;
        slot.at(byte) ^= std::byte{1} << bit;
        ASSERT_EQ(health, SlotHealth::invalid) << "bit " << bit << " of byte " << byte;
      }
    }
  }
}

TEST(Codec, NoticesEverySectorOfAnotherRecord) {
  Record other = plain_record();
  other.generation = 2;
  other.payload.assign(max_payload_bytes, 0x55);
  const Slot before = sealed(plain_record());
  const Slot after = sealed(other);
  constexpr std::size_t sector = 512;
  for (unsigned kept = 1; kept + 1 < 256; ++kept) {
    Slot torn = before;
    for (std::size_t i = 0; i < 8; ++i) {
      if ((kept >> i & 1U) == 0) continue;
      std::copy_n(after.begin() + static_cast<std::ptrdiff_t>(i * sector), sector,
                  torn.begin() + static_cast<std::ptrdiff_t>(i * sector));
    }
    const bool differs_from_both = torn != before && torn != after;
    const SlotHealth health = codec::decode(torn, 0).health;
    EXPECT_EQ(health, differs_from_both ? SlotHealth::invalid : SlotHealth::current) << kept;
  }
}

TEST(Codec, ZeroIsNoRecord) {
  const Slot slot{};
  EXPECT_EQ(codec::decode(slot, 0).health, SlotHealth::zero);
  EXPECT_FALSE(codec::decode(slot, 0).has_magic);
  EXPECT_FALSE(codec::verifies(slot, 0, BodyHash{}));
}

TEST(Codec, SealBindsToThePlace) {
  for (std::size_t written_for = 0; written_for < layout::place_count; ++written_for) {
    const Slot slot = sealed(plain_record(), written_for);
    for (std::size_t place = 0; place < layout::place_count; ++place) {
      const codec::Decoded decoded = codec::decode(slot, place);
      const bool home = place == written_for;
      EXPECT_EQ(decoded.health, home ? SlotHealth::current : SlotHealth::misplaced);
      EXPECT_EQ(decoded.record, plain_record()) << "a misplaced record is still evidence";
      EXPECT_EQ(codec::verifies(slot, place, codec::body_hash(slot)), home);
    }
  }
}

TEST(Codec, BodyHashIsTheSameEverywhere) {
  EXPECT_EQ(codec::body_hash(sealed(plain_record(), 0)),
            codec::body_hash(sealed(plain_record(), 5)));
  Record other = plain_record();
  other.wall_clock += 1;
  EXPECT_NE(codec::body_hash(sealed(plain_record())), codec::body_hash(sealed(other)));
}

TEST(Codec, PatchingEqualsEncoding) {
  Record record = full_record();
  Slot patched = sealed(record);
  const codec::SequencePatch patch{
      record.generation + 1, codec::body_hash(patched), id<Incarnation>(77), 30, 40, -5};
  const BodyHash hash = codec::patch_sequence(patched, patch);
  record.generation = patch.generation;
  record.parent = patch.parent;
  record.incarnation = patch.incarnation;
  record.floor = patch.floor;
  record.ceiling = patch.ceiling;
  record.wall_clock = patch.wall_clock;
  const Slot encoded = sealed(record);
  codec::seal(patched, 0);
  EXPECT_EQ(patched, encoded);
  EXPECT_EQ(hash, codec::body_hash(encoded));
}

TEST(Codec, PatchKeepsWhatANewerVersionPutThere) {
  Slot slot = sealed(plain_record());
  codec::put(slot.data() + layout::compat.offset, std::uint32_t{4});
  slot.at(layout::reserved_d.offset) = std::byte{9};
  fix_checks(slot, 0);
  ASSERT_EQ(codec::decode(slot, 0).health, SlotHealth::current);
  codec::patch_sequence(slot, {2, {}, {}, 1, 2, 3});
  codec::seal(slot, 0);
  EXPECT_EQ(codec::decode(slot, 0).record->generation, 2U);
  EXPECT_EQ(slot.at(layout::reserved_d.offset), std::byte{9});
}

TEST(Codec, UnknownIncompatibleFeatureIsFuture) {
  Slot slot = sealed(plain_record());
  codec::put(slot.data() + layout::incompat.offset, std::uint32_t{0x80000000});
  // Only the envelope's check: what else a newer version checks, and how, is not known here.
  codec::put(slot.data() + layout::envelope_check.offset,
             static_cast<std::uint64_t>(XXH3_64bits(slot.data(), layout::envelope_check.offset)));
  const codec::Decoded decoded = codec::decode(slot, 0);
  EXPECT_EQ(decoded.health, SlotHealth::future);
  EXPECT_EQ(decoded.journal, plain_record().journal);
  EXPECT_FALSE(decoded.record);
}

TEST(Codec, AnotherSlotSizeIsFuture) {
  Slot slot = sealed(plain_record());
  codec::put(slot.data() + layout::slot_size.offset, std::uint32_t{8192});
  fix_checks(slot, 0);
  EXPECT_EQ(codec::decode(slot, 0).health, SlotHealth::future);
}

TEST(Codec, UnknownReadOnlyFeatureForbidsWriting) {
  Slot slot = sealed(plain_record());
  codec::put(slot.data() + layout::ro_compat.offset, std::uint32_t{2});
  fix_checks(slot, 0);
  const codec::Decoded decoded = codec::decode(slot, 0);
  EXPECT_EQ(decoded.health, SlotHealth::current);
  EXPECT_TRUE(decoded.write_forbidden);
}

TEST(Codec, VersionNumberOnlyInforms) {
  Slot slot = sealed(plain_record());
  codec::put(slot.data() + layout::version.offset, std::uint32_t{99});
  fix_checks(slot, 0);
  EXPECT_EQ(codec::decode(slot, 0).record, plain_record());
}

TEST(Codec, FeatureBitUnderAWrongCheckIsRot) {
  Slot slot = sealed(plain_record());
  slot.at(layout::incompat.offset) ^= std::byte{1};
  EXPECT_EQ(codec::decode(slot, 0).health, SlotHealth::invalid);
}

TEST(Codec, FoldsTheOldestHistoryUntilItFits) {
  Record record = full_record();
  record.compared.clear();
  record.history.clear();
  record.folded = 0;
  record.history_digest = {};
  for (std::uint64_t i = 0; i < max_history; ++i) record.history.push_back({id<ViewId>(i), i, 2});
  const Record before = record;
  Slot slot;
  EXPECT_EQ(codec::encode(record, slot).error().code, Errc::record_full);
  ASSERT_TRUE(codec::encode_folding(record, slot));
  EXPECT_GE(record.history.size(), 16U) << "what record.hpp promises";
  EXPECT_EQ(record.folded + record.history.size(), max_history);
  BodyHash digest;
  for (std::size_t i = 0; i < record.folded; ++i) {
    digest = codec::fold_history(digest, before.history.at(i));
  }
  EXPECT_EQ(record.history_digest, digest);
  EXPECT_EQ(record.history.front(), before.history.at(record.folded));
  codec::seal(slot, 0);
  EXPECT_EQ(codec::decode(slot, 0).record, record);
}

TEST(Codec, FoldingKeepsTheNewestView) {
  Record record = full_record();
  record.compared.assign(max_compared, {id<MemberId>(900), id<ViewId>(901), 1});
  Slot slot;
  EXPECT_EQ(codec::encode_folding(record, slot).error().code, Errc::record_full);
  EXPECT_EQ(record.history.size(), 1U);
}

}  // namespace
}  // namespace storemark
