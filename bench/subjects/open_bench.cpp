// SPDX-License-Identifier: Apache-2.0
// Opening a store's record after a restart and reading it: ours beside its six blocks read from the
// device, and the engines. After a clean end and after a kill, with warm caches and with cold ones.
// Each turn opens a fresh copy, synced: an open may change what it opens.
#include <csignal>

#include "../active_journal.hpp"
#include "../cold.hpp"
#include "../group.hpp"
#include "../keepers/keeper.hpp"
#include "../raw_file.hpp"
#include "../subject.hpp"
#include "../victim.hpp"

namespace storemark::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t puts = 100;

/// What is to be opened, and how. What `open` returns closes it.
struct Store {
  std::string name;
  fs::path made;
  std::function<std::shared_ptr<void>(const fs::path&)> open;
};

/// Where something is to be healed that is another thing to measure.
std::shared_ptr<void> open_journal(const fs::path& directory, bool heals) {
  const StoreFacts facts{StoreContent::holds_data, {}, {}};
  auto out = std::make_shared<Journal>(must(Journal::open(directory, facts)));
  if (heals != (out->health().healed_slots > 0))
    give_up("open", "healed what it should not, or not");
  return out;
}

/// The second slot of the newest pair: as if power had gone in the middle of its write.
void tear(const fs::path& directory) {
  const auto seen = must(examine(directory));
  std::size_t newest = 0;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const auto generation = [&](std::size_t of) { return seen.slots.at(of).record->generation; };
    if (generation(slot) >= generation(newest)) newest = slot;
  }
  RawFile::spoil(directory / journal_file_name, slot_offset(newest) + block_bytes / 2);
}

Store our_store(const fs::path& made, const std::string& how) {
  const fs::path at = made / ("storemark, " + how);
  if (how == "clean") {
    ActiveJournal(at, {}).mark_clean();
  } else {
    kill_after([&] {
      auto* const active = new ActiveJournal(at, {});
      for (std::uint64_t n = 1; n <= puts; ++n) must(active->permit().write_sequence(n));
    });
  }
  if (how == "torn write") tear(at);
  const bool heals = how == "torn write";
  return {"storemark, " + how, at,
          [heals](const fs::path& directory) { return open_journal(directory, heals); }};
}

Store engine_store(const fs::path& made, const std::string& name, bool killed) {
  const Way its = way(name);
  const std::string whole = name + (killed ? ", killed" : ", clean");
  const fs::path at = made / whole;
  const auto fill = [&](Keeper& keeper) {
    for (std::uint64_t n = 1; n <= puts; ++n) keeper.put(n);
  };
  if (killed) {
    kill_after([&] { fill(*its.open(at).release()); });
  } else {
    fill(*its.open(at));
  }
  return {whole, at, [its](const fs::path& directory) -> std::shared_ptr<void> {
            const std::shared_ptr<Keeper> keeper = its.open(directory);
            if (keeper->get() < puts) give_up(its.name, "lost what was durable");
            return keeper;
          }};
}

std::vector<Store> all_stores(const fs::path& made) {
  std::vector<Store> out;
  for (const char* how : {"clean", "dirty", "torn write"}) out.push_back(our_store(made, how));
  for (const char* name : {"LMDB", "SQLite WAL", "LevelDB", "RocksDB"}) {
    out.push_back(engine_store(made, name, false));
    out.push_back(engine_store(made, name, true));
  }
  return out;
}

Contender opening(const Store& store, const fs::path& work, Caches caches) {
  Contender out;
  out.name = store.name;
  out.is_ours = store.name == "storemark, clean";
  out.once = [store, work, caches] {
    fs::copy(store.made, work, fs::copy_options::recursive);
    settle(work, caches);
    std::shared_ptr<void> opened;
    const auto took = timed([&] { opened = store.open(work); });
    opened.reset();
    fs::remove_all(work);
    return took;
  };
  return out;
}

/// The six blocks, in reads of so many; the file is open already.
Contender raw_reads(const fs::path& directory, std::size_t blocks) {
  auto file = std::make_shared<RawFile>(directory / "raw", RawFile::How::direct);
  Contender out;
  out.name = blocks == 1 ? "O_DIRECT, six reads of 4 KiB" : "O_DIRECT, three reads of 8 KiB";
  out.is_baseline = blocks == 1;
  out.once = [file, blocks] {
    return timed([&] {
      for (std::size_t slot = 0; slot < slot_count; slot += blocks) {
        file->read(slot_offset(slot), blocks * block_bytes);
      }
    });
  };
  return out;
}

Table open_table(const std::string& name, const fs::path& directory,
                 const std::vector<Store>& stores, Caches caches, const Plan& plan) {
  Group group(name, plan);
  group.add(raw_reads(directory, 1));
  group.add(raw_reads(directory, 2));
  for (const Store& store : stores) group.add(opening(store, directory / "work", caches));
  return std::move(group).table();
}

Contender examining(const fs::path& directory, std::size_t count) {
  Contender out;
  out.name = "examine, " + std::to_string(count) + (count == 1 ? " store" : " stores, each");
  out.operations = static_cast<double>(count);
  out.is_ours = count == 1;
  std::vector<fs::path> stores;
  for (std::size_t i = 0; i < count; ++i) {
    stores.push_back(directory / ("examined-" + std::to_string(count) + "-" + std::to_string(i)));
    ActiveJournal(stores.back(), {}).mark_clean();
  }
  out.once = [stores] {
    return timed([&] {
      for (const auto& store : stores) static_cast<void>(must(examine(store)));
    });
  };
  return out;
}

Table examine_table(const fs::path& directory, const Store& lmdb, std::size_t many,
                    const Plan& plan) {
  Group group("examine, from the page cache", plan);
  Contender opened = opening(lmdb, directory / "work", Caches::warm);
  opened.name = "LMDB, open and read";
  opened.is_baseline = true;
  group.add(std::move(opened));
  group.add(examining(directory, 1));
  group.add(examining(directory, many));
  return std::move(group).table();
}

Tables open_tables(const fs::path& directory, Effort effort) {
  const auto plan = [&](std::size_t rounds, std::size_t turns, int seconds) {
    return Plan{rounds, turns, {}, std::chrono::seconds(seconds)};
  };
  const fs::path made = directory / "made";
  fs::create_directories(made);
  const std::vector<Store> stores = all_stores(made);
  const Caches cold = effort < Effort::normal ? Caches::own_files_cold : Caches::all_cold;
  Tables out;
  out.push_back(open_table(
      "open, warm", directory, stores, Caches::warm,
      by_effort(effort, plan(2, 1, 0), plan(12, 2, 12), plan(40, 4, 25), plan(200, 8, 300))));
  out.push_back(open_table(
      "open, cold", directory, stores, cold,
      by_effort(effort, plan(2, 1, 0), plan(6, 1, 8), plan(20, 2, 20), plan(100, 4, 300))));
  out.push_back(examine_table(
      directory, stores[3], by_effort<std::size_t>(effort, 4, 100, 100, 100),
      by_effort(effort, plan(2, 2, 0), plan(10, 3, 5), plan(40, 4, 10), plan(200, 8, 60))));
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "open", storemark::bench::open_tables,
                                       storemark::bench::engine_versions());
}
