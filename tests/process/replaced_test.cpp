// SPDX-License-Identifier: Apache-2.0
// The data directory or the journal taken away under the writer: it is told within about a second
// of writing, or at the next transition.
#include <gtest/gtest.h>

#include <thread>

#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class ReplacedTest : public RealStoreTest {
 protected:
  /// Calls until it is refused; expects "file_replaced", and soon.
  template <class Call>
  static void expect_told(WritePermit& permit, Call call) {
    const auto began = Clock::now();
    Result<void> result;
    do {
      result = call();
      std::this_thread::sleep_for(5ms);
    } while (result && Clock::now() - began < 60s);
    EXPECT_TRUE(fails(result, Errc::file_replaced));
    EXPECT_LT(Clock::now() - began, 10s) << "about a second, on a machine that is not too busy";
    EXPECT_TRUE(fails(permit.write_sequence(~std::uint64_t{0} / 4), Errc::poisoned));
    EXPECT_TRUE(fails(permit.note(0), Errc::poisoned));
    EXPECT_TRUE(fails(permit.reserve(1), Errc::poisoned));
  }

  static void expect_told_by_writing(WritePermit& permit) {
    std::uint64_t n = permit.durable_floor();
    expect_told(permit, [&] { return permit.write_sequence(++n); });
  }

  /// A permit whose name was looked at just now.
  [[nodiscard]] Live busy() const {
    Live live = activated();
    must(live.permit.write_sequence(1));
    return live;
  }
};

TEST_F(ReplacedTest, TheJournalRemoved) {
  Live live = busy();
  fs::remove(file());
  expect_told_by_writing(live.permit);
}

TEST_F(ReplacedTest, TheDirectoryRemoved) {
  Live live = busy();
  fs::remove_all(directory());
  expect_told_by_writing(live.permit);
  EXPECT_FALSE(fs::exists(directory())) << "nothing is made anew";
}

TEST_F(ReplacedTest, TheDirectoryRemovedAndMadeAnew) {
  Live live = busy();
  fs::remove_all(directory());
  fs::create_directory(directory());
  leave_dirty(3);
  expect_told_by_writing(live.permit);
  EXPECT_EQ(examined().verdict.floor, 3U) << "the new one is not the old writer's affair";
}

TEST_F(ReplacedTest, AnotherJournalInItsPlace) {
  const RealStore other(root() / "other");
  fs::create_directory(other.directory());
  other.leave_clean(7);
  Live live = busy();
  fs::rename(other.file(), file());
  const std::string before = bytes_of(file());
  expect_told_by_writing(live.permit);
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
}

TEST_F(ReplacedTest, ACopyInItsPlace) {
  Live live = busy();
  fs::copy_file(file(), root() / "copy");
  fs::rename(root() / "copy", file());
  expect_told_by_writing(live.permit);
}

TEST_F(ReplacedTest, ViewChangesAreTold) {
  Live live = busy();
  fs::remove(file());
  std::uint64_t n = 1;
  expect_told(live.permit, [&] { return live.permit.change_view(view_of(), ++n); });
}

TEST_F(ReplacedTest, PayloadsAreTold) {
  Live live = busy();
  fs::remove(file());
  expect_told(live.permit, [&] { return live.permit.write_payload({}); });
}

TEST_F(ReplacedTest, ReservationsAreTold) {
  Live live = busy();
  fs::remove(file());
  std::uint64_t n = 1;
  expect_told(live.permit, [&] { return live.permit.reserve(++n); });
}

TEST_F(ReplacedTest, ATransitionIsToldAtOnce) {
  Live live = busy();
  fs::remove(file());
  EXPECT_TRUE(
      fails(live.journal.mark_clean(std::move(live.permit), {FinalUuid{new_uuid()}, 1, {}, false}),
            Errc::file_replaced));
  EXPECT_TRUE(fails(live.journal.activate(view_of(), 1), Errc::poisoned));
  EXPECT_TRUE(fails(live.journal.found(cluster()), Errc::poisoned));
}

TEST_F(ReplacedTest, AnActivationIsToldAtOnce) {
  leave_clean(5);
  Journal journal = must(open());
  fs::remove(file());
  EXPECT_TRUE(fails(journal.activate(view_of(), 5), Errc::file_replaced));
}

TEST_F(ReplacedTest, OpenedAnewItIsWhateverIsThere) {
  {
    Live live = busy();
    fs::remove(file());
    expect_told_by_writing(live.permit);
  }
  EXPECT_TRUE(fails(open(), Errc::store_lost)) << "missing is never empty";
}

TEST_F(ReplacedTest, ARenamedDirectoryGoesOnUnderItsNewName) {
  Live live = busy();
  fs::rename(directory(), root() / "renamed");
  EXPECT_TRUE(ok(live.permit.write_sequence(2))) << "it is the same file, in the same directory";
  EXPECT_EQ(must(examine(root() / "renamed")).verdict.floor, 2U);
}

}  // namespace
}  // namespace storemark::real
