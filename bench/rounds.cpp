// SPDX-License-Identifier: Apache-2.0
#include "rounds.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <thread>

namespace storemark::bench {

Samples run_rounds(const std::vector<Contender>& contenders, const Plan& plan) {
  Samples samples(contenders.size());
  for (auto& of_one : samples) of_one.resize(plan.rounds);
  // A fixed order gives each the same neighbour before it in every round, and what that left
  // behind.
  std::mt19937_64 random(1);  // NOLINT(cert-msc51-cpp): the same order in every run
  std::vector<std::size_t> order(contenders.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // The first round only warms caches up.
  for (std::size_t round = 0; round <= plan.rounds; ++round) {
    std::ranges::shuffle(order, random);
    for (const std::size_t who : order) {
      for (std::size_t turn = 0; turn < plan.turns; ++turn) {
        if (plan.pause.count() > 0) std::this_thread::sleep_for(plan.pause);
        const auto took = static_cast<double>(contenders[who].once().count());
        if (round > 0) samples[who][round - 1].push_back(took / contenders[who].operations);
      }
    }
  }
  return samples;
}

double quantile(std::vector<double> values, double part) {
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = static_cast<std::ptrdiff_t>(std::lround(part * last));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

double median(const std::vector<double>& values) { return quantile(values, 0.5); }

}  // namespace storemark::bench
