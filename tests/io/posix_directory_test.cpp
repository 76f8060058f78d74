// SPDX-License-Identifier: Apache-2.0
#include "io/posix_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "io_fixture.hpp"

namespace storemark::io {
namespace {

namespace fs = std::filesystem;

class PosixDirectoryTest : public IoTest {
 protected:
  [[nodiscard]] std::size_t names_there() const { return real::images_in(path()).size(); }
  [[nodiscard]] int first_byte() const {
    return static_cast<unsigned char>(real::bytes_of(journal()).at(0));
  }
};

// --- open
// -----------------------------------------------------------------------------------------

TEST_F(PosixDirectoryTest, WhatIsNoRegularFileIsNamed) {
  const auto expect = [&](int code) {
    for (const Access access : {Access::read_only, Access::read_write}) {
      EXPECT_TRUE(failed_so(directory()->open(access), code));
    }
    fs::remove(journal());
  };
  expect(ENOENT);
  fs::create_directory(journal());
  expect(EISDIR);
  fs::create_symlink("/dev/null", journal());
  expect(ELOOP);
  ASSERT_EQ(::mkfifo(journal().c_str(), 0600), 0);
  expect(ENXIO);
}

TEST_F(PosixDirectoryTest, ADirectoryThatIsNone) {
  EXPECT_TRUE(failed_so(PosixDirectory::open_directory(path() / "missing", {}), ENOENT));
  real::write_file(path() / "file", "text");
  EXPECT_TRUE(failed_so(PosixDirectory::open_directory(path() / "file", {}), ENOTDIR));
}

/// Whether this process has this directory open.
bool has_open(const fs::path& wanted) {
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (fs::read_symlink(entry.path(), gone) == fs::canonical(wanted)) return true;
  }
  return false;
}

TEST_F(PosixDirectoryTest, WhereItMakesTheDirectoryItCanSyncTheParent) {
  Options options;
  options.make_directory = true;
  ASSERT_FALSE(has_open(path()));
  for (const char* name : {"plain", "slash/", "dots/../dotted", "slashes//"}) {
    if (std::string_view(name).starts_with("dots")) fs::create_directory(path() / "dots");
    const auto made = must(PosixDirectory::open_directory(path() / name, options));
    EXPECT_TRUE(has_open(path())) << name << ": its own name would not be durable";
    EXPECT_TRUE(worked(made->sync()));
    const auto again = must(PosixDirectory::open_directory(path() / name, options));
    EXPECT_TRUE(worked(again->sync()));
  }
  EXPECT_FALSE(has_open(path()));
}

TEST_F(PosixDirectoryTest, ARelativePathHasAParentToo) {
  const fs::path before = fs::current_path();
  fs::current_path(path());
  Options options;
  options.make_directory = true;
  const auto made = PosixDirectory::open_directory("relative", options);
  const auto synced = made ? (*made)->sync() : IoResult<void>();
  const bool open = has_open(path());
  fs::current_path(before);
  EXPECT_TRUE(worked(made));
  EXPECT_TRUE(worked(synced));
  EXPECT_TRUE(open);
}

// --- the lock
// -------------------------------------------------------------------------------------

TEST_F(PosixDirectoryTest, ASecondWriterOfThisVeryProcessIsRefused) {
  make_file(1, 1);
  const auto at = directory();
  auto first = must(at->open(Access::read_write));
  EXPECT_TRUE(failed_so(at->open(Access::read_write), EWOULDBLOCK));
  EXPECT_TRUE(failed_so(directory()->open(Access::read_write), EWOULDBLOCK));
  first.reset();
  EXPECT_TRUE(worked(at->open(Access::read_write)));
}

TEST_F(PosixDirectoryTest, ClosingAnotherDescriptorGivesNothingAway) {
  make_file(1, 1);
  const auto at = directory();
  const auto first = must(at->open(Access::read_write));
  { const Descriptor other(::open(journal().c_str(), O_RDWR | O_CLOEXEC)); }
  { const auto looking = must(at->open(Access::read_only)); }
  EXPECT_TRUE(failed_so(at->open(Access::read_write), EWOULDBLOCK));
}

TEST_F(PosixDirectoryTest, AReaderTakesNoLockAndSeesIt) {
  make_file(1, 1);
  const auto at = directory();
  const auto reader = must(at->open(Access::read_only));
  EXPECT_FALSE(must(at->locked(*reader)));
  {
    const auto writer = must(at->open(Access::read_write));
    EXPECT_TRUE(must(at->locked(*reader)));
    EXPECT_FALSE(must(at->locked(*writer))) << "by someone else";
  }
  EXPECT_FALSE(must(at->locked(*reader)));
}

TEST_F(PosixDirectoryTest, ACreatedFileIsLockedBeforeItHasItsName) {
  const auto at = directory();
  auto created = must(at->create());
  must(at->link(*created));
  EXPECT_TRUE(failed_so(at->open(Access::read_write), EWOULDBLOCK));
  created.reset();
  EXPECT_TRUE(worked(at->open(Access::read_write)));
}

// --- create, link, exchange
// -----------------------------------------------------------------------

TEST_F(PosixDirectoryTest, ACreatedFileHasNoNameUntilItIsLinked) {
  const auto at = directory();
  {
    const auto created = must(at->create());
    EXPECT_TRUE(failed_so(at->open(Access::read_only), ENOENT));
    EXPECT_FALSE(must(at->names(*created)));
    must(at->link(*created));
    EXPECT_TRUE(must(at->names(*created)));
    must(at->sync());
  }
  EXPECT_EQ(names_there(), 1U);
}

TEST_F(PosixDirectoryTest, ACreatedFileThatIsNeverLinkedLeavesNothing) {
  { const auto created = must(directory()->create()); }
  EXPECT_EQ(names_there(), 0U);
}

TEST_F(PosixDirectoryTest, LinkNeverReplaces) {
  make_file(1, 1);
  const auto at = directory();
  auto created = must(at->create());
  EXPECT_TRUE(failed_so(at->link(*created), EEXIST));
  EXPECT_EQ(first_byte(), 1);
  created.reset();
  fs::remove(journal());
  fs::create_symlink("nowhere", journal());
  created = must(at->create());
  EXPECT_TRUE(failed_so(at->link(*created), EEXIST)) << "not even a link to nowhere";
  created.reset();
  EXPECT_EQ(names_there(), 1U);
}

TEST_F(PosixDirectoryTest, ExchangeKeepsTheOldFile) {
  make_file(2, 1);
  const auto at = directory();
  const auto old = must(at->open(Access::read_write));
  const auto fresh = must(at->create());
  Blocks data(2, 2);
  must(fresh->write(0, data.span()));
  must(at->exchange(*fresh, "kept"));
  must(at->sync());
  EXPECT_EQ(first_byte(), 2);
  EXPECT_EQ(real::bytes_of(path() / "kept").at(0), 1);
  EXPECT_EQ(names_there(), 2U);
  EXPECT_TRUE(must(at->names(*fresh)));
  EXPECT_FALSE(must(at->names(*old)));
  EXPECT_TRUE(failed_so(at->open(Access::read_write), EWOULDBLOCK)) << "the fresh one is locked";
}

TEST_F(PosixDirectoryTest, ExchangeNeverReplacesWhatItWouldKeep) {
  make_file(1, 1);
  real::write_file(path() / "kept", "precious");
  const auto at = directory();
  const auto fresh = must(at->create());
  Blocks data(1, 2);
  must(fresh->write(0, data.span()));
  EXPECT_TRUE(failed_so(at->exchange(*fresh, "kept"), EEXIST));
  EXPECT_EQ(real::bytes_of(path() / "kept"), "precious");
  const int now = first_byte();
  EXPECT_TRUE(now == 1 || now == 2) << "one of the two";
}

TEST_F(PosixDirectoryTest, TheNameIsFollowedWhateverHappensToIt) {
  make_file(1, 1);
  const auto at = directory();
  const auto file = must(at->open(Access::read_write));
  EXPECT_TRUE(must(at->names(*file)));
  fs::rename(journal(), path() / "aside");
  EXPECT_FALSE(must(at->names(*file))) << "renamed";
  make_file(1, 2);
  EXPECT_FALSE(must(at->names(*file))) << "another file";
  fs::remove(journal());
  fs::create_symlink("aside", journal());
  EXPECT_FALSE(must(at->names(*file))) << "a link to it";
  fs::remove(journal());
  fs::create_hard_link(path() / "aside", journal());
  EXPECT_TRUE(must(at->names(*file))) << "back again";
}

TEST_F(PosixDirectoryTest, ARemovedDirectoryNamesNothing) {
  make_file(1, 1);
  const auto at = directory();
  const auto file = must(at->open(Access::read_write));
  fs::remove(journal());
  fs::remove(path());
  EXPECT_FALSE(must(at->names(*file)));
  EXPECT_TRUE(failed_so(at->open(Access::read_write), ENOENT));
}

}  // namespace
}  // namespace storemark::io
