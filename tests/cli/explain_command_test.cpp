// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <storemark/error.hpp>

#include "run_tool.hpp"

namespace storemark::cli_test {
namespace {

TEST(ExplainCommand, HasAPageForEveryError) {
  for (const Explanation& entry : explanations()) {
    const Ran ran = run_tool({"explain", std::string(entry.id)});
    EXPECT_EQ(ran.status, 0);
    EXPECT_TRUE(ran.says(std::string(entry.name))) << ran.out;
    EXPECT_GT(ran.out.size(), 80U) << ran.out;
  }
}

TEST(ExplainCommand, FindsItInAnySpelling) {
  const std::string page = run_tool({"explain", "SM203"}).out;
  for (const char* spelling : {"sm203", "203", "journal_damaged", "Journal_Damaged"}) {
    EXPECT_EQ(run_tool({"explain", spelling}).out, page) << spelling;
  }
}

TEST(ExplainCommand, Json) {
  const auto json = run_tool({"explain", "SM203", "--json"}).json();
  EXPECT_EQ(json["schema"], "storemark.explain/1");
  EXPECT_EQ(json["id"], "SM203");
  EXPECT_EQ(json["exit"], 6);
}

TEST(ExplainCommand, KnowsWhatWasMeant) {
  const Ran ran = run_tool({"explain", "journal-damage"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_TRUE(ran.complains("did you mean \"storemark explain journal_damaged\"?")) << ran.err;
  EXPECT_EQ(run_tool({"explain"}).status, 2);
  EXPECT_EQ(run_tool({"explain", "SM999"}).status, 2);
}

TEST(ExplainCommand, KnowsTheRules) {
  const Ran ran = run_tool({"explain", "r10"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.says("R10 clean stores\n")) << ran.out;
  EXPECT_TRUE(ran.says_in_words("the clean ones restore")) << ran.out;
  EXPECT_EQ(run_tool({"explain", "R10", "--json"}).json()["id"], "R10");
  EXPECT_EQ(run_tool({"explain", "R15"}).status, 2);
  EXPECT_TRUE(run_tool({"explain", "--help"}).says("R14")) << "and lists them";
}

TEST(ExplainCommand, ListsThePages) {
  const Ran ran = run_tool({"explain", "--help"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.says("SM203 journal_damaged")) << ran.out;
}

}  // namespace
}  // namespace storemark::cli_test
