// SPDX-License-Identifier: Apache-2.0
// A handle belongs to the process that opened it.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "journal_api/real_store.hpp"
#include "process/child.hpp"

namespace storemark::real {
namespace {

class ForkTest : public RealStoreTest {
 protected:
  /// 1 where the call was not refused as it must be in a child.
  template <class T>
  [[nodiscard]] static int wrong(const Result<T>& result) {
    const auto refused = fails(result, Errc::used_after_fork);
    if (!refused) std::fprintf(stderr, "child: %s\n", refused.message());
    return refused ? 0 : 1;
  }

  /// Every call on both handles.
  [[nodiscard]] static int wrong_calls(Live& live) {
    constexpr std::array<std::uint8_t, 1> payload{1};
    const CleanShutdown shutdown{FinalUuid{new_uuid()}, 100, {}, false};
    // Not even a lock is waited for: a thread of the parent may have held it.
    const int looked =
        live.journal.health().sequence_writes == 0 && live.journal.record().generation == 0 ? 0 : 1;
    return looked + wrong(live.permit.write_sequence(50)) + wrong(live.permit.reserve(5)) +
           wrong(live.permit.note(1)) + wrong(live.permit.note(0)) +
           wrong(live.permit.write_sequence(0)) + wrong(live.permit.change_view(view_of(), 60)) +
           wrong(live.permit.write_payload(payload)) +
           wrong(live.journal.found(InitialUuid{new_uuid()})) +
           wrong(live.journal.activate(view_of(), 70)) +
           wrong(live.journal.begin_update(MemberId{new_uuid()}, 80)) +
           wrong(live.journal.mark_clean(std::move(live.permit), shutdown));
  }
};

TEST_F(ForkTest, EveryCallInAChildIsRefused) {
  Live live = activated();
  must(live.permit.reserve(10));
  const std::string before = bytes_of(file());
  Child child([&](const Reporter&) { return wrong_calls(live); });
  EXPECT_EQ(child.wait().status, 0);
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  EXPECT_TRUE(ok(live.permit.write_sequence(1))) << "the parent goes on";
  EXPECT_TRUE(
      ok(live.journal.mark_clean(std::move(live.permit), {FinalUuid{new_uuid()}, 1, {}, false})));
}

TEST_F(ForkTest, WithTheIntervalWriterToo) {
  Options options;
  options.interval = std::chrono::milliseconds(1);
  Live live = activated(options);
  for (int i = 0; i < 5; ++i) {
    Child child([&](const Reporter&) { return wrong_calls(live); });
    EXPECT_EQ(child.wait().status, 0);
  }
  EXPECT_TRUE(ok(live.permit.write_sequence(1)));
}

TEST_F(ForkTest, AChildMayThrowItsCopiesAway) {
  // In a process of its own, so that a parent that stands still is a failure and no hanging test.
  Child parent([&](const Reporter&) {
    Live live = activated();
    for (std::uint64_t n = 1; n <= 20; ++n) {
      must(live.permit.write_sequence(n));  // the one before is being read back
      Child child([&](const Reporter&) {
        const WritePermit permit = std::move(live.permit);
        const Journal journal = std::move(live.journal);
        return 0;
      });
      if (!child.wait().well()) return 1;
    }
    const Health health = live.journal.health();
    return health.lost_writes == 0 && health.sequence_writes == 20 ? 0 : 2;
  });
  const Ending ending = parent.wait();
  EXPECT_TRUE(ending.in_time) << "the parent waits for ever";
  EXPECT_EQ(ending.status, 0);
}

TEST_F(ForkTest, WithTheIntervalWriterAChildMayThrowItsCopiesAway) {
  Child parent([&](const Reporter&) {
    Options options;
    options.interval = std::chrono::milliseconds(1);
    Live live = activated(options);
    for (std::uint64_t n = 1; n <= 20; ++n) {
      must(live.permit.write_sequence(n));
      Child child([&](const Reporter&) {
        const WritePermit permit = std::move(live.permit);
        const Journal journal = std::move(live.journal);
        return 0;
      });
      if (!child.wait().well()) return 1;
    }
    return 0;
  });
  EXPECT_TRUE(parent.wait().well());
}

TEST_F(ForkTest, AChildIsNotHeldUpByALockOfItsParent) {
  Child parent([&](const Reporter&) {
    Live live = activated();
    std::atomic<bool> done{false};
    std::thread asking([&] {
      while (!done) static_cast<void>(live.journal.health());
    });
    bool well = true;
    for (int i = 0; i < 100 && well; ++i) {
      Child child([&](const Reporter&) {
        return live.journal.health().read_backs == 0 && live.journal.record().generation == 0 ? 0
                                                                                              : 1;
      });
      well = child.wait().well();
    }
    done = true;
    asking.join();
    return well ? 0 : 1;
  });
  EXPECT_TRUE(parent.wait().well());
}

TEST_F(ForkTest, AChildsEndDoesNotGiveTheLockAway) {
  const Live live = activated();
  Child child([](const Reporter&) { return 0; });
  EXPECT_TRUE(child.wait().well());
  EXPECT_TRUE(fails(open(), Errc::in_use));
}

TEST_F(ForkTest, AChildMayOpenAStoreOfItsOwn) {
  const Live live = activated();
  const RealStore other(root() / "other");
  fs::create_directory(other.directory());
  Child child([&](const Reporter&) {
    other.leave_dirty(5);
    return 0;
  });
  EXPECT_TRUE(child.wait().well());
  EXPECT_EQ(other.examined().verdict.floor, 5U);
}

}  // namespace
}  // namespace storemark::real
