// SPDX-License-Identifier: Apache-2.0
#include "json.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace storemark::bench {
namespace {

using Json = nlohmann::ordered_json;

/// Six digits, for counts; four are more than any time here is worth.
Json rounded(double value, int digits) {
  if (std::isnan(value)) return nullptr;
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  const double out = std::strtod(text, nullptr);
  if (out == std::floor(out) && std::abs(out) < 1e15) return static_cast<std::int64_t>(out);
  return out;
}

/// Every half per cent, and closer to the end.
std::vector<double> parts() {
  std::vector<double> out;
  for (int i = 0; i <= 198; ++i) out.push_back(i / 200.0);
  out.insert(out.end(), {0.995, 0.998, 0.999, 0.9995, 0.9999, 1});
  return out;
}

/// The value at each of parts().
Json curve(std::vector<double> samples) {
  std::ranges::sort(samples);
  Json out = Json::array();
  const auto last = static_cast<double>(samples.size() - 1);
  for (const double part : parts()) {
    out.push_back(rounded(samples[static_cast<std::size_t>(std::lround(part * last))], 4));
  }
  return out;
}

Json row_json(const Row& row) {
  Json out{{"name", row.name}};
  for (const auto& [key, value] : row.numbers) out["numbers"][key] = rounded(value, 6);
  if (!row.samples.empty()) {
    out["samples"] = row.samples.size();
    out["quantiles"] = curve(row.samples);
  }
  for (const auto& [key, values] : row.series) {
    for (const double value : values) out["series"][key].push_back(rounded(value, 6));
  }
  return out;
}

/// One line for each row: two runs can be compared with diff.
void write(std::ostream& out, const std::string& subject, const Context& context,
           std::vector<Table>& tables) {
  out << "{\"schema\": \"storemark.bench/1\", \"subject\": " << Json(subject)
      << ",\n\"context\": {";
  const char* between = "\n  ";
  for (const auto& [key, value] : context) {
    out << between << Json(key) << ": " << Json(value);
    between = ",\n  ";
  }
  out << "},\n\"quantiles\": " << Json(parts()) << ",\n\"tables\": [";
  const char* between_tables = "\n";
  for (Table& table : tables) {
    out << between_tables << "{\"name\": " << Json(table.name()) << ", \"rows\": [";
    between = "\n  ";
    for (const Row& row : table.measured()) {
      out << between << row_json(row);
      between = ",\n  ";
    }
    out << "]}";
    between_tables = ",\n";
  }
  out << "]}\n";
}

}  // namespace

bool write_json(const std::filesystem::path& file, const std::string& subject,
                const Context& context, std::vector<Table>& tables) {
  std::ofstream out(file);
  write(out, subject, context, tables);
  out.close();
  if (!out) std::fprintf(stderr, "cannot write %s\n", file.c_str());
  return static_cast<bool>(out);
}

}  // namespace storemark::bench
