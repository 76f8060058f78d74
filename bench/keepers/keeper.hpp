// SPDX-License-Identifier: Apache-2.0
// The ways in which a broker can keep one rising number durable: ours, the bare system calls, the
// habits with files, the engines.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace storemark::bench {

class Keeper {
 public:
  Keeper() = default;
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  virtual ~Keeper() = default;

  /// Durable on return. Any thread; each does what its maker recommends for that.
  virtual void put(std::uint64_t n) = 0;
  /// What was put last. Reads it from where a restart would.
  virtual std::uint64_t get() = 0;
  /// How many flushes it has asked for, where it counts them itself.
  [[nodiscard]] virtual std::optional<std::uint64_t> flushes() const { return {}; }
};

enum class Family { ours, raw, habit, engine };

struct Way {
  std::string name;
  Family family;
  /// Opens what is in the directory, or makes it, and gets it into the state in which it is to be
  /// measured. Ends the program where it cannot.
  std::function<std::unique_ptr<Keeper>(const std::filesystem::path&)> open;
  bool for_many = false;  ///< differs from another of these only where many threads write
};

[[nodiscard]] inline Way for_many(Way way) {
  way.for_many = true;
  return way;
}

[[nodiscard]] std::vector<Way> our_ways();  ///< automatic, direct, buffered; shared or not
[[nodiscard]] std::vector<Way> raw_ways();  ///< system calls on a file that is there already
/// One of these that hashes what it writes: the least that any journal does which notices a torn
/// write.
[[nodiscard]] Way hashed_raw_way();
[[nodiscard]] std::vector<Way> habit_ways();  ///< what programs do without an engine
[[nodiscard]] std::vector<Way> lmdb_ways();
[[nodiscard]] std::vector<Way> sqlite_ways();
[[nodiscard]] std::vector<Way> leveldb_ways();
[[nodiscard]] std::vector<Way> rocksdb_ways();
[[nodiscard]] std::vector<Way> engine_ways();  ///< these four
[[nodiscard]] std::vector<Way> all_ways();

/// The one of this name. Ends the program where there is none.
[[nodiscard]] Way way(const std::string& name);

/// Names and versions of the engines.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> engine_versions();

/// Ends the program: there is nothing to measure then.
[[noreturn]] void give_up(const std::string& what, const std::string& why);

}  // namespace storemark::bench
