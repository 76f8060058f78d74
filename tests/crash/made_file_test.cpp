// SPDX-License-Identifier: Apache-2.0
// Files that are made beside the journal and given its name: a new one, an adopted one, a repaired
// one. Cut in every call, the name denotes a whole journal, the old or the new, or nothing; once
// acknowledged, the new one.
#include <gtest/gtest.h>

#include <storemark/operator.hpp>

#include "journal/core.hpp"
#include "journal/create.hpp"
#include "journal/open.hpp"
#include "support/explore.hpp"

namespace storemark::sim {
namespace {

using enum Op;
using Work = std::function<bool(Environment&)>;

Environment environment_on(Disk& disk) {
  Environment out;
  out.directory = directory_on(disk);
  out.path = "simulated";
  out.new_id = [n = std::uint8_t{0}]() mutable {
    Uuid id;
    id.bytes.fill(++n);
    return id;
  };
  out.wall_clock = [] { return std::int64_t{1'000'000'000}; };
  out.steady_clock = [] { return std::chrono::steady_clock::time_point{}; };
  return out;
}

/// What an open that knows nothing of the store says; nothing where there is no file.
std::optional<Verdict> verdict_on(Disk& disk) {
  if (!disk.has_journal()) return std::nullopt;
  auto core = look_only(environment_on(disk), StoreFacts{}, Options{});
  if (core) return (*core)->verdict();
  ADD_FAILURE() << to_string(core.error());
  return Verdict{};
}

/// Does the work on a copy of the disk, cut at each call in each way; check(disk, finished).
void cut_each_call(const Disk& start, const Work& work,
                   const std::function<void(Disk&, bool)>& check) {
  unsigned cuts = 0;
  for (std::uint64_t call = 0, cut = 1; cut > 0; ++call) {
    cut = 0;
    for (const When when : {When::before, When::inside, When::after}) {
      Disk disk = start;
      disk.reset_calls();
      disk.fault_at(call, {.kind = CallFault::Kind::crash, .when = when});
      Environment environment = environment_on(disk);
      const bool finished = work(environment);
      environment.directory.reset();
      cut += disk.dead() ? 1U : 0U;
      cuts += disk.dead() ? 1U : 0U;
      for (std::size_t names = 0; names <= disk.pending_names(); ++names) {
        // Where it was not cut, this is what an acknowledgement is worth.
        for (const Fate fate : {Fate::dropped, Fate::kept, Fate::garbage}) {
          Disk after = disk;
          after.power_cut([&](std::uint64_t, std::size_t) { return fate; }, names);
          SCOPED_TRACE("cut at call " + std::to_string(call));
          check(after, finished);
        }
      }
    }
  }
  EXPECT_GT(cuts, 10U);
}

TEST(MadeFile, of_a_new_journal_has_its_name_once_acknowledged) {
  const Work create = [](Environment& environment) {
    Record record = first_record(environment);
    record.floor = record.ceiling = 7;
    record.state = StoreState::dirty;
    return create_journal(environment, record).has_value();
  };
  cut_each_call(Disk{}, create, [](Disk& disk, bool finished) {
    const auto verdict = verdict_on(disk);
    EXPECT_TRUE(verdict || !finished) << "acknowledged, and not there";
    if (!verdict) return;
    EXPECT_EQ(verdict->diagnosis, Diagnosis::none);
    EXPECT_EQ(verdict->floor, 7U);
    EXPECT_EQ(verdict->certainty, Certainty::exact);
  });
}

Disk damaged_disk() {
  Scene scene;
  {
    Rig rig(scene);
    EXPECT_TRUE(rig.open() && rig.run(found) && rig.run(activate) && rig.run(event));
  }
  scene.disk.kill_process();
  const std::uint64_t block = layout::slot_offset(1) / block_bytes;
  Block rotten = scene.disk.visible_block(block);
  rotten[2000] ^= std::byte{4};
  scene.disk.put_block(block, rotten);
  return scene.disk;
}

TEST(MadeFile, of_a_repair_takes_the_name_whole) {
  Disk start = damaged_disk();
  const auto before = verdict_on(start);
  start.kill_process();
  ASSERT_TRUE(before);
  const Work repair = [](Environment& environment) {
    const auto done = repair_on(environment, "kept");
    return done && done->rebuilt;
  };
  cut_each_call(start, repair, [&](Disk& disk, bool finished) {
    const auto verdict = verdict_on(disk);
    ASSERT_TRUE(verdict) << "the name is gone";
    EXPECT_EQ(verdict->state, before->state);
    EXPECT_EQ(verdict->floor, before->floor);
    EXPECT_EQ(verdict->ceiling, before->ceiling);
    if (finished) {
      EXPECT_GT(verdict->record->generation, before->record->generation);
      EXPECT_FALSE(verdict->unsettled);
      EXPECT_TRUE(disk.lookup("kept")) << "the damaged file is kept";
    }
  });
}

}  // namespace
}  // namespace storemark::sim
