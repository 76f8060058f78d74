// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <storemark/error.hpp>
#include <string>
#include <vector>

namespace storemark {
namespace {

struct Listed {
  std::string name;
  int number = 0;
};

/// Errc, as the header spells it: a new code without a page must not slip through.
std::vector<Listed> codes_in_the_header() {
  std::ifstream in(STOREMARK_ERROR_HEADER);
  std::vector<Listed> out;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("enum class Errc")) inside = true;
    if (line == "};") inside = false;
    std::istringstream words(line);
    Listed code;
    std::string equals;
    if (inside && words >> code.name >> equals >> code.number && equals == "=") {
      out.push_back(code);
    }
  }
  return out;
}

TEST(Explanations, EveryCodeHasAPage) {
  const auto listed = codes_in_the_header();
  EXPECT_GE(listed.size(), 29U);
  EXPECT_EQ(listed.size(), explanations().size());
  for (const Listed& code : listed) {
    const auto errc = static_cast<Errc>(code.number);
    EXPECT_EQ(error_name(errc), code.name);
    EXPECT_EQ(error_id(errc), "SM" + std::to_string(code.number));
  }
}

TEST(Explanations, AreOrderedByIdAndUnique) {
  std::set<std::string_view> ids;
  std::set<std::string_view> names;
  for (const Explanation& e : explanations()) {
    EXPECT_TRUE(ids.empty() || *ids.rbegin() < e.id) << e.id;
    EXPECT_TRUE(ids.insert(e.id).second) << e.id;
    EXPECT_TRUE(names.insert(e.name).second) << e.name;
  }
}

TEST(Explanations, SayWhatToDo) {
  for (const Explanation& e : explanations()) {
    EXPECT_FALSE(e.summary.empty()) << e.id;
    EXPECT_LE(e.summary.size(), 100U) << e.id;
    EXPECT_EQ(e.summary.find('\n'), std::string_view::npos) << e.id;
    EXPECT_NE(e.page.find("What to do:"), std::string_view::npos) << e.id;
    EXPECT_FALSE(e.page.ends_with('\n')) << e.id;
  }
}

TEST(Explanations, ANumberThatIsNoCodeHasNone) {
  EXPECT_EQ(error_id(static_cast<Errc>(999)), "SM000");
  EXPECT_EQ(error_name(static_cast<Errc>(0)), "unknown");
}

TEST(Explanations, AnErrorIsOneLine) {
  const Error error{Errc::journal_damaged, "it did not open", "/data", "no slot", "repair it", 0};
  EXPECT_EQ(to_string(error), "SM203 it did not open (/data): no slot; repair it");
}

}  // namespace
}  // namespace storemark
