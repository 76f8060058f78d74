// SPDX-License-Identifier: Apache-2.0
// LMDB as it comes: one transaction for each number.
#include <lmdb.h>

#include <cstring>

#include "keeper.hpp"

namespace storemark::bench {
namespace {

void check(int code, const char* what) {
  if (code != MDB_SUCCESS) give_up(what, mdb_strerror(code));
}

MDB_val value_of(void* data, std::size_t size) {
  MDB_val out;
  out.mv_size = size;
  out.mv_data = data;
  return out;
}

class LmdbKeeper : public Keeper {
 public:
  explicit LmdbKeeper(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    check(mdb_env_create(&environment_), "mdb_env_create");
    check(mdb_env_open(environment_, directory.c_str(), 0, 0600), "mdb_env_open");
    MDB_txn* transaction = nullptr;
    check(mdb_txn_begin(environment_, nullptr, MDB_RDONLY, &transaction), "mdb_txn_begin");
    check(mdb_dbi_open(transaction, nullptr, 0, &database_), "mdb_dbi_open");
    check(mdb_txn_commit(transaction), "mdb_txn_commit");
  }
  ~LmdbKeeper() override { mdb_env_close(environment_); }

  void put(std::uint64_t n) override {
    MDB_txn* transaction = nullptr;
    check(mdb_txn_begin(environment_, nullptr, 0, &transaction), "mdb_txn_begin");
    MDB_val key = value_of(key_, sizeof key_);
    MDB_val value = value_of(&n, sizeof n);
    check(mdb_put(transaction, database_, &key, &value, 0), "mdb_put");
    check(mdb_txn_commit(transaction), "mdb_txn_commit");
  }

  std::uint64_t get() override {
    MDB_txn* transaction = nullptr;
    check(mdb_txn_begin(environment_, nullptr, MDB_RDONLY, &transaction), "mdb_txn_begin");
    MDB_val key = value_of(key_, sizeof key_);
    MDB_val value{};
    check(mdb_get(transaction, database_, &key, &value), "mdb_get");
    std::uint64_t n = 0;
    std::memcpy(&n, value.mv_data, sizeof n);
    mdb_txn_abort(transaction);
    return n;
  }

 private:
  MDB_env* environment_ = nullptr;
  MDB_dbi database_ = 0;
  char key_[8] = {'s', 'e', 'q', 'u', 'e', 'n', 'c', 'e'};
};

}  // namespace

std::vector<Way> lmdb_ways() {
  return {{"LMDB", Family::engine, [](const std::filesystem::path& directory) {
             return std::make_unique<LmdbKeeper>(directory);
           }}};
}

}  // namespace storemark::bench
