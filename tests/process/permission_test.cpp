// SPDX-License-Identifier: Apache-2.0
// What a user without rights is told. Run as root, a child gives its rights up first.
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal_api/operator_fixture.hpp"
#include "process/child.hpp"

namespace storemark::real {
namespace {

constexpr ::uid_t nobody = 65534;

class PermissionTest : public OperatorTest {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to have rights that can be given up";
    // The way to the data directory is open.
    fs::permissions(root(), fs::perms(0755));
    fs::permissions(directory(), fs::perms(0755));
  }

  /// Runs the checks as nobody: each is to say "no permission", or else is printed.
  void as_nobody(const std::function<void()>& checks) const {
    Child child([&](const Reporter&) {
      if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0) return 99;
      checks();
      return HasFailure() ? 1 : 0;
    });
    EXPECT_EQ(child.wait().status, 0);
  }

  void expect_no_permission_for_words() const {
    EXPECT_TRUE(fails(give_mark(mark(5)), Errc::no_permission));
    EXPECT_TRUE(fails(discard(directory(), word(5)), Errc::no_permission));
    EXPECT_TRUE(fails(undo(directory(), "test"), Errc::no_permission));
    EXPECT_TRUE(fails(repair(directory()), Errc::no_permission));
  }
};

TEST_F(PermissionTest, AJournalThatMayNotBeRead) {
  leave_dirty(5);
  const DirectoryImage before = images_in(directory());
  as_nobody([&] {
    EXPECT_TRUE(fails(open(), Errc::no_permission));
    EXPECT_TRUE(fails(open(nothing()), Errc::no_permission));
    EXPECT_TRUE(fails(examine(directory()), Errc::no_permission));
    EXPECT_TRUE(fails(adopt(directory(), adoption(5)), Errc::no_permission));
    expect_no_permission_for_words();
  });
  EXPECT_EQ(images_in(directory()), before);
}

TEST_F(PermissionTest, AJournalThatMayOnlyBeRead) {
  leave_dirty(5);
  fs::permissions(file(), fs::perms(0644));
  const DirectoryImage before = images_in(directory());
  as_nobody([&] {
    EXPECT_TRUE(fails(open(), Errc::no_permission));
    const auto seen = examine(directory());
    EXPECT_TRUE(ok(seen)) << "looking needs no more";
    if (seen) {
      EXPECT_EQ(seen->verdict.floor, 5U);
      EXPECT_FALSE(seen->in_use);
    }
    EXPECT_TRUE(fails(adopt(directory(), adoption(5)), Errc::journal_exists));
    expect_no_permission_for_words();
  });
  EXPECT_EQ(images_in(directory()), before);
}

TEST_F(PermissionTest, AJournalInUseThatMayOnlyBeRead) {
  const Live live = activated({}, 5);
  fs::permissions(file(), fs::perms(0644));
  as_nobody([&] {
    const auto seen = examine(directory());
    EXPECT_TRUE(ok(seen));
    EXPECT_TRUE(seen && seen->in_use);
  });
}

TEST_F(PermissionTest, ADirectoryThatMayNotBeEntered) {
  leave_dirty(5);
  fs::permissions(directory(), fs::perms(0700));
  as_nobody([&] {
    EXPECT_TRUE(fails(open(), Errc::no_permission));
    EXPECT_TRUE(fails(examine(directory()), Errc::no_permission));
    expect_no_permission_for_words();
  });
}

TEST_F(PermissionTest, ADirectoryInWhichNothingMayBeMade) {
  as_nobody([&] {
    EXPECT_TRUE(fails(open(nothing()), Errc::no_permission));
    EXPECT_TRUE(fails(adopt(directory(), adoption(5)), Errc::no_permission));
    EXPECT_TRUE(fails(open(data()), Errc::store_lost));
    EXPECT_TRUE(ok(examine(directory())));
  });
  EXPECT_TRUE(images_in(directory()).empty());
}

TEST_F(PermissionTest, AParentInWhichNothingMayBeMade) {
  as_nobody([&] {
    Options options;
    options.make_directory = true;
    EXPECT_TRUE(fails(Journal::open(directory() / "new", nothing(), options), Errc::no_permission));
  });
}

TEST_F(PermissionTest, AnExistingJournalNeedsNoRightToItsDirectory) {
  leave_dirty(5);
  ASSERT_EQ(::chown(file().c_str(), nobody, nobody), 0);
  as_nobody([&] {
    {
      Journal journal = must(open());
      WritePermit permit = must(journal.activate(view_of(), 5));
      EXPECT_TRUE(ok(permit.write_sequence(6)));
      EXPECT_TRUE(ok(journal.mark_clean(std::move(permit), {FinalUuid{new_uuid()}, 7, {}, false})));
      permit = must(journal.activate(view_of(), 7));
    }
    const std::string before = bytes_of(file());
    EXPECT_TRUE(fails(give_mark(mark(7)), Errc::no_permission)) << "the backup cannot be made";
    EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  });
  EXPECT_EQ(images_in(directory()).size(), 1U);
}

TEST_F(PermissionTest, AnImmutableJournal) {
  leave_dirty(5);
  const std::string command = "chattr +i '" + file().string() + "' 2>/dev/null";
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "no immutable files here";
  EXPECT_TRUE(fails(open(), Errc::no_permission));
  EXPECT_TRUE(ok(examine(directory())));
  ASSERT_EQ(std::system(("chattr -i '" + file().string() + "'").c_str()), 0);
  EXPECT_TRUE(ok(open()));
}

}  // namespace
}  // namespace storemark::real
