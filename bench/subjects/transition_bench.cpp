// SPDX-License-Identifier: Apache-2.0
// A transition, beside one raw durable write of a block, so that its ratio is in flushes. It writes
// six slots, one after the other, and reads them back as three pairs.
#include "../active_journal.hpp"
#include "../group.hpp"
#include "../raw_file.hpp"
#include "../subject.hpp"

namespace storemark::bench {
namespace {

constexpr std::size_t in_pair = 2;

Contender raw_writes(const std::filesystem::path& directory, const std::string& name,
                     std::size_t count, std::size_t reads) {
  auto file = std::make_shared<RawFile>(directory / name, RawFile::How::direct);
  Contender out;
  out.name = name;
  out.is_baseline = count == 1;
  out.once = [file, count, reads] {
    return timed([&] {
      for (std::size_t slot = 0; slot < count; ++slot) file->write(slot_offset(slot), block_bytes);
      for (std::size_t pair = 0; pair < reads; ++pair) {
        file->read(slot_offset(pair * in_pair), in_pair * block_bytes);
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
  out.is_ours = activating;
  out.once = [active, activating] {
    const auto up = timed([&] { active->activate(); });
    const auto down = timed([&] { active->mark_clean(); });
    return activating ? up : down;
  };
  return out;
}

Tables transition_tables(const std::filesystem::path& directory, Effort effort) {
  using std::chrono::milliseconds;
  Group group("transition",
              by_effort<Plan>(effort, {2, 2, {}, {}}, {20, 4, {}, milliseconds(5'000)},
                              {60, 8, {}, milliseconds(15'000)}, {300, 16, {}, {}}));
  group.add(raw_writes(directory, "one O_DIRECT + RWF_DSYNC, 4 KiB", 1, 0));
  group.add(transition(directory, true));
  group.add(transition(directory, false));
  group.add(raw_writes(directory, "six of them", slot_count, 0));
  group.add(raw_writes(directory, "six of them, and one read", slot_count, 1));
  group.add(raw_writes(directory, "six of them, and three reads", slot_count, 3));
  Tables out;
  out.push_back(std::move(group).table());
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "transition",
                                       storemark::bench::transition_tables);
}
