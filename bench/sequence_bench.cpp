// SPDX-License-Identifier: Apache-2.0
// A durable sequence write, beside the raw durable writes that it cannot be cheaper than.
#include "active_journal.hpp"
#include "groups.hpp"
#include "raw_file.hpp"

namespace storemark::bench {
namespace {

constexpr double target = 1.05;

Contender journal_write(const std::filesystem::path& directory, const std::string& name,
                        DurableWrite how) {
  Options options;
  options.durable_write = how;
  auto active = std::make_shared<ActiveJournal>(directory / name, options);
  Contender out;
  out.name = "write_sequence, " + name + " (" + std::string(active->mode().durable_write) + ")";
  out.target = how == DurableWrite::buffered ? 0 : target;
  out.once = [active, n = std::uint64_t{0}]() mutable {
    ++n;
    return timed([&] { must(active->permit().write_sequence(n)); });
  };
  return out;
}

Contender raw_write(const std::filesystem::path& directory, const std::string& name,
                    RawFile::How how, std::size_t bytes) {
  auto file = std::make_shared<RawFile>(directory / name, how);
  Contender out;
  out.name = name;
  out.is_baseline = bytes == block_bytes;
  out.once = [file, bytes, turn = std::size_t{0}]() mutable {
    turn = (turn + 2) % 6;
    return timed([&] { file->write(slot_offset(turn), bytes); });
  };
  return out;
}

/// What a journal asks of the device, without the journal: a pair, and the pair before read back.
Contender raw_write_and_read(const std::filesystem::path& directory) {
  auto file = std::make_shared<RawFile>(directory / "reading", RawFile::How::direct);
  Contender out;
  out.name = "the same, beside a read of the pair before";
  out.once = [file, turn = std::size_t{0}]() mutable {
    const std::size_t before = turn;
    turn = (turn + 2) % 6;
    return timed([&] {
      file->start_read(slot_offset(before), 2 * block_bytes);
      file->write(slot_offset(turn), 2 * block_bytes);
      file->finish_read();
    });
  };
  return out;
}

Group sequence_writes(Group group, const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  group.add(journal_write(directory, "automatic", DurableWrite::automatic));
  group.add(journal_write(directory, "direct", DurableWrite::direct));
  group.add(journal_write(directory, "buffered", DurableWrite::buffered));
  group.add(raw_write(directory, "pwrite + fdatasync, 4 KiB", RawFile::How::buffered, block_bytes));
  group.add(raw_write(directory, "O_DIRECT + RWF_DSYNC, 4 KiB", RawFile::How::direct, block_bytes));
  group.add(
      raw_write(directory, "O_DIRECT + RWF_DSYNC, 8 KiB", RawFile::How::direct, 2 * block_bytes));
  group.add(raw_write_and_read(directory));
  return group;
}

}  // namespace

Group sequence_group(const std::filesystem::path& directory, Effort effort) {
  const Plan plan = effort == Effort::full ? Plan{200, 16, {}} : Plan{2, 2, {}};
  return sequence_writes(Group("durable write, back to back", plan), directory / "sequence");
}

Group paced_sequence_group(const std::filesystem::path& directory, Effort effort) {
  constexpr std::chrono::microseconds pause{1000};
  const Plan plan = effort == Effort::full ? Plan{100, 10, pause} : Plan{2, 2, pause};
  return sequence_writes(Group("durable write, 1 ms apart", plan), directory / "paced");
}

}  // namespace storemark::bench
