// SPDX-License-Identifier: Apache-2.0
#include <leveldb/db.h>
#include <lmdb.h>
#include <rocksdb/version.h>
#include <sqlite3.h>

#include "keeper.hpp"

namespace storemark::bench {

std::vector<std::pair<std::string, std::string>> engine_versions() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  mdb_version(&major, &minor, &patch);
  const auto dotted = [](int a, int b, int c) {
    return std::to_string(a) + "." + std::to_string(b) + "." + std::to_string(c);
  };
  return {{"LMDB", dotted(major, minor, patch)},
          {"SQLite", sqlite3_libversion()},
          {"LevelDB",
           std::to_string(leveldb::kMajorVersion) + "." + std::to_string(leveldb::kMinorVersion)},
          {"RocksDB", dotted(ROCKSDB_MAJOR, ROCKSDB_MINOR, ROCKSDB_PATCH)}};
}

}  // namespace storemark::bench
