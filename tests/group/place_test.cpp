// SPDX-License-Identifier: Apache-2.0
// The directory of a group: what is refused, how long its name may be, and what its locks say.
#include "group/local/place.hpp"

#include <linux/magic.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "group/nodes.hpp"
#include "io/descriptor.hpp"

namespace storemark::local_group {
namespace {

namespace fs = std::filesystem;
using PlaceTest = GroupTest;

TEST_F(PlaceTest, ADirectoryIsMadeForTheUserAlone) {
  const auto made = must(Place::open(place()));
  struct stat stat {};
  ASSERT_EQ(::stat(place().c_str(), &stat), 0);
  EXPECT_EQ(stat.st_mode & 07777, 0700U);
}

TEST_F(PlaceTest, AParentIsNotMade) {
  EXPECT_TRUE(fails(Place::open(place() / "below"), Errc::directory_missing));
}

TEST_F(PlaceTest, ADirectoryThatOthersMayWriteIsRefused) {
  fs::create_directory(place());
  for (const unsigned mode : {0770U, 0702U}) {
    ASSERT_EQ(::chmod(place().c_str(), mode), 0);
    EXPECT_TRUE(fails(Place::open(place()), Errc::group_refused));
  }
  ASSERT_EQ(::chmod(place().c_str(), 0755), 0);
  EXPECT_TRUE(ok(Place::open(place())));
}

TEST_F(PlaceTest, ANetworkFilesystemIsRefusedByName) {
  const auto on_nfs = [](int) -> io::IoResult<io::Filesystem> {
    return io::filesystem_of_type(NFS_SUPER_MAGIC);
  };
  const auto refused = Place::open(place(), on_nfs);
  ASSERT_TRUE(fails(refused, Errc::group_refused));
  EXPECT_NE(refused.error().why.find("nfs"), std::string::npos) << refused.error().why;
  EXPECT_TRUE(fs::is_empty(place())) << "and nothing is written there";
  const auto on_tmpfs = [](int) -> io::IoResult<io::Filesystem> {
    return io::filesystem_of_type(TMPFS_MAGIC);
  };
  EXPECT_TRUE(ok(Place::open(place(), on_tmpfs)));
}

TEST_F(PlaceTest, WhereTheFilesystemCannotBeToldItIsRefused) {
  const auto untold = [](int) -> io::IoResult<io::Filesystem> {
    return io::failed_with(EIO, "fstatfs");
  };
  EXPECT_TRUE(fails(Place::open(place(), untold), Errc::io_failed));
}

TEST_F(PlaceTest, WhatOtherHostsMayHaveIsANetworkFilesystem) {
  // CIFS, SMB2, Lustre, GPFS and GFS2 by their numbers: the headers of old systems lack them.
  for (const long type :
       {long{NFS_SUPER_MAGIC}, long{SMB_SUPER_MAGIC}, 0xff534d42L, 0xfe534d42L,
        long{CEPH_SUPER_MAGIC}, long{AFS_SUPER_MAGIC}, long{AFS_FS_MAGIC}, long{V9FS_MAGIC},
        long{CODA_SUPER_MAGIC}, 0x0bd00bd0L, 0x47504653L, 0x01161970L, long{OCFS2_SUPER_MAGIC}}) {
    EXPECT_TRUE(io::filesystem_of_type(type).network) << std::hex << type;
  }
  for (const long type :
       {long{EXT4_SUPER_MAGIC}, 0x58465342L, long{BTRFS_SUPER_MAGIC}, long{F2FS_SUPER_MAGIC},
        long{TMPFS_MAGIC}, long{OVERLAYFS_SUPER_MAGIC}, long{FUSE_SUPER_MAGIC}, 0x2fc12fc1L, 0L}) {
    EXPECT_FALSE(io::filesystem_of_type(type).network) << std::hex << type;
  }
}

TEST_F(PlaceTest, AFileInItsPlaceIsRefused) {
  std::ofstream(place()) << "x";
  EXPECT_TRUE(fails(Place::open(place()), Errc::directory_missing));
}

TEST_F(PlaceTest, ALockFileThatIsNoneIsRefused) {
  fs::create_directory(place());
  fs::permissions(place(), fs::perms(0700));
  ASSERT_EQ(::mkfifo((place() / Place::lock_name).c_str(), 0600), 0);
  EXPECT_TRUE(fails(Place::open(place()), Errc::group_refused));
}

TEST_F(PlaceTest, APathThatIsTooLongForASocketIsTaken) {
  fs::path deep = root_.path();
  for (int i = 0; i < 5; ++i) {
    deep /= std::string(100, static_cast<char>('a' + i));
    fs::create_directory(deep);
  }
  LocalGroupOptions there = options();
  there.directory = deep / "group";
  Node a(there);
  Node b(there);
  EXPECT_TRUE(a.until_nodes(2));
}

TEST_F(PlaceTest, OneLeadsAtATime) {
  const auto a = must(Place::open(place()));
  auto b = must(Place::open(place()));
  EXPECT_TRUE(a->lead().value());
  EXPECT_FALSE(b->lead().value());
  EXPECT_TRUE(a->lead().value()) << "its own lock is no other's";
  a->lead_no_more();
  EXPECT_TRUE(b->lead().value());
  b.reset();
  EXPECT_TRUE(a->lead().value());
}

TEST_F(PlaceTest, WhoHoldsItsLockLives) {
  const auto a = must(Place::open(place()));
  auto b = must(Place::open(place()));
  constexpr std::uint64_t node = max_node;
  EXPECT_FALSE(a->lives(node));
  EXPECT_FALSE(a->others_live().value());
  EXPECT_TRUE(b->hold(node).value());
  EXPECT_FALSE(a->hold(node).value());
  EXPECT_TRUE(a->lives(node));
  EXPECT_FALSE(a->lives(node - 1));
  EXPECT_TRUE(a->others_live().value());
  EXPECT_FALSE(b->others_live().value());
  b->release(node);
  EXPECT_FALSE(a->lives(node));
  EXPECT_TRUE(b->hold(1).value());
  b.reset();
  EXPECT_FALSE(a->lives(1)) << "with its end";
}

TEST_F(PlaceTest, TheMarkStaysAndNothingElseIsTakenForOne) {
  const auto a = must(Place::open(place()));
  EXPECT_TRUE(a->mark().value().group.is_nil());
  const Mark mark{new_uuid(), 3, 2, 17};
  ASSERT_TRUE(a->keep(mark));
  const Mark kept = must(Place::open(place()))->mark().value();
  EXPECT_EQ(kept.group, mark.group);
  EXPECT_EQ(kept.term, 3U);
  EXPECT_EQ(kept.view_term, 2U);
  EXPECT_EQ(kept.view_number, 17U);
  real::overwrite(place() / Place::lock_name, 30, "x");
  EXPECT_TRUE(a->mark().value().group.is_nil());
}

TEST_F(PlaceTest, ALockFileThatWasReplacedIsNoticed) {
  const auto a = must(Place::open(place()));
  EXPECT_TRUE(a->is_in_place().value());
  fs::remove(place() / Place::lock_name);
  EXPECT_FALSE(a->is_in_place().value());
  const auto b = must(Place::open(place()));
  EXPECT_FALSE(a->is_in_place().value());
  EXPECT_TRUE(b->is_in_place().value());
}

}  // namespace
}  // namespace storemark::local_group
