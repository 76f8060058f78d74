// SPDX-License-Identifier: Apache-2.0
// Threads that each want their own next number durable, for so long.
#pragma once

#include <atomic>
#include <chrono>
#include <vector>

#include "keepers/keeper.hpp"

namespace storemark::bench {

struct Turnout {
  double per_second = 0;          ///< durable increments, of all threads together
  std::vector<double> latencies;  ///< of each of them, in nanoseconds
  double processor_ns = 0;        ///< of this process, kernel and all, for each of them
};

/// Each thread takes the next value of `counter` and puts it, again and again; none begins another
/// after `how_long`.
[[nodiscard]] Turnout run_writers(Keeper& keeper, std::atomic<std::uint64_t>& counter,
                                  unsigned threads, std::chrono::milliseconds how_long);

}  // namespace storemark::bench
