// SPDX-License-Identifier: Apache-2.0
#include "cli/system_error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace storemark::cli {
namespace {

TEST(SystemError, EveryCauseHasItsId) {
  EXPECT_EQ(system_error(ENOENT, "w", "x").code, Errc::directory_missing);
  EXPECT_EQ(system_error(EACCES, "w", "x").code, Errc::no_permission);
  EXPECT_EQ(system_error(EROFS, "w", "x").code, Errc::read_only_filesystem);
  EXPECT_EQ(system_error(EDQUOT, "w", "x").code, Errc::no_space);
  const Error other = system_error(EIO, "it was not done", "x");
  EXPECT_EQ(other.code, Errc::io_failed);
  EXPECT_EQ(other.os_error, EIO);
  EXPECT_EQ(other.what, "it was not done");
  EXPECT_FALSE(other.why.empty());
  EXPECT_FALSE(other.todo.empty());
}

}  // namespace
}  // namespace storemark::cli
