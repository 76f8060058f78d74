// SPDX-License-Identifier: Apache-2.0
// Contenders measured in turns: each round gives every one of them a few turns, in an order
// that is shuffled anew, so that a drift of the machine, and what one leaves behind, hits all alike
// and a ratio is one of neighbours in time.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace storemark::bench {

struct Contender {
  std::string name;
  /// One turn. Returns how long it took: what it must do around it does not count.
  std::function<std::chrono::nanoseconds()> once;
  double operations = 1;     ///< in one turn
  bool is_baseline = false;  ///< of several, the fastest one is
  bool is_ours = false;      ///< of several, the first is set against every other
  std::string twin_of;       ///< the same thing once more: how far they differ is noise
};

struct Plan {
  std::size_t rounds = 0;
  std::size_t turns = 0;                ///< of each contender in a round
  std::chrono::microseconds pause{};    ///< before each turn
  std::chrono::milliseconds at_most{};  ///< begins no round after so long, two apart; zero: any
};

/// By contender, by round, by turn; in nanoseconds for one operation.
using Samples = std::vector<std::vector<std::vector<double>>>;

[[nodiscard]] Samples run_rounds(const std::vector<Contender>& contenders, const Plan& plan);

/// The value below which `part` (0 to 1) of them lie. Not of none.
[[nodiscard]] double quantile(std::vector<double> values, double part);
[[nodiscard]] double median(const std::vector<double>& values);

/// How long `run` takes.
template <class Run>
std::chrono::nanoseconds timed(Run&& run) {
  const auto begun = std::chrono::steady_clock::now();
  run();
  return std::chrono::steady_clock::now() - begun;
}

}  // namespace storemark::bench
