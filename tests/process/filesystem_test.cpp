// SPDX-License-Identifier: Apache-2.0
// The journal on real filesystems of every kind: its mode there, full, and read-only.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include "io/descriptor.hpp"
#include "journal_api/operator_fixture.hpp"
#include "process/mounts.hpp"

namespace storemark::real {
namespace {

struct Kind {
  const char* name;
  unsigned megabytes;
  const char* durable_write;  ///< the automatic choice
  bool read_back_proves;
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

// The smallest that their tools make.
constexpr Kind kinds[] = {{"tmpfs", 8, "buffered", false},
                          {"ext4", 16, "direct", true},
                          {"xfs", 300, "direct", true},
                          {"btrfs", 128, "buffered", true}};

class FilesystemTest : public OperatorTest, public testing::WithParamInterface<Kind> {
 protected:
  void SetUp() override {
    std::string why;
    if (!may_mount(why)) GTEST_SKIP() << why;
    mounted_ = std::make_unique<Mounted>(GetParam().name, root() / "mounted", GetParam().megabytes);
    if (!mounted_->well()) GTEST_SKIP() << mounted_->problem();
    fs::create_directory(mounted_->path() / "data");
    store_ = std::make_unique<RealStore>(mounted_->path() / "data");
  }
  void TearDown() override {
    store_.reset();
    mounted_.reset();
  }

  [[nodiscard]] const RealStore& store() const { return *store_; }
  [[nodiscard]] const Mounted& filesystem() const { return *mounted_; }

  /// A whole life of a store, from `held` events on; gives what it holds in the end.
  std::uint64_t live(const StoreFacts& facts, std::uint64_t held) const {
    Journal journal = must(store().open(facts));
    must(journal.found(journal.record().initial.is_nil() ? store().cluster()
                                                         : journal.record().initial));
    WritePermit permit = must(journal.activate(view_of(), held));
    for (int i = 0; i < 10; ++i) must(permit.write_sequence(++held));
    must(permit.reserve(held + 5));
    must(permit.note(held + 3));
    must(permit.change_view(view_of(3), held + 3));
    held += 3;
    EXPECT_TRUE(
        ok(journal.mark_clean(std::move(permit), {FinalUuid{new_uuid()}, held, {}, false})));
    EXPECT_EQ(journal.health().lost_writes, 0U);
    EXPECT_FALSE(journal.health().degraded);
    return held;
  }

  [[nodiscard]] bool has_no_copy_on_write() const {
    const io::Descriptor fd(::open(store().file().c_str(), O_RDONLY | O_CLOEXEC));
    int flags = 0;
    return ::ioctl(fd.get(), FS_IOC_GETFLAGS, &flags) == 0 && (flags & FS_NOCOW_FL) != 0;
  }

 private:
  std::unique_ptr<Mounted> mounted_;
  std::unique_ptr<RealStore> store_;
};

TEST_P(FilesystemTest, TheModeIsWhatTheDocumentsSay) {
  {
    const Journal journal = must(store().open(nothing()));
    EXPECT_EQ(journal.mode().filesystem, GetParam().name);
    EXPECT_EQ(journal.mode().durable_write, GetParam().durable_write);
    EXPECT_EQ(journal.mode().read_back_proves, GetParam().read_back_proves);
  }
  const Journal buffered = must(store().open(nothing(), with_mode(DurableWrite::buffered)));
  EXPECT_EQ(buffered.mode().durable_write, "buffered");
  EXPECT_EQ(buffered.mode().read_back_proves, GetParam().read_back_proves);
}

TEST_P(FilesystemTest, DirectIsHadOrRefusedByName) {
  const auto direct = store().open(nothing(), with_mode(DurableWrite::direct));
  if (direct) {
    EXPECT_EQ(direct->mode().durable_write, "direct");
  } else {
    EXPECT_STREQ(GetParam().name, "tmpfs") << to_string(direct.error());
    EXPECT_TRUE(images_in(store().directory()).empty());
  }
}

TEST_P(FilesystemTest, OnlyACopyOnWriteFilesystemIsAskedToForgoIt) {
  store().leave_dirty(5);
  const bool expected = GetParam().name == std::string_view("btrfs");
  EXPECT_EQ(has_no_copy_on_write(), expected);
  store().flip_bit(3);
  EXPECT_TRUE(must(repair(store().directory())).rebuilt);
  EXPECT_EQ(has_no_copy_on_write(), expected) << "the rebuilt file too";
}

TEST_P(FilesystemTest, AWholeLife) {
  std::uint64_t held = live(nothing(), 0);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(store().examined().verdict.state, StoreState::clean);
    held = live(data(held), held);
  }
  EXPECT_EQ(store().examined().verdict.floor, held);
}

TEST_P(FilesystemTest, TheOperatorsWordAndTheWayBack) {
  store().leave_dirty(10);
  const fs::path& directory = store().directory();
  must(mark_clean(directory, mark(10)));
  must(undo(directory, "test"));
  EXPECT_EQ(store().examined().verdict.state, StoreState::dirty);
  store().flip_bit(0);
  const std::string damaged = bytes_of(store().file());
  const Repair done = must(repair(directory));
  EXPECT_TRUE(same_bytes(bytes_of(done.backup), damaged));
  EXPECT_EQ(store().examined().verdict.floor, 10U);
  store().zero_all_slots_and_anchors();
  must(adopt(directory, adoption(10)));
  must(undo(directory, "test"));
  EXPECT_EQ(store().examined().verdict.diagnosis, Diagnosis::damaged);
}

// --- full
// -----------------------------------------------------------------------------------------

TEST_P(FilesystemTest, FullNoJournalIsMade) {
  const fs::path filler = filesystem().fill();
  EXPECT_TRUE(fails(store().open(nothing()), Errc::no_space));
  EXPECT_TRUE(images_in(store().directory()).empty()) << "half a file stayed behind";
  EXPECT_TRUE(fails(adopt(store().directory(), adoption(5)), Errc::no_space));
  EXPECT_EQ(store().examined().verdict.diagnosis, Diagnosis::absent);
  fs::remove(filler);
  ::sync();
  EXPECT_TRUE(ok(store().open(nothing())));
}

TEST_P(FilesystemTest, WithTooLittleSpaceNoJournalIsMade) {
  const fs::path filler = filesystem().fill(100'000);
  EXPECT_TRUE(fails(store().open(nothing()), Errc::no_space));
  EXPECT_TRUE(images_in(store().directory()).empty()) << "half a file stayed behind";
}

TEST_P(FilesystemTest, FullAnExistingJournalGoesOn) {
  std::uint64_t held = live(nothing(), 0);
  static_cast<void>(filesystem().fill());
  for (int i = 0; i < 3; ++i) held = live(data(held), held);
  EXPECT_EQ(store().examined().verdict.floor, held);
  EXPECT_EQ(store().examined().verdict.state, StoreState::clean);
}

TEST_P(FilesystemTest, FullNoWordIsGiven) {
  store().leave_dirty(10);
  static_cast<void>(filesystem().fill());
  const FileImage before = image_of(store().file());
  EXPECT_TRUE(fails(mark_clean(store().directory(), mark(10)), Errc::no_space));
  EXPECT_TRUE(fails(discard(store().directory(), word(10)), Errc::no_space));
  EXPECT_EQ(image_of(store().file()), before);
  for (const auto& [name, image] : images_in(store().directory())) {
    EXPECT_FALSE(name.starts_with("storemark.journal.")) << "half a backup: " << name;
  }
}

TEST_P(FilesystemTest, FullNothingIsRepaired) {
  store().leave_dirty(10);
  store().flip_bit(4);
  static_cast<void>(filesystem().fill());
  const DirectoryImage before = images_in(store().directory());
  EXPECT_TRUE(fails(repair(store().directory()), Errc::no_space));
  EXPECT_EQ(images_in(store().directory()), before);
}

// --- read-only
// ------------------------------------------------------------------------------------

TEST_P(FilesystemTest, ReadOnlyEveryWriterIsRefusedAndLookingWorks) {
  store().leave_between(10, 14);
  store().flip_bit(5);
  fs::create_directory(filesystem().path() / "empty");
  filesystem().make_read_only();
  const fs::path& directory = store().directory();
  const fs::path empty = filesystem().path() / "empty";
  EXPECT_TRUE(fails(store().open(), Errc::read_only_filesystem));
  EXPECT_TRUE(fails(Journal::open(empty, nothing()), Errc::read_only_filesystem));
  Options options;
  options.make_directory = true;
  EXPECT_TRUE(fails(Journal::open(filesystem().path() / "new", nothing(), options),
                    Errc::read_only_filesystem));
  EXPECT_TRUE(fails(mark_clean(directory, mark(10)), Errc::read_only_filesystem));
  EXPECT_TRUE(fails(discard(directory, word(10)), Errc::read_only_filesystem));
  EXPECT_TRUE(fails(undo(directory, "test"), Errc::read_only_filesystem));
  EXPECT_TRUE(fails(repair(directory), Errc::read_only_filesystem));
  EXPECT_TRUE(fails(adopt(empty, adoption(10)), Errc::read_only_filesystem));
  const Examination seen = store().examined();
  EXPECT_EQ(seen.verdict.floor, 10U);
  EXPECT_TRUE(seen.verdict.unsettled);
  EXPECT_FALSE(seen.in_use);
  EXPECT_EQ(slots_with(seen, SlotHealth::invalid), 1U);
}

INSTANTIATE_TEST_SUITE_P(On, FilesystemTest, testing::ValuesIn(kinds),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace storemark::real
