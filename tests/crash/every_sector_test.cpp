// SPDX-License-Identifier: Apache-2.0
// One write cut: every subset of its 512-byte sectors dropped, kept or garbage, and every byte
// boundary.
#include <gtest/gtest.h>

#include <cstring>

#include "support/explore.hpp"

namespace storemark::sim {
namespace {

using enum Op;

struct Sector {
  std::uint64_t block;
  std::size_t number;
};

/// The sectors of the blocks in flight whose fate matters.
std::vector<Sector> differing(const Disk& disk) {
  std::vector<Sector> out;
  for (const auto& write : disk.in_flight()) {
    for (std::size_t s = 0; s < block_bytes / sector_bytes; ++s) {
      const std::size_t at = s * sector_bytes;
      if (std::memcmp(write.before->data() + at, write.after->data() + at, sector_bytes) != 0) {
        out.push_back({write.block, s});
      }
    }
  }
  return out;
}

class EverySector : public testing::Test {
 protected:
  void open_and_check(Branch branch, const std::string& how) {
    Rig rig(branch.scene);
    EXPECT_TRUE(rig.open()) << branch.story << how;
    EXPECT_TRUE(rig.violations().empty()) << rig.detail() << "\n" << branch.story << how;
    ++images_;
  }

  void every_subset(const Branch& cut) {
    const std::vector<Sector> sectors = differing(cut.scene.disk);
    ASSERT_LE(sectors.size(), 10U) << "3^n images";
    std::size_t images = 1;
    for (std::size_t i = 0; i < sectors.size(); ++i) images *= 3;
    for (std::size_t image = 0; image < images && !HasFailure(); ++image) {
      Branch out = cut;
      out.scene.disk.power_cut(
          [&](std::uint64_t block, std::size_t number) {
            std::size_t digits = image;
            for (const Sector& sector : sectors) {
              if (sector.block == block && sector.number == number) {
                return static_cast<Fate>(digits % 3);
              }
              digits /= 3;
            }
            return Fate::dropped;
          },
          9);
      open_and_check(std::move(out), ", sectors " + std::to_string(image));
    }
  }

  /// The device stops at a byte: what was written before it is new, the rest old.
  void every_byte(const Branch& cut) {
    const auto in_flight = cut.scene.disk.in_flight();
    for (std::size_t total = 0; total <= in_flight.size() * block_bytes && !HasFailure(); ++total) {
      Branch out = cut;
      out.scene.disk.power_cut([](std::uint64_t, std::size_t) { return Fate::dropped; }, 9);
      for (std::size_t i = 0; i < in_flight.size(); ++i) {
        const std::size_t from = i * block_bytes;
        const std::size_t bytes = total <= from ? 0 : std::min(total - from, block_bytes);
        if (bytes == 0) continue;
        Block mixed = *in_flight[i].before;
        std::memcpy(mixed.data(), in_flight[i].after->data(), bytes);
        out.scene.disk.put_block(in_flight[i].block, mixed);
      }
      open_and_check(std::move(out), ", stopped at byte " + std::to_string(total));
    }
  }

  /// Cuts the last op inside each of its writes.
  template <class Visit>
  void each_write(const std::vector<Op>& ops, Visit visit) {
    for (std::uint64_t call = 0;; ++call) {
      Branch cut;
      bool finished = false;
      {
        Rig rig(cut.scene);
        ASSERT_TRUE(rig.open());
        for (std::size_t i = 0; i + 1 < ops.size(); ++i) ASSERT_TRUE(rig.run(ops[i]));
        cut.scene.disk.reset_calls();
        cut.scene.disk.fault_at(call, {.kind = CallFault::Kind::crash, .when = When::inside});
        finished = rig.run(ops.back()) && !cut.scene.disk.dead() && cut.scene.disk.calls() <= call;
      }
      if (finished) break;
      if (!cut.scene.disk.dead() || cut.scene.disk.in_flight().empty()) continue;
      cut.story = std::string(to_string(ops.back())) + ", cut inside call " + std::to_string(call);
      visit(cut);
    }
  }

  void run(const std::vector<Op>& ops) {
    each_write(ops, [&](const Branch& cut) { every_subset(cut); });
    each_write(ops, [&](const Branch& cut) { every_byte(cut); });
    EXPECT_GT(images_, 8192U);
  }

  std::size_t images_ = 0;
};

TEST_F(EverySector, of_a_sequence_write) { run({found, activate, event, event, event}); }
TEST_F(EverySector, of_an_activation) { run({found, activate}); }
TEST_F(EverySector, of_a_clean_shutdown) { run({found, activate, event, clean}); }
TEST_F(EverySector, of_a_view_change) { run({found, activate, event, view}); }
TEST_F(EverySector, of_an_update) { run({found, activate, event, clean, activate, event}); }

}  // namespace
}  // namespace storemark::sim
