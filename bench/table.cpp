// SPDX-License-Identifier: Apache-2.0
#include "table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "rounds.hpp"

namespace storemark::bench {
namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string format(double value, int digits, const char* unit = "") {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f%s", digits, value, unit);
  return text;
}

std::string human(const std::string& key, double value) {
  if (std::isnan(value)) return "-";
  if (ends_with(key, "_ns")) {
    if (value < 1e3) return format(value, 1, " ns");
    if (value < 1e6) return format(value / 1e3, 1, " us");
    return format(value / 1e6, 2, " ms");
  }
  if (value >= 1e4) return format(value, 0);
  return format(value, value >= 100 ? 1 : 2);
}

/// What stands in a column of its own: spreads stand beside their value, and the rest of what is
/// known is for the JSON.
bool has_column(const std::string& key) {
  for (const char* const end : {"_p10", "_p90", "_error", "_low_ns", "_high_ns"}) {
    if (ends_with(key, end)) return false;
  }
  return key.rfind("twin", 0) != 0;
}

std::string heading(const std::string& key) {
  return ends_with(key, "_ns") ? key.substr(0, key.size() - 3) : key;
}

std::string cell(const Row& row, const std::string& key) {
  const double low = row.number(key + "_p10");
  std::string out = human(key, row.number(key));
  if (std::isnan(low)) return out;
  return out + " (" + human(key, low) + " to " + human(key, row.number(key + "_p90")) + ")";
}

std::vector<std::string> cells(const Row& row, const Row& first) {
  std::vector<std::string> out = {"  " + row.name};
  for (const auto& [key, unused] : first.numbers) {
    if (has_column(key)) out.push_back(cell(row, key));
  }
  out.push_back(row.note);
  return out;
}

std::vector<std::string> headings(const std::string& name, const Row& first) {
  std::vector<std::string> out = {name};
  for (const auto& [key, unused] : first.numbers) {
    if (has_column(key)) out.push_back(heading(key));
  }
  out.emplace_back();
  return out;
}

}  // namespace

double Row::number(const std::string& key) const {
  const auto found = std::ranges::find(numbers, key, &std::pair<std::string, double>::first);
  return found == numbers.end() ? std::nan("") : found->second;
}

void add_spread(Row& row, const std::string& key, const std::vector<double>& values) {
  row.numbers.emplace_back(key, median(values));
  row.numbers.emplace_back(key + "_p10", quantile(values, 0.1));
  row.numbers.emplace_back(key + "_p90", quantile(values, 0.9));
  // Of a median, from how far the middle 80 % lie apart, which is 2.56 deviations of what is
  // normal.
  const double deviation = (quantile(values, 0.9) - quantile(values, 0.1)) / 2.56;
  row.numbers.emplace_back(key + "_error",
                           1.25 * deviation / std::sqrt(static_cast<double>(values.size())));
}

const std::vector<Row>& Table::measured() {
  if (!is_measured()) rows_ = measure_();
  return rows_;
}

void print(Table& table) {
  const auto& rows = table.measured();
  std::vector<std::vector<std::string>> lines = {headings(table.name(), rows.front())};
  for (const Row& row : rows) lines.push_back(cells(row, rows.front()));
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::printf("\n");
  for (const auto& line : lines) {
    std::printf("%-*s", static_cast<int>(widths.front()), line.front().c_str());
    for (std::size_t i = 1; i + 1 < line.size(); ++i) {
      std::printf("  %*s", static_cast<int>(widths[i]), line[i].c_str());
    }
    std::printf("%s%s\n", line.back().empty() ? "" : "  ", line.back().c_str());
  }
  std::fflush(stdout);
}

}  // namespace storemark::bench
