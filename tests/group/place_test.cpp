// SPDX-License-Identifier: Apache-2.0
// The directory of a group: what is refused, how long its name may be, and what its locks say.
#include "group/local/place.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "group/nodes.hpp"

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
