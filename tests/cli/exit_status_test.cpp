// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_status.hpp"

#include <gtest/gtest.h>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

TEST(ExitStatus, OfEveryErrorIsAnErrorStatus) {
  for (const Explanation& entry : explanations()) {
    EXPECT_NE(exit_status(entry.code), ExitStatus::safe) << entry.id;
  }
}

TEST(ExitStatus, IsWhatTheDesignSays) {
  EXPECT_EQ(exit_status(Errc::invalid_argument), ExitStatus::usage);
  EXPECT_EQ(exit_status(Errc::journal_damaged), ExitStatus::damaged);
  EXPECT_EQ(exit_status(Errc::store_lost), ExitStatus::damaged);
  EXPECT_EQ(exit_status(Errc::in_use), ExitStatus::in_use);
  EXPECT_EQ(exit_status(Errc::unproven), ExitStatus::refused);
  EXPECT_EQ(exit_status(Errc::nothing_to_undo), ExitStatus::refused);
  EXPECT_EQ(exit_status(Errc::changed_since), ExitStatus::changed);
  EXPECT_EQ(exit_status(Errc::directory_missing), ExitStatus::failure);
}

TEST(ExitStatus, TheGravestFindingCounts) {
  EXPECT_EQ(graver(ExitStatus::safe, ExitStatus::wait), ExitStatus::wait);
  EXPECT_EQ(graver(ExitStatus::needs_operator, ExitStatus::wait), ExitStatus::needs_operator);
  EXPECT_EQ(graver(ExitStatus::conflict, ExitStatus::needs_operator), ExitStatus::conflict);
  EXPECT_EQ(graver(ExitStatus::conflict, ExitStatus::damaged), ExitStatus::damaged);
}

}  // namespace
}  // namespace storemark::cli
