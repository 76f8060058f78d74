// SPDX-License-Identifier: Apache-2.0
#include "cli/pause.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace storemark::cli {
namespace {

TEST(Pause, EndsByItself) {
  Pause pause;
  EXPECT_TRUE(pause.wait(1));
  EXPECT_TRUE(pause.wait(0));
}

TEST(Pause, IsEndedByASignalThatCameBefore) {
  Pause pause;
  ASSERT_EQ(kill(getpid(), SIGINT), 0);
  EXPECT_FALSE(pause.wait(1'000'000));
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
  EXPECT_FALSE(pause.wait(1'000'000));
  EXPECT_TRUE(pause.wait(1));
}

TEST(Pause, ASignalThatNobodyAskedForDoesNoHarm) {
  Pause pause;
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
}

}  // namespace
}  // namespace storemark::cli
