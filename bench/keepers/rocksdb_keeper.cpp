// SPDX-License-Identifier: Apache-2.0
// RocksDB with synced writes, as it comes and tuned for them: logs that are written over instead of
// growing, and a write path in two stages. Its writers share a sync by themselves.
#include <rocksdb/db.h>

#include <cstring>

#include "keeper.hpp"

namespace storemark::bench {
namespace {

struct Tuning {
  bool recycled = false;
  bool pipelined = false;
};

void check(const rocksdb::Status& status) {
  if (!status.ok()) give_up("RocksDB", status.ToString());
}

constexpr std::size_t log_bytes = std::size_t{8} << 20;

rocksdb::Options options(const Tuning& tuning) {
  rocksdb::Options out;
  out.create_if_missing = true;
  out.enable_pipelined_write = tuning.pipelined;
  if (tuning.recycled) {
    // RocksDB recycles no log in another mode of recovery: behind the end of a recycled one stands
    // what looks like corruption, and this one skips every corruption.
    out.recycle_log_file_num = 4;
    out.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  }
  return out;
}

class RocksDbKeeper : public Keeper {
 public:
  RocksDbKeeper(const std::filesystem::path& directory, const Tuning& tuning) {
    std::filesystem::create_directories(directory);
    rocksdb::DB* database = nullptr;
    check(rocksdb::DB::Open(options(tuning), directory.string(), &database));
    database_.reset(database);
    synced_.sync = true;
    if (tuning.recycled) fill_logs();
  }
  ~RocksDbKeeper() override { static_cast<void>(database_->Close()); }

  void put(std::uint64_t n) override {
    char value[sizeof n];
    std::memcpy(value, &n, sizeof n);
    check(database_->Put(synced_, "sequence", rocksdb::Slice(value, sizeof value)));
  }

  std::uint64_t get() override {
    std::string value;
    check(database_->Get(rocksdb::ReadOptions(), "sequence", &value));
    std::uint64_t n = 0;
    std::memcpy(&n, value.data(), std::min(sizeof n, value.size()));
    return n;
  }

 private:
  /// A log can be recycled once its memtable is on disk; the next log takes its place and blocks.
  void fill_logs() {
    constexpr std::size_t piece = std::size_t{1} << 20;
    constexpr int logs = 3;
    const std::string value(piece, 'x');
    for (int log = 0; log < logs; ++log) {
      for (std::size_t at = 0; at < log_bytes; at += piece) {
        check(database_->Put(rocksdb::WriteOptions(), "filler", value));
      }
      check(database_->Flush(rocksdb::FlushOptions()));
    }
    check(database_->Delete(rocksdb::WriteOptions(), "filler"));
    check(database_->SyncWAL());
  }

  std::unique_ptr<rocksdb::DB> database_;
  rocksdb::WriteOptions synced_;
};

Way rocks(const std::string& name, const Tuning& tuning) {
  return {name, Family::engine, [tuning](const std::filesystem::path& directory) {
            return std::make_unique<RocksDbKeeper>(directory, tuning);
          }};
}

}  // namespace

std::vector<Way> rocksdb_ways() {
  return {rocks("RocksDB", {}), rocks("RocksDB, recycled log", {true, false}),
          for_many(rocks("RocksDB, pipelined", {false, true})),
          for_many(rocks("RocksDB, recycled, pipelined", {true, true}))};
}

}  // namespace storemark::bench
