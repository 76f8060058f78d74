// SPDX-License-Identifier: Apache-2.0
#include "cli/rules.hpp"

#include <gtest/gtest.h>

#include <storemark/restart.hpp>

namespace storemark::cli {
namespace {

TEST(Rules, AreCutAtTheirHeadings) {
  const auto rules = cut_into_rules(
      "# Page\n\ntext\n\n## R1 (one)\n\n**When** a\nb `c`.\n**Then** d.\n\n- e\n- f\n\n## "
      "Other\n\nx\n"
      "## R10 (ten)\ny\n");
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].id, "R1");
  EXPECT_EQ(rules[0].title, "one");
  EXPECT_EQ(rules[0].page, "When a b c.\nThen d.\n\n- e\n- f");
  EXPECT_EQ(rules[1].id, "R10");
  EXPECT_EQ(rules[1].page, "y");
}

TEST(Rules, ThereIsAPageForEach) {
  ASSERT_EQ(rule_pages().size(), 14U);
  for (std::size_t i = 0; i < rule_pages().size(); ++i) {
    EXPECT_EQ(rule_pages()[i].id, to_string(static_cast<Rule>(i + 1)));
    EXPECT_GT(rule_pages()[i].page.size(), 100U);
  }
}

}  // namespace
}  // namespace storemark::cli
