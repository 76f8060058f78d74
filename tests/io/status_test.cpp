// SPDX-License-Identifier: Apache-2.0
#include "io/status.hpp"

#include <fcntl.h>

#include "io_fixture.hpp"

namespace storemark::io {
namespace {

class StatusTest : public IoTest {};

TEST_F(StatusTest, OfADescriptorAndOfItsName) {
  make_file(3, 0);
  const Descriptor at(::open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const Descriptor fd(::openat(at.get(), "storemark.journal", O_RDONLY | O_CLOEXEC));
  const auto own = must(status_of(fd.get(), STATX_SIZE | STATX_TYPE | STATX_INO));
  EXPECT_EQ(own.stx_size, 3 * block);
  EXPECT_TRUE(S_ISREG(own.stx_mode));
  const auto named = must(status_of(at.get(), "storemark.journal", STATX_INO));
  EXPECT_EQ(named.stx_ino, own.stx_ino);
  EXPECT_EQ(named.stx_dev_minor, own.stx_dev_minor);
}

TEST_F(StatusTest, ALinkIsNotFollowed) {
  make_file(1, 0);
  ASSERT_EQ(::symlink("storemark.journal", (path() / "link").c_str()), 0);
  const Descriptor at(::open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  EXPECT_TRUE(S_ISLNK(must(status_of(at.get(), "link", STATX_TYPE)).stx_mode));
}

TEST_F(StatusTest, WhatIsNotThereIsAnError) {
  EXPECT_TRUE(failed_so(status_of(-1, STATX_INO), EBADF));
  EXPECT_TRUE(failed_so(status_of(AT_FDCWD, (path() / "no").c_str(), STATX_INO), ENOENT));
}

}  // namespace
}  // namespace storemark::io
