// SPDX-License-Identifier: Apache-2.0
// A transition, beside six raw durable writes of one block. It also reads all six back.
#include "active_journal.hpp"
#include "groups.hpp"
#include "raw_file.hpp"

namespace storemark::bench {
namespace {

constexpr std::size_t slots = 6;

Contender raw_writes(const std::filesystem::path& directory, const std::string& name,
                     RawFile::How how, bool read_back) {
  auto file = std::make_shared<RawFile>(directory / name, how);
  Contender out;
  out.name = name;
  out.is_baseline = !read_back;
  out.once = [file, read_back] {
    return timed([&] {
      for (std::size_t slot = 0; slot < slots; ++slot) file->write(slot_offset(slot), block_bytes);
      for (std::size_t slot = 0; read_back && slot < slots; ++slot) {
        file->read(slot_offset(slot), block_bytes);
      }
    });
  };
  return out;
}

/// Activates and marks clean in turn, and times one of the two.
Contender transition(const std::filesystem::path& directory, bool activating) {
  const std::string name = activating ? "activate" : "mark_clean";
  auto active = std::make_shared<ActiveJournal>(directory / name, Options{});
  active->mark_clean();
  Contender out;
  out.name = name;
  out.once = [active, activating] {
    const auto up = timed([&] { active->activate(); });
    const auto down = timed([&] { active->mark_clean(); });
    return activating ? up : down;
  };
  return out;
}

}  // namespace

Group transition_group(const std::filesystem::path& directory, Effort effort) {
  const Plan plan = effort == Effort::full ? Plan{60, 4, {}} : Plan{2, 2, {}};
  Group group("transition", plan);
  const auto here = directory / "transition";
  std::filesystem::create_directories(here);
  group.add(transition(here, true));
  group.add(transition(here, false));
  group.add(raw_writes(here, "six x pwrite + fdatasync", RawFile::How::buffered, false));
  group.add(raw_writes(here, "six x O_DIRECT + RWF_DSYNC", RawFile::How::direct, false));
  group.add(raw_writes(here, "the same, and six reads", RawFile::How::direct, true));
  return group;
}

}  // namespace storemark::bench
