// SPDX-License-Identifier: Apache-2.0
#include "io/descriptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <type_traits>

namespace storemark::io {
namespace {

static_assert(!std::is_copy_constructible_v<Descriptor>);
static_assert(std::is_nothrow_move_constructible_v<Descriptor>);

int some_fd() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(DescriptorTest, ItClosesItself) {
  const int fd = some_fd();
  {
    const Descriptor descriptor(fd);
    EXPECT_TRUE(descriptor);
    EXPECT_EQ(descriptor.get(), fd);
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(DescriptorTest, NoneIsNone) {
  const Descriptor none;
  EXPECT_FALSE(none);
  EXPECT_FALSE(Descriptor(-1));
  EXPECT_LT(none.get(), 0);
}

TEST(DescriptorTest, ItMoves) {
  const int fd = some_fd();
  Descriptor first(fd);
  {
    const Descriptor second(std::move(first));
    EXPECT_EQ(second.get(), fd);
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(DescriptorTest, AnAssignmentLosesNeither) {
  const int kept = some_fd();
  const int replaced = some_fd();
  {
    Descriptor target(replaced);
    target = Descriptor(kept);
    EXPECT_EQ(target.get(), kept);
    EXPECT_TRUE(is_open(kept));
    EXPECT_FALSE(is_open(replaced));
  }
  EXPECT_FALSE(is_open(kept));
}

TEST(DescriptorTest, AFailureNamesCallCodeAndPlace) {
  errno = ENOSPC;
  const IoResult<void> failure = failed("write", 8192);
  ASSERT_FALSE(failure);
  EXPECT_EQ(failure.error().code, ENOSPC);
  EXPECT_STREQ(failure.error().call, "write");
  EXPECT_EQ(failure.error().offset, 8192U);
  const IoResult<int> other = failed_with(ESTALE, "open");
  EXPECT_EQ(other.error().code, ESTALE);
}

}  // namespace
}  // namespace storemark::io
