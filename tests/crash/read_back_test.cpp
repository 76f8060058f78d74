// SPDX-License-Identifier: Apache-2.0
// What the read-back behind the acknowledgement finds, and what revoking a permit stops, on a
// device that is watched.
#include <gtest/gtest.h>

#include <thread>

#include "journal/core.hpp"
#include "journal/open.hpp"
#include "support/explore.hpp"

namespace storemark::sim {
namespace {

using enum Op;

class ReadBack : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(rig_.open() && rig_.run(found) && rig_.run(activate)); }
  /// The device acknowledges the next command that is a write, and does not do it.
  void lose_next_write() {
    // The read-back of the write before begins just ahead of it.
    const std::uint64_t reads_first = rig_.journal().health().sequence_writes > 0 ? 1 : 0;
    scene_.disk.fault_at(scene_.disk.calls() + reads_first, {.kind = CallFault::Kind::lose});
  }

  Scene scene_;
  Rig rig_{scene_};
};

TEST_F(ReadBack, every_sequence_write_is_read_back) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(rig_.run(event));
  const Health health = rig_.journal().health();
  EXPECT_EQ(health.sequence_writes, 20U);  // each event reserves, then writes
  EXPECT_GE(health.read_backs, health.sequence_writes - 2);
  EXPECT_EQ(health.lost_writes, 0U);
}

TEST_F(ReadBack, a_lost_write_is_found_before_the_next_but_one_and_written_again) {
  ASSERT_TRUE(rig_.run(event));
  lose_next_write();
  ASSERT_TRUE(rig_.permit().write_sequence(2));  // lost
  scene_.oracle.held = 2;
  ASSERT_TRUE(rig_.permit().write_sequence(3));
  scene_.oracle.held = 3;
  ASSERT_TRUE(rig_.permit().write_sequence(4));
  scene_.oracle.held = scene_.oracle.acked_floor = 4;
  EXPECT_EQ(rig_.journal().health().lost_writes, 1U);
}

TEST_F(ReadBack, the_beat_reads_back_at_once) {
  ASSERT_TRUE(rig_.run(event));
  lose_next_write();
  Core& core = CoreAccess::core(rig_.journal());
  ASSERT_TRUE(core.beat(64));  // raises the ceiling; the write is lost, found, and done again
  EXPECT_EQ(rig_.journal().health().lost_writes, 1U);
  scene_.disk.power_cut([](std::uint64_t, std::size_t) { return Fate::dropped; }, 9);
  rig_.close();
  Rig again(scene_);
  ASSERT_TRUE(again.open());
  EXPECT_GE(again.journal().verdict().ceiling, 64U);
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

/// A sequence write that waits while the store is being marked clean must not come after it.
TEST(Revoking, lets_no_waiting_write_through) {
  Scene scene;
  Rig rig(scene);
  ASSERT_TRUE(rig.open() && rig.run(found) && rig.run(activate) && rig.run(event));
  Core& core = CoreAccess::core(rig.journal());
  std::thread waiting;
  Result<void> answer;
  bool started = false;
  scene.disk.on_write = [&](std::uint64_t) {
    if (started) return;
    started = true;
    waiting = std::thread([&] { answer = core.write_sequence(2); });
    // Until it has found the gate shut, or waits for its turn.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  ASSERT_TRUE(rig.run(clean));
  waiting.join();
  scene.disk.on_write = nullptr;
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::permit_revoked);
  rig.close();
  Rig again(scene);
  ASSERT_TRUE(again.open());
  EXPECT_EQ(again.journal().verdict().state, StoreState::clean);
  EXPECT_EQ(again.journal().verdict().floor, 1U);
}

}  // namespace
}  // namespace storemark::sim
