// SPDX-License-Identifier: Apache-2.0
// What is measured together, and reported row by row: to Google Benchmark, on stdout and as JSON.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace storemark::bench {

struct Row {
  std::string name;
  /// In the order in which they are printed. The end of a key says what it is: "_ns", "_bytes", or
  /// a plain number.
  std::vector<std::pair<std::string, double>> numbers;
  /// Latencies in nanoseconds, for the curve; their quantiles go to the JSON. May be none.
  std::vector<double> samples;
  /// Values over the course of the run. May be none.
  std::vector<std::pair<std::string, std::vector<double>>> series;
  std::string note;  ///< printed at the end of the line

  [[nodiscard]] double number(const std::string& key) const;
};

/// The median of several, their 10th and 90th percentile and the median's own error, as `key`,
/// `key`_p10, `key`_p90 and `key`_error.
void add_spread(Row& row, const std::string& key, const std::vector<double>& values);

class Table {
 public:
  Table(std::string name, std::vector<std::string> names, std::function<std::vector<Row>()> measure)
      : name_(std::move(name)), names_(std::move(names)), measure_(std::move(measure)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Of the rows, before anything is measured.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool is_measured() const { return !rows_.empty(); }
  /// Measures all of them, the first time.
  const std::vector<Row>& measured();

 private:
  std::string name_;
  std::vector<std::string> names_;
  std::function<std::vector<Row>()> measure_;
  std::vector<Row> rows_;
};

void print(Table& table);

}  // namespace storemark::bench
