// SPDX-License-Identifier: Apache-2.0
// Contenders that are measured together in rounds, and what came of it.
#pragma once

#include <memory>

#include "rounds.hpp"
#include "table.hpp"

namespace storemark::bench {

class Group {
 public:
  Group(std::string name, const Plan& plan) : name_(std::move(name)), plan_(plan) {}

  void add(Contender contender) { contenders_.push_back(std::move(contender)); }

  /// What must live as long as this can be measured.
  void keep(std::shared_ptr<void> what) { kept_ = std::move(what); }

  /// A row for each contender: times; its ratio to the baseline, that of ours to it, and to its
  /// twin, each the median of what single rounds give.
  [[nodiscard]] Table table() &&;

 private:
  [[nodiscard]] std::vector<Row> measure();
  [[nodiscard]] Row row(std::size_t contender) const;
  /// Round by round.
  [[nodiscard]] std::vector<double> ratios(std::size_t of, std::size_t to) const;
  [[nodiscard]] std::vector<double> all(std::size_t contender) const;
  void choose_baseline();

  std::shared_ptr<void> kept_;  // the last to go
  std::string name_;
  Plan plan_;
  std::vector<Contender> contenders_;
  Samples samples_;
  std::size_t baseline_ = 0;
};

}  // namespace storemark::bench
