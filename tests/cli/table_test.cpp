// SPDX-License-Identifier: Apache-2.0
#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace storemark::cli {
namespace {

TEST(Table, AlignsColumnsAndLeavesNoBlanksAtLineEnds) {
  Table table({{"STORE"}, {"STATE"}, {"N"}});
  table.add({{"b1"}, {"dirty"}, {"7"}});
  table.add({{"a-longer-one"}, {"clean"}, {""}});
  EXPECT_EQ(table.text("  "),
            "  STORE         STATE  N\n"
            "  b1            dirty  7\n"
            "  a-longer-one  clean\n");
}

TEST(Table, WrapsAtWords) {
  Table table({{"STATE", 12}, {"N"}});
  table.add({{"clean if the store's tag matches"}, {"7"}});
  EXPECT_EQ(table.text(),
            "STATE         N\n"
            "clean if the  7\n"
            "store's tag\n"
            "matches\n");
}

TEST(Table, TheWidestColumnsGiveWayToTheScreen) {
  Table table({{"STORE"}, {"ACTION"}, {"N"}});
  table.add({{std::string(60, 's')}, {std::string(50, 'a')}, {"7"}});
  EXPECT_EQ(table.text("  "), "  STORE" + std::string(41, ' ') + "  ACTION" + std::string(41, ' ') +
                                  "  N\n  " + std::string(46, 's') + "  " + std::string(47, 'a') +
                                  "  7\n  " + std::string(14, 's') + std::string(34, ' ') +
                                  "aaa\n");
}

TEST(Table, CutsAWordThatDoesNotFit) {
  EXPECT_EQ(wrapped("abcdef gh", 4, LongWord::cut), (std::vector<std::string>{"abcd", "ef", "gh"}));
  EXPECT_EQ(wrapped("abcdef gh", 4, LongWord::keep), (std::vector<std::string>{"abcdef", "gh"}));
  EXPECT_EQ(wrapped("", 4, LongWord::cut), std::vector<std::string>{""});
}

TEST(Table, ParagraphsFitTheScreen) {
  const std::string text = paragraph("> ", "  ", std::string(40, 'x') + " " + std::string(70, 'y'));
  EXPECT_EQ(text, "> " + std::string(40, 'x') + "\n  " + std::string(70, 'y') + "\n");
}

}  // namespace
}  // namespace storemark::cli
