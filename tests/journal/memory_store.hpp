// SPDX-License-Identifier: Apache-2.0
// A data directory in memory, whose journal tells what was done to it: for tests of order, where
// the fault model of tests/support would be too much.
#pragma once

#include <set>
#include <storemark/journal.hpp>
#include <string>
#include <vector>

#include "journal/blocks.hpp"
#include "journal/environment.hpp"

namespace storemark::test {

struct Memory {
  Bytes file{};
  bool read_back_proves = true;
  /// "0" a durable write of slot 0, "0+1" of a pair, "sync"; cached writes are not told.
  std::vector<std::string> log{};
  std::set<std::size_t> failing{};     ///< slots of which a write fails
  std::set<std::size_t> forgetful{};   ///< slots of which a write succeeds and does nothing
  std::set<std::size_t> unreadable{};  ///< places of which a read fails

  /// The log since the last call, words apart.
  [[nodiscard]] std::string told();
};

/// The environment of a store on `memory`, which must outlive it. Ids and times are counted. With
/// an empty file there is no journal yet.
[[nodiscard]] Environment environment_on(Memory& memory);
[[nodiscard]] std::unique_ptr<io::File> file_on(Memory& memory);

}  // namespace storemark::test
