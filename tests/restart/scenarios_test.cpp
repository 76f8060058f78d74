// SPDX-License-Identifier: Apache-2.0
// Every file in scenarios/ is decided as it says, in whatever order the members come; and together
// they show every rule, and RULES.md explains each. The expectations were written from DESIGN, not
// from the code.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <regex>
#include <set>

#include "restart/expectation.hpp"

namespace storemark {
namespace {

using namespace storemark::restart_test;

std::string gtest_name(const testing::TestParamInfo<std::string>& info) {
  std::string out = info.param;
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

/// "R4" out of "update from b R4"; "" where it names none.
std::string rule_in(const std::string& line) {
  const std::string last = line.substr(line.rfind(' ') + 1);
  const bool is_rule = last.size() > 1 && last[0] == 'R' &&
                       last.find_first_not_of("0123456789", 1) == std::string::npos;
  return is_rule ? last : "";
}

std::set<std::string> known_rules() {
  std::set<std::string> out;
  for (int i = 1; i <= 14; ++i) out.insert("R" + std::to_string(i));
  return out;
}

class Scenarios : public testing::TestWithParam<std::string> {};

TEST_P(Scenarios, is_decided_as_it_says) {
  const Case one = read_case(GetParam());
  EXPECT_EQ(text_of(said(decide(one.scenario.members), one)), text_of(one.expected))
      << GetParam() << ": " << one.what << "\n"
      << everything(decide(one.scenario.members));
}

TEST_P(Scenarios, is_decided_alike_in_every_order) {
  const Case one = read_case(GetParam());
  std::vector<Announcement> members = one.scenario.members;
  const std::string forward = everything(decide(members));
  std::reverse(members.begin(), members.end());
  EXPECT_EQ(everything(decide(members)), forward) << "reversed";
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    std::shuffle(members.begin(), members.end(), random);
    EXPECT_EQ(everything(decide(members)), forward) << "shuffled, seed " << seed;
  }
}

TEST_P(Scenarios, expects_something_of_every_member) {
  const Case one = read_case(GetParam());
  for (const std::string& name : one.scenario.names) {
    EXPECT_TRUE(one.expected.contains("member " + name)) << name;
  }
  EXPECT_FALSE(one.what.empty());
}

INSTANTIATE_TEST_SUITE_P(all, Scenarios, testing::ValuesIn(all_names()), gtest_name);

TEST(AllScenarios, show_every_rule_and_no_other) {
  std::set<std::string> shown;
  for (const std::string& name : all_names()) {
    for (const auto& [what, value] : read_case(name).expected) {
      if (what == "rule") {
        EXPECT_TRUE(known_rules().contains(value)) << name << ": " << value;
      }
      if (const std::string rule = rule_in(value); !rule.empty()) shown.insert(rule);
    }
  }
  EXPECT_EQ(shown, known_rules());
}

TEST(AllScenarios, are_many) { EXPECT_GE(all_names().size(), 64U); }

TEST(AllScenarios, are_written_in_lower_case_with_hyphens) {
  for (const std::string& name : all_names()) {
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string::npos) << name;
  }
}

// --- the page for people
// ---------------------------------------------------------------------------

std::string rules_page() {
  std::ifstream file(STOREMARK_RULES_PAGE);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(RulesPage, has_a_section_for_every_rule) {
  const std::string page = rules_page();
  for (const std::string& rule : known_rules()) {
    EXPECT_NE(page.find("\n## " + rule + " "), std::string::npos) << rule;
  }
}

TEST(RulesPage, names_scenarios_that_exist) {
  const std::string page = rules_page();
  const std::regex name("`([a-z-]+)\\.json`");
  const std::vector<std::string> names = all_names();
  auto found = std::sregex_iterator(page.begin(), page.end(), name);
  EXPECT_GE(std::distance(found, std::sregex_iterator()), 14);
  for (; found != std::sregex_iterator(); ++found) {
    EXPECT_TRUE(std::binary_search(names.begin(), names.end(), (*found)[1].str())) << found->str();
  }
}

}  // namespace
}  // namespace storemark
