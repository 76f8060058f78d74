// SPDX-License-Identifier: Apache-2.0
#include "group.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>

namespace storemark::bench {
namespace {

constexpr double far_out = 0.999;

/// Where the 99.9th percentile could as well have come out: of rounds drawn anew from those that
/// were measured (bootstrap), the 10th and 90th percentile of what they give.
std::pair<double, double> tail_spread(const std::vector<std::vector<double>>& rounds) {
  constexpr int draws = 100;
  std::mt19937_64 random(1);  // NOLINT(cert-msc51-cpp): the same answer for the same samples
  std::uniform_int_distribution<std::size_t> which(0, rounds.size() - 1);
  std::vector<double> tails;
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<double> drawn;
    for (std::size_t i = 0; i < rounds.size(); ++i) {
      const auto& round = rounds[which(random)];
      drawn.insert(drawn.end(), round.begin(), round.end());
    }
    tails.push_back(quantile(std::move(drawn), far_out));
  }
  return {quantile(tails, 0.1), quantile(tails, 0.9)};
}

}  // namespace

Table Group::table() && {
  std::vector<std::string> names;
  for (const Contender& contender : contenders_) names.push_back(contender.name);
  const std::string name = name_;
  const auto self = std::make_shared<Group>(std::move(*this));
  return Table(name, std::move(names), [self] { return self->measure(); });
}

std::vector<Row> Group::measure() {
  samples_ = run_rounds(contenders_, plan_);
  choose_baseline();
  std::vector<Row> out;
  for (std::size_t i = 0; i < contenders_.size(); ++i) out.push_back(row(i));
  return out;
}

void Group::choose_baseline() {
  double fastest = 0;
  for (std::size_t i = 0; i < contenders_.size(); ++i) {
    if (!contenders_[i].is_baseline) continue;
    const double its = median(all(i));
    if (fastest > 0 && its >= fastest) continue;
    fastest = its;
    baseline_ = i;
  }
}

std::vector<double> Group::all(std::size_t contender) const {
  std::vector<double> out;
  for (const auto& round : samples_[contender]) out.insert(out.end(), round.begin(), round.end());
  return out;
}

std::vector<double> Group::ratios(std::size_t of, std::size_t to) const {
  std::vector<double> out;
  for (std::size_t round = 0; round < samples_[of].size(); ++round) {
    out.push_back(median(samples_[of][round]) / median(samples_[to][round]));
  }
  return out;
}

Row Group::row(std::size_t contender) const {
  const Contender& its = contenders_[contender];
  Row out;
  out.name = its.name;
  out.samples = all(contender);
  out.numbers.emplace_back("median_ns", median(out.samples));
  out.numbers.emplace_back("p99_ns", quantile(out.samples, 0.99));
  out.numbers.emplace_back("p999_ns", quantile(out.samples, far_out));
  const auto [low, high] = tail_spread(samples_[contender]);
  out.numbers.emplace_back("p999_low_ns", low);
  out.numbers.emplace_back("p999_high_ns", high);
  add_spread(out, "ratio", ratios(contender, baseline_));
  const auto ours = std::ranges::find(contenders_, true, &Contender::is_ours);
  if (ours != contenders_.end()) {
    const auto our = static_cast<std::size_t>(ours - contenders_.begin());
    add_spread(out, "ours", ratios(our, contender));
  }
  const auto twin = std::ranges::find(contenders_, its.twin_of, &Contender::name);
  if (twin != contenders_.end()) {
    add_spread(out, "twin",
               ratios(contender, static_cast<std::size_t>(twin - contenders_.begin())));
    char text[64];
    std::snprintf(text, sizeof text, "twins: %.3f (%.2f to %.2f)", out.number("twin"),
                  out.number("twin_p10"), out.number("twin_p90"));
    out.note = text;
  }
  if (contender == baseline_) out.note = "the baseline";
  return out;
}

}  // namespace storemark::bench
