// SPDX-License-Identifier: Apache-2.0
// Opening a journal in which nothing is to be healed, beside reading its six blocks.
#include "active_journal.hpp"
#include "groups.hpp"
#include "raw_file.hpp"

namespace storemark::bench {
namespace {

constexpr double target = 1.5;
constexpr std::size_t slots = 6;

/// The six blocks, in reads of so many.
Contender raw_reads(const std::filesystem::path& directory, std::size_t blocks) {
  auto file = std::make_shared<RawFile>(directory / "raw", RawFile::How::direct);
  Contender out;
  out.name = blocks == 1 ? "O_DIRECT, six reads of 4 KiB" : "O_DIRECT, three reads of 8 KiB";
  out.is_baseline = blocks == 1;
  out.once = [file, blocks] {
    return timed([&] {
      for (std::size_t slot = 0; slot < slots; slot += blocks) {
        file->read(slot_offset(slot), blocks * block_bytes);
      }
    });
  };
  return out;
}

Contender opening(const std::filesystem::path& directory, bool clean) {
  const auto store = directory / (clean ? "clean" : "dirty");
  {
    ActiveJournal active(store, {});
    if (clean) active.mark_clean();
  }
  Contender out;
  out.name = std::string("Journal::open, ") + (clean ? "clean" : "dirty");
  out.target = target;
  out.once = [store] {
    const StoreFacts facts{StoreContent::holds_data, {}, {}};
    std::optional<Journal> journal;
    const auto took = timed([&] { journal = must(Journal::open(store, facts)); });
    if (journal->verdict().unsettled || journal->health().healed_slots > 0) std::abort();
    return took;
  };
  return out;
}

Contender examining(const std::filesystem::path& directory) {
  const auto store = directory / "clean";
  Contender out;
  out.name = "examine, clean (from the page cache)";
  out.once = [store] { return timed([&] { static_cast<void>(must(examine(store))); }); };
  return out;
}

}  // namespace

Group open_group(const std::filesystem::path& directory, Effort effort) {
  const Plan plan = effort == Effort::full ? Plan{100, 8, {}} : Plan{2, 2, {}};
  Group group("open, nothing to heal", plan);
  const auto here = directory / "open";
  std::filesystem::create_directories(here);
  group.add(raw_reads(here, 1));
  group.add(raw_reads(here, 2));
  group.add(opening(here, true));
  group.add(opening(here, false));
  group.add(examining(here));
  return group;
}

}  // namespace storemark::bench
