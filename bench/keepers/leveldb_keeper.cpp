// SPDX-License-Identifier: Apache-2.0
// LevelDB as it comes, with synced writes. Its writers share a sync by themselves.
#include <leveldb/db.h>

#include <cstring>

#include "keeper.hpp"

namespace storemark::bench {
namespace {

void check(const leveldb::Status& status) {
  if (!status.ok()) give_up("LevelDB", status.ToString());
}

class LevelDbKeeper : public Keeper {
 public:
  explicit LevelDbKeeper(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    leveldb::Options options;
    options.create_if_missing = true;
    leveldb::DB* database = nullptr;
    check(leveldb::DB::Open(options, directory.string(), &database));
    database_.reset(database);
    synced_.sync = true;
  }

  void put(std::uint64_t n) override {
    char value[sizeof n];
    std::memcpy(value, &n, sizeof n);
    check(database_->Put(synced_, "sequence", leveldb::Slice(value, sizeof value)));
  }

  std::uint64_t get() override {
    std::string value;
    check(database_->Get(leveldb::ReadOptions(), "sequence", &value));
    std::uint64_t n = 0;
    std::memcpy(&n, value.data(), std::min(sizeof n, value.size()));
    return n;
  }

 private:
  std::unique_ptr<leveldb::DB> database_;
  leveldb::WriteOptions synced_;
};

}  // namespace

std::vector<Way> leveldb_ways() {
  return {{"LevelDB", Family::engine, [](const std::filesystem::path& directory) {
             return std::make_unique<LevelDbKeeper>(directory);
           }}};
}

}  // namespace storemark::bench
