// SPDX-License-Identifier: Apache-2.0
#include "group.hpp"

#include <cstdio>

namespace storemark::bench {
namespace {

struct Unit {
  const char* name;
  double nanoseconds;
};
Unit unit_for(double nanoseconds) {
  if (nanoseconds < 1e3) return {"ns", 1};
  return nanoseconds < 1e6 ? Unit{"us", 1e3} : Unit{"ms", 1e6};
}

}  // namespace

void Group::measure() {
  if (is_measured()) return;
  samples_ = run_rounds(contenders_, plan_);
  double fastest = 0;
  for (std::size_t i = 0; i < contenders_.size(); ++i) {
    if (!contenders_[i].is_baseline) continue;
    const double its = median(samples(i));
    if (fastest > 0 && its >= fastest) continue;
    fastest = its;
    baseline_ = i;
  }
}

std::vector<double> Group::samples(std::size_t contender) const {
  std::vector<double> out;
  out.reserve(operations());
  for (const auto& round : samples_[contender]) out.insert(out.end(), round.begin(), round.end());
  return out;
}

Outcome Group::outcome(std::size_t contender) const {
  const std::vector<double> all = samples(contender);
  std::vector<double> ratios;
  for (std::size_t round = 0; round < plan_.rounds; ++round) {
    ratios.push_back(median(samples_[contender][round]) / median(samples_[baseline_][round]));
  }
  return {median(all), quantile(all, 0.99), median(ratios), quantile(ratios, 0.1),
          quantile(ratios, 0.9)};
}

void print_ratios(const std::vector<Group>& groups) {
  std::printf("\n%-44s %10s %10s   %-22s %s\n", "", "median", "p99", "ratio (p10 to p90)",
              "target");
  for (const Group& group : groups) {
    if (!group.is_measured()) continue;
    std::printf("%s\n", group.name().c_str());
    for (std::size_t i = 0; i < group.contenders().size(); ++i) {
      const Contender& contender = group.contenders()[i];
      const Outcome its = group.outcome(i);
      const Unit unit = unit_for(its.median);
      std::printf("  %-42s %7.1f %s %7.1f %s   ", contender.name.c_str(),
                  its.median / unit.nanoseconds, unit.name, its.p99 / unit.nanoseconds, unit.name);
      if (i == group.baseline()) {
        std::printf("%-22s\n", "1 (the baseline)");
        continue;
      }
      std::printf("%.2f (%.2f to %.2f)     ", its.ratio, its.ratio_p10, its.ratio_p90);
      if (contender.target > 0) {
        std::printf("%.2f: %s", contender.target, its.ratio <= contender.target ? "met" : "MISSED");
      }
      std::printf("\n");
    }
  }
  std::fflush(stdout);
}

}  // namespace storemark::bench
