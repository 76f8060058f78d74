// SPDX-License-Identifier: Apache-2.0
#include "cli/examine_table.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/stamp.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

/// No line is wider than the screen, but where a word is that must be copied whole, and in
/// commands.
void expect_fits(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool copied = line.find("/a/very/long/path") != std::string::npos;
    if (!copied && !line.starts_with("    storemark ")) {
      EXPECT_LE(columns(line), screen_columns()) << line;
    }
  }
}

TEST(ExamineTable, OneScreen) {
  EXPECT_EQ(examine_table(survey({dirty("b1", 1042), dirty("b2", 990)})),
            "cluster 01000000-0000-0000-0000-000000000001\n"
            "  RANK  STORE  STATE  SEQUENCE    VIEW        WRITTEN               SLOTS  USE\n"
            "  1     b1     dirty  1042 exact  09000000/0  2023-11-14T22:13:20Z  6/6    no\n"
            "  2     b2     dirty  990 exact   09000000/0  2023-11-14T22:13:20Z  6/6    no\n"
            "> latest: b1 (1042 exact)\n"
            "> none is clean. To go on from b1, mark it and start the brokers:\n"
            "    storemark mark-clean b1 --if-sequence 1042 --reason 'latest of 2 stores' "
            "--as-seen " +
                to_string(stamp_of(dirty("b1", 1042))) + " --compared b2@" +
                to_string(stamp_of(dirty("b2", 990))) + "\n");
}

TEST(ExamineTable, SaysPlainlyThatARankIsUnproven) {
  const std::string text =
      examine_table(survey({dirty("b1", 10), store("b2", StoreState::dirty, 8, 12)}));
  EXPECT_TRUE(contains(text, "  1?    b1")) << text;
  EXPECT_TRUE(contains(text, "?: the rank is not proven:")) << text;
  EXPECT_TRUE(contains(text, "b1: the ranges of b1 (10 exact) and b2 (8 to 12) meet")) << text;
}

TEST(ExamineTable, CleanIfTheTagMatches) {
  Store weak = dirty("b1", 10);
  weak.seen->verdict.clean_if_tag_matches = true;
  const std::string text = examine_table(survey({weak}));
  EXPECT_TRUE(contains(text, "clean if the")) << text;
  EXPECT_TRUE(contains(text, "b1: clean if the store's tag matches")) << text;
  expect_fits(text);
}

TEST(ExamineTable, FitsWhateverIsInIt) {
  const std::string long_name = "/a/very/long/path/to/" + std::string(150, 'x') + "/data1";
  Store wide = store(long_name, StoreState::dirty, UINT64_MAX - 1, UINT64_MAX);
  wide.seen->verdict.clean_if_tag_matches = true;
  wide.seen->verdict.why = {"many words " + std::string(90, 'z')};
  wide.seen->busy = true;
  const std::string text = examine_table(survey({wide, missing(long_name + "2")}));
  EXPECT_TRUE(contains(text, "...")) << text;
  expect_fits(text);
}

TEST(ExamineTable, NamesOfStrangersDoNotSteerTheTerminal) {
  const std::string text = examine_table(survey({dirty("\x1b[2J", 1)}));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ExamineTable, MissingIsNeverEmpty) {
  const std::string text = examine_table(survey({missing("b1")}));
  EXPECT_TRUE(contains(text, "missing")) << text;
  EXPECT_FALSE(contains(text, "empty")) << text;
}

TEST(ExamineTable, Conflicts) {
  const std::string text = examine_table(survey({dirty("a", 1), dirty("copy-of-a", 1)}));
  EXPECT_TRUE(contains(text, "conflict cloned: a and copy-of-a are one member")) << text;
}

}  // namespace
}  // namespace storemark::cli
