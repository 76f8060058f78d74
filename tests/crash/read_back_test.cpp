// SPDX-License-Identifier: Apache-2.0
// What the read-back off the path of a write finds, and that of a transition, on a device that is
// watched.
#include <gtest/gtest.h>

#include <set>

#include "journal/core.hpp"
#include "journal/open.hpp"
#include "support/explore.hpp"

namespace storemark::sim {
namespace {

using enum Op;

class ReadBack : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(rig_.open() && rig_.run(found) && rig_.run(activate)); }

  Core& core() { return CoreAccess::core(rig_.journal()); }
  Health health() { return rig_.journal().health(); }
  void write(std::uint64_t n) {
    ASSERT_TRUE(rig_.permit().write_sequence(n));
    scene_.oracle.held = n;
  }
  /// The device acknowledges the next command, and does not do it.
  void lose_next_write() {
    scene_.disk.fault_at(scene_.disk.calls(), {.kind = CallFault::Kind::lose});
  }
  /// The floor that an open finds after the power went.
  std::uint64_t floor_after_power_cut() {
    scene_.disk.die();
    rig_.close();
    scene_.disk.power_cut([](std::uint64_t, std::size_t) { return Fate::dropped; }, 9);
    Rig again(scene_);
    EXPECT_TRUE(again.open());
    return again.journal().verdict().floor;
  }
  /// Generations on the medium, lowest first; one that is missing is 0.
  std::multiset<std::uint64_t> generations() {
    std::multiset<std::uint64_t> out;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
      const auto found =
          codec::decode(scene_.disk.medium_block(layout::slot_offset(slot) / block_bytes), slot);
      out.insert(found.health == SlotHealth::current ? found.record->generation : 0);
    }
    return out;
  }

  Scene scene_;
  Rig rig_{scene_};
};

TEST_F(ReadBack, every_pair_that_was_written_is_read) {
  for (std::uint64_t n = 1; n <= 10; ++n) {
    write(n);
    core().read_back();
    EXPECT_EQ(health().read_backs, n);
  }
  core().read_back();
  EXPECT_EQ(health().read_backs, 10U) << "once";
  EXPECT_EQ(health().lost_writes, 0U);
}

TEST_F(ReadBack, a_pair_that_was_written_over_is_read_once) {
  for (std::uint64_t n = 1; n <= 7; ++n) write(n);
  core().read_back();
  EXPECT_EQ(health().read_backs, layout::pair_count);
}

TEST_F(ReadBack, a_lost_write_is_found_and_written_again_where_it_was_lost) {
  for (std::uint64_t n = 1; n <= 3; ++n) write(n);
  core().read_back();
  lose_next_write();
  write(4);
  const std::uint64_t generation = rig_.journal().record().generation;
  core().read_back();
  EXPECT_EQ(health().lost_writes, 1U);
  EXPECT_EQ(rig_.journal().record().generation, generation + 1);
  const std::uint64_t g = generation + 1;
  EXPECT_EQ(generations(), (std::multiset<std::uint64_t>{g - 3, g - 3, g - 2, g - 2, g, g}));
  EXPECT_EQ(floor_after_power_cut(), 4U);
}

TEST_F(ReadBack, a_pair_that_is_written_over_while_it_is_read_is_read_again) {
  for (std::uint64_t n = 1; n <= 3; ++n) write(n);
  scene_.disk.on_read = [&, once = true]() mutable {
    if (!std::exchange(once, false)) return;
    lose_next_write();
    for (std::uint64_t n = 4; n <= 6; ++n) write(n);  // the first is lost, to the pair just read
  };
  core().read_back();
  core().read_back();
  EXPECT_EQ(health().lost_writes, 1U);
}

TEST_F(ReadBack, a_pair_that_cannot_be_read_just_now_is_not_written_over) {
  for (std::uint64_t n = 1; n <= 3; ++n) write(n);
  core().read_back();
  write(4);
  const std::uint64_t newest = rig_.journal().record().generation;
  std::size_t pair = 0;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const auto found =
        codec::decode(scene_.disk.medium_block(layout::slot_offset(slot) / block_bytes), slot);
    if (found.record->generation == newest) pair = slot / 2;
  }
  for (const std::size_t slot : {pair * 2, pair * 2 + 1}) {
    scene_.disk.make_unreadable(layout::slot_offset(slot) / block_bytes);
  }
  std::uint64_t wrote_at = 0;
  scene_.disk.on_write = [&](std::uint64_t) {
    if (wrote_at++ > 0) return;
    scene_.disk.clear_faults();  // it was a moment's trouble
  };
  core().read_back();
  EXPECT_EQ(wrote_at, 1U);
  EXPECT_EQ(generations().count(newest), 2U) << "the only copies of the newest";
  EXPECT_EQ(generations().count(newest + 1), 2U);
}

TEST_F(ReadBack, the_evidence_of_a_misdirected_write_is_not_written_over) {
  for (std::uint64_t n = 1; n <= 6; ++n) {
    write(n);
    core().read_back();
  }
  const auto by = static_cast<std::int64_t>(layout::pair_stride / block_bytes);
  const bool at_the_end = rig_.journal().record().generation % layout::pair_count == 0;
  scene_.disk.fault_at(scene_.disk.calls(),
                       {.kind = CallFault::Kind::misdirect, .target = at_the_end ? by : -by});
  write(7);
  const std::uint64_t newest = rig_.journal().record().generation;
  core().read_back();
  EXPECT_EQ(health().lost_writes, 1U);
  unsigned evidence = 0;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const auto found =
        codec::decode(scene_.disk.medium_block(layout::slot_offset(slot) / block_bytes), slot);
    const bool stray = found.health == SlotHealth::misplaced && found.record->generation == newest;
    evidence += stray ? 1U : 0U;
  }
  EXPECT_EQ(evidence, 2U) << "until the newest stands in its place, it is all that there is";
  EXPECT_EQ(generations().count(newest + 1), 2U);
  EXPECT_EQ(floor_after_power_cut(), 7U);
}

TEST_F(ReadBack, half_a_pair_that_was_lost_is_found) {
  for (const std::size_t slot : {0U, 1U}) {
    const std::uint64_t before = health().lost_writes;
    for (std::uint64_t n = 0; n < layout::pair_count; ++n) write(scene_.oracle.held + 1);
    const std::uint64_t block = layout::slot_offset(slot) / block_bytes;
    Block other = scene_.disk.visible_block(block);
    other[100] ^= std::byte{1};
    scene_.disk.put_block(block, other);
    core().read_back();
    EXPECT_EQ(health().lost_writes, before + 1) << slot;
  }
}

TEST_F(ReadBack, a_dropped_permit_leaves_nothing_unproven) {
  write(1);
  lose_next_write();
  write(2);
  { const WritePermit dropped = std::move(rig_.permit()); }
  EXPECT_EQ(health().lost_writes, 1U);
  EXPECT_EQ(floor_after_power_cut(), 2U);
}

TEST_F(ReadBack, what_the_beat_wrote_is_read_too) {
  write(1);
  core().read_back();
  lose_next_write();
  ASSERT_TRUE(core().beat(64));  // raises the ceiling
  core().read_back();
  EXPECT_EQ(health().lost_writes, 1U);
  rig_.close();
  Rig again(scene_);
  ASSERT_TRUE(again.open());
  EXPECT_GE(again.journal().verdict().ceiling, 64U);
}

TEST_F(ReadBack, one_slot_that_keeps_nothing_stops_nobody) {
  write(1);
  core().read_back();
  scene_.disk.forget_block(layout::slot_offset(3) / block_bytes);
  for (std::uint64_t n = 2; n <= 10; ++n) {
    write(n);
    core().read_back();
  }
  EXPECT_TRUE(health().degraded);
  EXPECT_GT(health().lost_writes, 1U);
  const std::uint64_t lost = health().lost_writes;
  for (std::uint64_t n = 11; n <= 20; ++n) {
    write(n);
    core().read_back();
  }
  EXPECT_EQ(health().lost_writes, lost) << "nothing more is expected of that slot";
  EXPECT_EQ(floor_after_power_cut(), 20U);
}

TEST_F(ReadBack, a_pair_that_keeps_nothing_is_not_believed) {
  write(1);
  for (const std::size_t slot : {2U, 3U}) {
    scene_.disk.forget_block(layout::slot_offset(slot) / block_bytes);
  }
  for (std::uint64_t n = 2; n <= 4; ++n) static_cast<void>(rig_.permit().write_sequence(n));
  core().read_back();
  const auto refused = rig_.permit().write_sequence(5);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::poisoned);
}

TEST_F(ReadBack, a_device_that_loses_everything_is_not_believed) {
  for (std::uint64_t call = 0; call < 400; ++call) {
    scene_.disk.fault_at(scene_.disk.calls() + call, {.kind = CallFault::Kind::lose});
  }
  const auto marked = rig_.run(clean);
  EXPECT_FALSE(marked);
  EXPECT_EQ(rig_.error()->code, Errc::not_durable);
}

/// Loses the first `lost` of the six writes of an activation.
void activate_losing(Rig& rig, Scene& scene, unsigned lost, bool& acknowledged) {
  // The flush of what the open read comes first, where it is owed.
  const std::uint64_t first = scene.disk.calls() + 1;
  for (unsigned i = 0; i < lost; ++i) {
    scene.disk.fault_at(first + i, {.kind = CallFault::Kind::lose});
  }
  acknowledged = rig.run(activate);
}

class Transition : public testing::Test {
 protected:
  void SetUp() override {
    {
      Rig rig(scene_);
      ASSERT_TRUE(rig.open() && rig.run(found) && rig.run(activate) && rig.run(event) &&
                  rig.run(clean));
    }
    scene_.disk.kill_process();
  }
  Scene scene_;
};

TEST_F(Transition, that_lost_one_write_is_degraded) {
  Rig rig(scene_);
  ASSERT_TRUE(rig.open());
  bool acknowledged = false;
  activate_losing(rig, scene_, 1, acknowledged);
  EXPECT_TRUE(acknowledged);
  EXPECT_TRUE(rig.journal().health().degraded);
}

TEST_F(Transition, that_lost_two_writes_is_not_acknowledged) {
  Rig rig(scene_);
  ASSERT_TRUE(rig.open());
  bool acknowledged = false;
  activate_losing(rig, scene_, 2, acknowledged);
  EXPECT_FALSE(acknowledged);
  EXPECT_EQ(rig.error()->code, Errc::not_durable);
}

TEST_F(Transition, to_dirty_is_never_elided) {
  {
    Rig rig(scene_);
    ASSERT_TRUE(rig.open() && rig.run(activate));
  }
  scene_.disk.kill_process();
  Rig rig(scene_);
  ASSERT_TRUE(rig.open());
  EXPECT_EQ(rig.journal().record().state, StoreState::dirty);
  const std::uint64_t writes = scene_.disk.writes();
  const std::uint64_t generation = rig.journal().record().generation;
  ASSERT_TRUE(rig.run(activate));
  EXPECT_EQ(scene_.disk.writes(), writes + slot_count);
  EXPECT_EQ(rig.journal().record().generation, generation + 1);
}

/// A doubt that healing has made invisible must still be told.
TEST(Doubt, outlives_the_healing) {
  Scene scene;
  {
    Rig rig(scene);
    ASSERT_TRUE(rig.open() && rig.run(found) && rig.run(activate) && rig.run(event));
  }
  scene.disk.kill_process();
  for (const std::size_t slot : {0U, 2U, 4U}) {
    Block block = scene.disk.visible_block(layout::slot_offset(slot) / block_bytes);
    block[3000] ^= std::byte{1};
    scene.disk.put_block(layout::slot_offset(slot) / block_bytes, block);
  }
  for (int open = 0; open < 2; ++open) {
    Rig rig(scene);
    ASSERT_TRUE(rig.open());
    EXPECT_EQ(rig.journal().verdict().certainty, Certainty::at_least) << "open " << open;
  }
}

}  // namespace
}  // namespace storemark::sim
