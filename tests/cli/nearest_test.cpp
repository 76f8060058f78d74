// SPDX-License-Identifier: Apache-2.0
#include "cli/nearest.hpp"

#include <gtest/gtest.h>

namespace storemark::cli {
namespace {

const std::vector<std::string> commands{"examine", "verify", "mark-clean", "undo"};

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("exmine", commands), "examine");
  EXPECT_EQ(nearest("verfiy", commands), "verify");
  EXPECT_EQ(nearest("mark_clean", commands), "mark-clean");
  EXPECT_EQ(nearest("mark", commands), "mark-clean");
  EXPECT_EQ(nearest("undo", commands), "undo");
}

TEST(Nearest, GuessesNothingFromAfar) {
  EXPECT_EQ(nearest("restart", commands), "");
  EXPECT_EQ(nearest("", commands), "");
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(nearest(std::string(100'000, 'a'), commands), "");
}

}  // namespace
}  // namespace storemark::cli
