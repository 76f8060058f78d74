// SPDX-License-Identifier: Apache-2.0
#include "cli/bounded_json.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace storemark::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Counts, and builds nothing; stops the parser where it is enough: a long list costs memory, a
/// long object time, and a deep one the stack of whoever walks it. (The parser's own callbacks
/// would take time in the square of a list.)
class Counter final : public Json::json_sax_t {
 public:
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  bool null() override { return value(); }
  bool boolean(bool /*value*/) override { return value(); }
  bool number_integer(number_integer_t /*value*/) override { return value(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return value(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return value(); }
  bool string(string_t& /*value*/) override { return value(); }
  bool binary(binary_t& /*value*/) override { return value(); }
  bool start_object(std::size_t /*elements*/) override { return open(); }
  bool start_array(std::size_t /*elements*/) override { return open(); }
  bool end_object() override { return shut(); }
  bool end_array() override { return shut(); }
  bool key(string_t& /*value*/) override {
    if (++fields_.at(depth_ - 1) <= most_json_fields) return true;
    return stop(fmt::format("an object in it has more than {} fields", most_json_fields));
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const Json::exception& /*problem*/) override {
    return stop("it is not JSON");
  }

 private:
  bool stop(std::string why) {
    problem_ = std::move(why);
    return false;
  }
  bool value() {
    if (++values_ <= most_json_values) return true;
    return stop(fmt::format("it has more than {} values", most_json_values));
  }
  bool open() {
    if (depth_ == most_json_depth) return stop("it is nested too deeply");
    fields_.at(depth_++) = 0;
    return value();
  }
  bool shut() {
    --depth_;
    return true;
  }

  std::string problem_;
  std::array<std::size_t, most_json_depth> fields_{};
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

Json parse_bounded(std::string_view text) {
  Counter counter;
  if (!Json::sax_parse(text, &counter)) throw std::invalid_argument(counter.problem());
  return Json::parse(text);
}

std::uint64_t whole_number(const Json& json, std::uint64_t most) {
  if (!json.is_number_unsigned() || json.get<std::uint64_t>() > most) {
    throw std::invalid_argument(
        fmt::format("{} is not a whole number from 0 to {}",
                    json.is_structured() ? "a list or an object" : json.dump(), most));
  }
  return json.get<std::uint64_t>();
}

}  // namespace storemark::cli
