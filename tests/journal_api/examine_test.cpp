// SPDX-License-Identifier: Apache-2.0
// Looking at a journal leaves no trace.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <thread>
#include <tuple>

#include "io/descriptor.hpp"
#include "journal/layout.hpp"
#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

class ExamineTest : public RealStoreTest {
 protected:
  using Times = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                           std::int64_t>;
  [[nodiscard]] static Times times_of(const fs::path& path) {
    struct stat s {};
    EXPECT_EQ(::stat(path.c_str(), &s), 0);
    return {s.st_atim.tv_sec,  s.st_atim.tv_nsec, s.st_mtim.tv_sec,
            s.st_mtim.tv_nsec, s.st_ctim.tv_sec,  s.st_ctim.tv_nsec};
  }
  /// An access time so old that the next ordinary read would renew it.
  static void make_old(const fs::path& path) {
    const std::array<timespec, 2> times{{{1'000'000, 0}, {2'000'000, 0}}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0);
  }
};

TEST_F(ExamineTest, BytesAndTimesStayAsTheyAre) {
  leave_between(10, 14);
  flip_bit(2);  // a heal is due, and does not happen
  make_old(file());
  make_old(directory());
  const std::string before = bytes_of(file());
  make_old(file());
  const Times of_file = times_of(file());
  const Times of_directory = times_of(directory());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(examined().verdict.unsettled);
  EXPECT_EQ(times_of(file()), of_file);
  EXPECT_EQ(times_of(directory()), of_directory);
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
}

TEST_F(ExamineTest, BesideAWriterItIsInUse) {
  Live live = activated();
  must(live.permit.write_sequence(5));
  for (int i = 0; i < 3; ++i) {
    const Examination seen = examined();
    EXPECT_TRUE(seen.in_use);
    EXPECT_FALSE(seen.busy);
    EXPECT_EQ(seen.verdict.floor, 5U);
    EXPECT_EQ(seen.verdict.state, StoreState::dirty);
  }
  EXPECT_TRUE(ok(live.permit.write_sequence(6))) << "looking took nothing away";
  EXPECT_TRUE(fails(open(), Errc::in_use)) << "nor the lock";
}

TEST_F(ExamineTest, WithoutAWriterItIsNot) {
  leave_dirty(5);
  EXPECT_FALSE(examined().in_use);
}

TEST_F(ExamineTest, ItNeverStandsInAnOpenersWay) {
  leave_dirty(5);
  std::atomic<bool> stop{false};
  std::thread looker([&] {
    while (!stop) EXPECT_TRUE(ok(examine(directory())));
  });
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(ok(open()));
  stop = true;
  looker.join();
}

TEST_F(ExamineTest, AMissingJournalIsAbsentOrLost) {
  EXPECT_EQ(examined().verdict.diagnosis, Diagnosis::absent);
  EXPECT_EQ(examined(nothing()).verdict.diagnosis, Diagnosis::absent);
  EXPECT_EQ(examined(data(5)).verdict.diagnosis, Diagnosis::lost);
  EXPECT_TRUE(images_in(directory()).empty());
  const Examination seen = examined();
  EXPECT_EQ(seen.file_bytes, 0U);
  EXPECT_FALSE(seen.in_use);
  EXPECT_FALSE(seen.verdict.why.empty());
  for (const SlotReport& slot : seen.slots) EXPECT_FALSE(slot.why.empty());
}

TEST_F(ExamineTest, AMissingDirectoryIsAnError) {
  EXPECT_TRUE(fails(examine(root() / "missing"), Errc::directory_missing));
  write_file(root() / "file", "text");
  EXPECT_TRUE(fails(examine(root() / "file"), Errc::directory_missing));
}

TEST_F(ExamineTest, TheFactsAreWeighedAndNotWritten) {
  leave_between(10, 14);
  const DirectoryImage before = images_in(directory());
  EXPECT_EQ(examined(nothing()).verdict.diagnosis, Diagnosis::hollow);
  EXPECT_EQ(examined(data(9)).verdict.diagnosis, Diagnosis::hollow);
  const Verdict told = examined(data(12)).verdict;
  EXPECT_EQ(told.floor, 12U);
  EXPECT_EQ(told.certainty, Certainty::exact);
  EXPECT_EQ(told.record->floor, 10U) << "what was written, not what is concluded";
  EXPECT_EQ(images_in(directory()), before);
}

TEST_F(ExamineTest, EachSlotSaysWhatItIs) {
  Live live = activated();
  must(live.permit.write_sequence(1));  // a newer pair
  const std::string raw = bytes_of(file());
  const auto block = [&](std::size_t slot) {
    return raw.substr(layout::slot_offset(slot), layout::slot_bytes);
  };
  const Examination sound = examined();
  std::size_t newest = 0;
  while (sound.slots.at(newest).health != SlotHealth::current) ++newest;
  EXPECT_EQ(slots_with(sound, SlotHealth::older), 4U);
  zero_slot((newest + 2) % slot_count);
  flip_bit((newest + 3) % slot_count);
  overwrite(file(), layout::slot_offset((newest + 4) % slot_count), block(newest));
  const Examination seen = examined();
  EXPECT_EQ(seen.slots.at(newest).health, SlotHealth::current);
  EXPECT_EQ(seen.slots.at((newest + 2) % slot_count).health, SlotHealth::zero);
  EXPECT_EQ(seen.slots.at((newest + 3) % slot_count).health, SlotHealth::invalid);
  EXPECT_EQ(seen.slots.at((newest + 4) % slot_count).health, SlotHealth::misplaced);
  for (const SlotReport& slot : seen.slots) {
    EXPECT_NE(slot.health == SlotHealth::current, !slot.why.empty());
  }
}

TEST_F(ExamineTest, AnAnchorThatIsSpoiltIsTold) {
  leave_dirty(10);
  const Examination sound = examined();
  for (const SlotReport& anchor : sound.anchors) EXPECT_EQ(anchor.health, SlotHealth::current);
  const RealStore other(root() / "other");
  fs::create_directory(other.directory());
  other.leave_dirty(99);
  const std::string foreign = bytes_of(other.file());
  const std::uint64_t at = layout::anchor_offset(0);
  overwrite(file(), at, std::string_view(foreign).substr(at, layout::slot_bytes));
  overwrite(file(), layout::anchor_offset(2), std::string(layout::slot_bytes, '\0'));
  const Examination seen = examined();
  EXPECT_EQ(seen.anchors.at(0).health, SlotHealth::foreign);
  EXPECT_EQ(seen.anchors.at(1).health, SlotHealth::current);
  EXPECT_EQ(seen.anchors.at(2).health, SlotHealth::zero);
  EXPECT_EQ(seen.verdict.certainty, sound.verdict.certainty) << "they count nothing";
  EXPECT_TRUE(must(repair(directory())).rebuilt);
  for (const SlotReport& anchor : examined().anchors) {
    EXPECT_EQ(anchor.health, SlotHealth::current);
  }
}

TEST_F(ExamineTest, TheChainOfParentsCanBeFollowed) {
  Live live = activated();
  must(live.permit.write_sequence(1));
  const Examination seen = examined();
  const Record& newest = *seen.verdict.record;
  unsigned parents = 0;
  for (const SlotReport& slot : seen.slots) {
    if (slot.record->generation + 1 != newest.generation) continue;
    EXPECT_EQ(slot.hash, newest.parent);
    ++parents;
  }
  EXPECT_EQ(parents, 4U);
}

TEST_F(ExamineTest, ATruncatedFileHasSlotsThatCannotBeRead) {
  leave_clean(10);
  fs::resize_file(file(), layout::pair_stride + layout::slot_bytes);
  const Examination seen = examined();
  EXPECT_EQ(seen.file_bytes, layout::pair_stride + layout::slot_bytes);
  EXPECT_EQ(seen.verdict.diagnosis, Diagnosis::damaged);
  EXPECT_EQ(slots_with(seen, SlotHealth::unreadable), 3U);
  EXPECT_EQ(seen.verdict.floor, 10U) << "what can be read is told";
}

TEST_F(ExamineTest, ADirectoryCopiedElsewhereReadsTheSame) {
  leave_clean(10);
  fs::copy(directory(), root() / "copy", fs::copy_options::recursive);
  const Examination original = examined();
  const Examination copy = must(examine(root() / "copy"));
  EXPECT_EQ(copy.verdict.state, original.verdict.state);
  EXPECT_EQ(copy.verdict.record, original.verdict.record);
}

}  // namespace
}  // namespace storemark::real
