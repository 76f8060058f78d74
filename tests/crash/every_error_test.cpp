// SPDX-License-Identifier: Apache-2.0
// Each device call fails once, in each way: nothing is acknowledged, the handle is poisoned, and
// reopening tells the truth.
#include <gtest/gtest.h>

#include <cerrno>

#include "support/explore.hpp"

namespace storemark::sim {
namespace {

using enum Op;

struct Failure {
  const char* name;
  CallFault fault;
};

std::vector<Failure> failures() {
  std::vector<Failure> out;
  for (const auto& [name, code] : {std::pair{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EROFS", EROFS}}) {
    for (const When when : {When::before, When::inside, When::after}) {
      out.push_back({name, {.kind = CallFault::Kind::error, .when = when, .code = code}});
    }
  }
  // Reported once, the pages dropped, and "success" when asked again.
  out.push_back({"a sync that lies", {.kind = CallFault::Kind::error_once_then_lies, .code = EIO}});
  return out;
}

class EveryError : public testing::TestWithParam<std::vector<Op>> {
 protected:
  /// The session up to its last op; then the last op, whose n-th call fails.
  void fail_at(std::uint64_t call, const Failure& failure, bool& beyond) {
    const std::vector<Op>& ops = GetParam();
    Branch branch;
    branch.story =
        std::string(to_string(ops.back())) + ", call " + std::to_string(call) + ", " + failure.name;
    {
      Rig rig(branch.scene);
      ASSERT_TRUE(rig.open());
      for (std::size_t i = 0; i + 1 < ops.size(); ++i) ASSERT_TRUE(rig.run(ops[i]));
      branch.scene.disk.reset_calls();
      const std::uint64_t writes = branch.scene.disk.writes();
      branch.scene.disk.fault_at(call, failure.fault);
      const bool acknowledged = rig.run(ops.back());
      beyond = branch.scene.disk.calls() <= call;
      EXPECT_TRUE(rig.violations().empty()) << rig.detail() << "\n" << branch.story;
      if (!acknowledged && branch.scene.disk.writes() > writes) expect_poisoned(rig, branch);
    }
    branch.scene.disk.clear_faults();
    branch.scene.disk.kill_process();
    reopen(branch);
    branch.scene.disk.power_cut([](std::uint64_t, std::size_t) { return Fate::dropped; }, 9);
    reopen(branch);
  }

  /// Every later call says so, and writes nothing.
  void expect_poisoned(Rig& rig, const Branch& branch) {
    const std::uint64_t before = branch.scene.disk.writes();
    const auto again = rig.journal().found(InitialUuid(Uuid{{1}}));
    ASSERT_FALSE(again) << branch.story;
    const bool told =
        again.error().code == Errc::poisoned || again.error().code == Errc::permit_outstanding;
    EXPECT_TRUE(told) << to_string(again.error()) << "\n" << branch.story;
    if (GetParam().back() == event || GetParam().back() == view) {
      const auto write = rig.permit().write_sequence(1'000);
      ASSERT_FALSE(write) << branch.story;
      EXPECT_EQ(write.error().code, Errc::poisoned) << branch.story;
    }
    EXPECT_EQ(before, branch.scene.disk.writes()) << "wrote after an error\n" << branch.story;
    ++poisoned_;
  }

  void reopen(const Branch& branch) {
    Branch now = branch;
    Rig rig(now.scene);
    EXPECT_TRUE(rig.open()) << branch.story;
    EXPECT_TRUE(rig.violations().empty()) << rig.detail() << "\n" << branch.story;
  }

  unsigned poisoned_ = 0;
};

TEST_P(EveryError, is_told_and_nothing_is_acknowledged) {
  for (const Failure& failure : failures()) {
    bool beyond = false;
    for (std::uint64_t call = 0; !beyond; ++call) fail_at(call, failure, beyond);
  }
  EXPECT_GT(poisoned_, 0U);
}

std::string name_of(const testing::TestParamInfo<std::vector<Op>>& what) {
  return std::string(to_string(what.param.back())) + "_after_" +
         std::to_string(what.param.size() - 1);
}

INSTANTIATE_TEST_SUITE_P(all, EveryError,
                         testing::Values(std::vector<Op>{found}, std::vector<Op>{found, activate},
                                         std::vector<Op>{found, activate, event},
                                         std::vector<Op>{found, activate, event, event, event},
                                         std::vector<Op>{found, activate, event, view},
                                         std::vector<Op>{found, activate, event, clean},
                                         std::vector<Op>{found, activate, event, clean, activate},
                                         std::vector<Op>{found, begin_update},
                                         std::vector<Op>{found, begin_update, end_update}),
                         name_of);

TEST(EveryErrorInOpen, is_told_and_the_next_open_is_well) {
  Branch start;
  start = play(start, {found, activate, event, event},
               [](const Branch&, const Rig& rig) { ADD_FAILURE() << rig.detail(); });
  start.scene.disk.put_block(0, Block{});  // something to heal
  for (const Failure& failure : failures()) {
    for (std::uint64_t call = 0; call < 24; ++call) {
      Branch branch = start;
      branch.scene.disk.reset_calls();
      branch.scene.disk.fault_at(call, failure.fault);
      branch.story = std::string("open, call ") + std::to_string(call) + ", " + failure.name;
      {
        Rig rig(branch.scene);
        const bool opened = rig.open();
        if (!opened) {
          EXPECT_EQ(rig.violations(), std::vector{Violation::unusable}) << branch.story;
        }
      }
      branch.scene.disk.clear_faults();
      branch.scene.disk.kill_process();
      Rig rig(branch.scene);
      EXPECT_TRUE(rig.open()) << branch.story;
      EXPECT_TRUE(rig.violations().empty()) << rig.detail() << "\n" << branch.story;
    }
  }
}

/// One slot that can be neither read nor written stops no broker.
TEST(OneBadSlot, degrades_and_nothing_more) {
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    Branch branch;
    branch = play(branch, {found, activate, event},
                  [](const Branch&, const Rig& rig) { ADD_FAILURE() << rig.detail(); });
    const std::uint64_t block = layout::slot_offset(slot) / block_bytes;
    branch.scene.disk.break_block(block);
    branch.scene.disk.make_unreadable(block);
    Rig rig(branch.scene);
    ASSERT_TRUE(rig.open()) << rig.detail();
    EXPECT_TRUE(rig.journal().health().degraded);
    for (const Op op : {activate, event, event, event, event, view, clean}) {
      ASSERT_TRUE(rig.run(op)) << "slot " << slot << " " << to_string(op) << " "
                               << to_string(*rig.error());
    }
    EXPECT_TRUE(rig.journal().health().degraded);
    EXPECT_TRUE(rig.violations().empty()) << rig.detail();
  }
}

TEST(TwoBadSlots, are_refused_by_name) {
  Branch branch;
  branch = play(branch, {found, activate, event}, [](const Branch&, const Rig&) {});
  for (const std::size_t slot : {0U, 3U}) {
    branch.scene.disk.break_block(layout::slot_offset(slot) / block_bytes);
    branch.scene.disk.make_unreadable(layout::slot_offset(slot) / block_bytes);
  }
  Rig rig(branch.scene);
  ASSERT_FALSE(rig.open());
  EXPECT_EQ(rig.error()->code, Errc::io_failed);
}

}  // namespace
}  // namespace storemark::sim
