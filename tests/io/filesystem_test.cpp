// SPDX-License-Identifier: Apache-2.0
#include "io/filesystem.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "io/descriptor.hpp"

namespace storemark::io {
namespace {

Descriptor directory(const char* path) {
  return Descriptor(::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

TEST(FilesystemTest, OneThatNobodyKeepsAJournalOnIsOther) {
  const auto found = filesystem_of(directory("/proc").get());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "other");
  EXPECT_FALSE(found->direct_by_default);
  EXPECT_FALSE(found->direct_reads) << "what is not known proves nothing";
  EXPECT_FALSE(found->copy_on_write);
}

TEST(FilesystemTest, TmpfsIsMemory) {
  const Descriptor fd = directory("/dev/shm");
  struct statfs stat {};
  if (!fd || ::fstatfs(fd.get(), &stat) != 0 || stat.f_type != TMPFS_MAGIC) {
    GTEST_SKIP() << "no tmpfs at /dev/shm";
  }
  const auto found = filesystem_of(fd.get());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "tmpfs");
  EXPECT_FALSE(found->direct_by_default);
  EXPECT_FALSE(found->direct_reads);
}

TEST(FilesystemTest, ABadDescriptorIsAnError) {
  const auto found = filesystem_of(-1);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, EBADF);
}

}  // namespace
}  // namespace storemark::io
