// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>

#include "keeper.hpp"

namespace storemark::bench {
namespace {

void append(std::vector<Way>& to, const std::vector<Way>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

std::vector<Way> engine_ways() {
  std::vector<Way> out;
  for (const auto& ways : {lmdb_ways(), sqlite_ways(), leveldb_ways(), rocksdb_ways()}) {
    append(out, ways);
  }
  return out;
}

std::vector<Way> all_ways() {
  std::vector<Way> out;
  for (const auto& ways : {our_ways(), raw_ways(), engine_ways(), habit_ways()}) append(out, ways);
  return out;
}

Way way(const std::string& name) {
  for (Way& candidate : all_ways()) {
    if (candidate.name == name) return std::move(candidate);
  }
  give_up(name, "no such way");
}

void give_up(const std::string& what, const std::string& why) {
  std::fprintf(stderr, "bench: %s: %s\n", what.c_str(), why.c_str());
  std::exit(1);
}

}  // namespace storemark::bench
