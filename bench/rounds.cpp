// SPDX-License-Identifier: Apache-2.0
#include "rounds.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <thread>

namespace storemark::bench {
namespace {

void run_turns(const Contender& contender, const Plan& plan, std::vector<double>& samples) {
  samples.reserve(plan.turns);
  for (std::size_t turn = 0; turn < plan.turns; ++turn) {
    if (plan.pause.count() > 0) std::this_thread::sleep_for(plan.pause);
    const auto took = static_cast<double>(contender.once().count());
    samples.push_back(took / contender.operations);
  }
}

}  // namespace

Samples run_rounds(const std::vector<Contender>& contenders, const Plan& plan) {
  constexpr std::size_t least_rounds = 2;
  Samples samples(contenders.size());
  // A fixed order gives each the same neighbour before it in every round, and what that left
  // behind.
  std::mt19937_64 random(1);  // NOLINT(cert-msc51-cpp): the same order in every run
  std::vector<std::size_t> order(contenders.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto begun = std::chrono::steady_clock::now();
  // The first round only warms caches up.
  for (std::size_t round = 0; round <= plan.rounds; ++round) {
    const bool late =
        plan.at_most.count() > 0 && std::chrono::steady_clock::now() - begun > plan.at_most;
    if (late && round > least_rounds) break;
    std::ranges::shuffle(order, random);
    for (const std::size_t who : order) {
      std::vector<double> turns;
      run_turns(contenders[who], plan, turns);
      if (round > 0) samples[who].push_back(std::move(turns));
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
