// SPDX-License-Identifier: Apache-2.0
// Long random histories of sessions, crashes, power cuts with random sectors, and one slot fault at
// a time. The seed is printed; STOREMARK_SEED replays it, STOREMARK_ROUNDS makes it longer.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "support/explore.hpp"

namespace storemark::sim {
namespace {

using enum Op;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class RandomHistory {
 public:
  explicit RandomHistory(std::uint64_t seed) : random_(seed) {
    branch_.scene.telling = static_cast<Telling>(below(3));
    branch_.scene.mode.direct = below(2) == 0;
  }

  void run(unsigned sessions) {
    for (unsigned i = 0; i < sessions && !testing::Test::HasFailure(); ++i) {
      session();
      end_of_session();
    }
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  void session() {
    Disk& disk = branch_.scene.disk;
    disk.reset_calls();
    if (below(3) == 0) {
      disk.fault_at(below(60),
                    {.kind = CallFault::Kind::crash, .when = static_cast<When>(below(3))});
    }
    Rig rig(branch_.scene);
    branch_.story += " | open";
    bool well = rig.open();
    bool active = false;
    bool founded = well && !rig.journal().record().initial.is_nil();
    for (unsigned ops = 0; well && ops < 12; ++ops) {
      const Op op = next(founded, active, rig);
      branch_.story += " " + std::string(to_string(op));
      well = rig.run(op);
      founded = true;
      active = op == activate || (active && op != clean && op != leave);
      if (op == clean && below(2) == 0) break;
    }
    EXPECT_TRUE(rig.violations().empty()) << rig.detail() << "\n after" << branch_.story;
  }

  Op next(bool founded, bool active, Rig& rig) {
    if (!founded) return found;
    const bool updating = rig.journal().record().state == StoreState::updating;
    if (active) {
      constexpr std::array ops{event, event, event, event, view, payload, clean, leave};
      return ops.at(below(ops.size()));
    }
    if (updating && update_begun_) {
      update_begun_ = false;
      return end_update;
    }
    update_begun_ = updating || below(4) == 0;
    return update_begun_ ? begin_update : activate;
  }

  void end_of_session() {
    update_begun_ = false;
    Disk& disk = branch_.scene.disk;
    if (below(3) == 0) {
      branch_.story += ", killed";
      disk.kill_process();
    } else {
      branch_.story += ", power cut";
      disk.power_cut([&](std::uint64_t, std::size_t) { return static_cast<Fate>(below(3)); },
                     below(2) == 0 ? 9 : 0);
    }
    if (disk.has_journal() && below(4) == 0) spoil_one_slot();
  }

  void spoil_one_slot() {
    const std::size_t slot = below(slot_count);
    branch_.story += ", slot " + std::to_string(slot) + " spoilt";
    Block block = branch_.scene.disk.visible_block(layout::slot_offset(slot) / block_bytes);
    block.at(below(block_bytes)) ^= std::byte{1};
    branch_.scene.disk.put_block(layout::slot_offset(slot) / block_bytes, block);
  }

  std::mt19937_64 random_;
  Branch branch_;
  bool update_begun_ = false;
};

TEST(RandomHistory, keeps_every_promise) {
  const std::uint64_t seed = number_from("STOREMARK_SEED", 20'261'122);
  const std::uint64_t rounds = number_from("STOREMARK_ROUNDS", 1'500);
  std::printf("STOREMARK_SEED=%lu STOREMARK_ROUNDS=%lu\n", static_cast<unsigned long>(seed),
              static_cast<unsigned long>(rounds));
  for (std::uint64_t round = 0; round < rounds && !HasFailure(); ++round) {
    RandomHistory history(seed + round);
    history.run(12);
    if (HasFailure())
      std::printf("failed: STOREMARK_SEED=%lu\n", static_cast<unsigned long>(seed + round));
  }
}

}  // namespace
}  // namespace storemark::sim
