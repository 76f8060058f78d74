// SPDX-License-Identifier: Apache-2.0
// Contenders that are measured together, and what came of it.
#pragma once

#include "rounds.hpp"

namespace storemark::bench {

/// How much: a real run, or one that only shows that it runs.
enum class Effort { full, tiny };

/// Of one contender; in nanoseconds.
struct Outcome {
  double median = 0;
  double p99 = 0;
  // The median of a round over the baseline's in the same round.
  double ratio = 0;
  double ratio_p10 = 0;
  double ratio_p90 = 0;
};

class Group {
 public:
  Group(std::string name, const Plan& plan) : name_(std::move(name)), plan_(plan) {}

  void add(Contender contender) { contenders_.push_back(std::move(contender)); }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<Contender>& contenders() const { return contenders_; }
  [[nodiscard]] std::size_t operations() const { return plan_.rounds * plan_.turns; }

  /// Measures all of them, the first time.
  void measure();
  [[nodiscard]] bool is_measured() const { return !samples_.empty(); }
  /// One after the other, round by round.
  [[nodiscard]] std::vector<double> samples(std::size_t contender) const;
  [[nodiscard]] Outcome outcome(std::size_t contender) const;
  [[nodiscard]] std::size_t baseline() const { return baseline_; }

 private:
  std::string name_;
  Plan plan_;
  std::vector<Contender> contenders_;
  Samples samples_;
  std::size_t baseline_ = 0;
};

/// A row for each contender that was measured: times, ratio, target.
void print_ratios(const std::vector<Group>& groups);

}  // namespace storemark::bench
