// SPDX-License-Identifier: Apache-2.0
#include "cli/bounded_json.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace storemark::cli {
namespace {

std::string refused(const std::string& text) {
  try {
    static_cast<void>(parse_bounded(text));
    return "";
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(BoundedJson, ReadsJson) {
  EXPECT_EQ(parse_bounded(R"({"a": [1, {"b": null}], "c": "d"})")["a"][0], 1);
  for (const char* text : {"", "{", "[1,]", "{\"a\"}", "nul", "1 2"}) {
    EXPECT_EQ(refused(text), "it is not JSON") << text;
  }
}

TEST(BoundedJson, IsNotLedDeep) {
  EXPECT_EQ(refused(nested(most_json_depth)), "");
  EXPECT_EQ(refused(nested(most_json_depth + 1)), "it is nested too deeply");
  EXPECT_EQ(refused(std::string(10'000'000, '[')), "it is nested too deeply");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(refused(objects), "it is nested too deeply");
}

TEST(BoundedJson, IsNotDrownedInValuesOrFields) {
  std::string list = "[0";
  for (std::size_t i = 0; i < most_json_values; ++i) list += ",0";
  EXPECT_EQ(refused(list + "]"), "it has more than 2000000 values");
  const auto object = [](std::size_t fields) {
    std::string out = "{\"f\":0";
    for (std::size_t i = 1; i < fields; ++i) out += ",\"f" + std::to_string(i) + "\":0";
    return out + "}";
  };
  EXPECT_EQ(refused(object(most_json_fields)), "");
  EXPECT_EQ(refused(object(most_json_fields + 1)), "an object in it has more than 1000 fields");
  EXPECT_EQ(refused("[" + object(900) + "," + object(900) + "]"), "");
}

TEST(BoundedJson, ANumberIsWholeAndWithinBounds) {
  EXPECT_EQ(whole_number(7U, 7), 7U);
  EXPECT_EQ(whole_number(UINT64_MAX), UINT64_MAX);
  for (const char* text : {"-1", "1.0", "1e3", "\"7\"", "null", "true", "[]", "{}", "8"}) {
    EXPECT_THROW(static_cast<void>(whole_number(parse_bounded(text), 7)), std::invalid_argument)
        << text;
  }
}

}  // namespace
}  // namespace storemark::cli
