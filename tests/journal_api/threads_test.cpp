// SPDX-License-Identifier: Apache-2.0
// Many threads on one permit.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "journal/gate.hpp"
#include "journal/open.hpp"
#include "journal_api/real_store.hpp"
#include "journal_api/slow_directory.hpp"

namespace storemark::real {
namespace {

using namespace std::chrono_literals;

constexpr unsigned thread_count = 8;

class ThreadsTest : public RealStoreTest {
 protected:
  /// Runs `body(thread)` on all threads at once.
  static void together(const std::function<void(unsigned)>& body) {
    std::atomic<unsigned> ready{0};
    std::vector<std::thread> threads;
    threads.reserve(thread_count);
    for (unsigned i = 0; i < thread_count; ++i) {
      threads.emplace_back([&, i] {
        ++ready;
        while (ready < thread_count) std::this_thread::yield();
        body(i);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  [[nodiscard]] Live slow(std::chrono::microseconds each_write) const {
    Journal journal =
        must(open_journal(slow_environment(directory(), each_write), nothing(), Options{}));
    must(journal.found(cluster()));
    WritePermit permit = must(journal.activate(view_of(), 0));
    return {std::move(journal), std::move(permit)};
  }

  [[nodiscard]] static CleanShutdown shutdown_at(std::uint64_t sequence) {
    return {FinalUuid{new_uuid()}, sequence, std::nullopt, false};
  }
};

TEST_F(ThreadsTest, ThoseWhoWaitShareAFlush) {
  Live live = slow(1ms);
  std::atomic<std::uint64_t> next{0};
  constexpr unsigned calls = 50;
  together([&](unsigned) {
    for (unsigned i = 0; i < calls; ++i) {
      const std::uint64_t n = ++next;
      ASSERT_TRUE(ok(live.permit.write_sequence(n)));
      EXPECT_GE(live.permit.durable_floor(), n);
    }
  });
  EXPECT_EQ(live.permit.durable_floor(), thread_count * calls);
  EXPECT_LT(live.journal.health().sequence_writes, thread_count * calls / 2);
  EXPECT_EQ(examined().verdict.floor, thread_count * calls);
}

TEST_F(ThreadsTest, OneSequenceIsWrittenOnce) {
  Live live = activated();
  constexpr std::uint64_t last = 100;
  together([&](unsigned) {
    for (std::uint64_t n = 1; n <= last; ++n) {
      ASSERT_TRUE(ok(live.permit.write_sequence(n)));
      EXPECT_GE(live.permit.durable_floor(), n);
    }
  });
  EXPECT_LE(live.journal.health().sequence_writes, last) << "eight callers, one write";
  EXPECT_EQ(examined().verdict.floor, last);
}

TEST_F(ThreadsTest, EveryCallAtOnce) {
  Options options;
  options.interval = 1ms;
  Live live = activated(options);
  std::atomic<std::uint64_t> next{0};
  constexpr unsigned calls = 200;
  together([&](unsigned thread) {
    for (unsigned i = 0; i < calls; ++i) {
      const std::uint64_t n = ++next;
      ASSERT_TRUE(ok(live.permit.reserve(n)));
      EXPECT_GE(live.permit.durable_ceiling(), n);
      ASSERT_TRUE(ok(live.permit.note(n)));
      if (thread == 0 && i % 50 == 0) {
        ASSERT_TRUE(ok(live.permit.write_payload({})));
      }
      if (thread % 2 == 1 && i % 20 == 0) {
        ASSERT_TRUE(ok(live.permit.write_sequence(n)));
        EXPECT_GE(live.permit.durable_floor(), n);
      }
      if (thread == 2 && i % 50 == 0) static_cast<void>(live.permit.change_view(view_of(), n));
      if (thread == 4 && i % 50 == 0) {
        EXPECT_LE(live.journal.record().floor, live.journal.record().ceiling);
        EXPECT_EQ(live.journal.health().lost_writes, 0U);
      }
    }
  });
  const std::uint64_t last = next;
  must(live.permit.write_sequence(last));
  EXPECT_EQ(live.permit.durable_floor(), last);
  must(live.journal.mark_clean(std::move(live.permit), shutdown_at(last)));
  EXPECT_EQ(examined().verdict.state, StoreState::clean);
  EXPECT_EQ(examined().verdict.floor, last);
}

/// What the threads saw of a permit that was taken from them.
struct Seen {
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> acknowledged{0};  ///< the highest whose write returned
  std::atomic<unsigned> told{0};               ///< threads that were told "revoked"
};

/// Calls until it is refused; says whether the refusal was the right one.
void call_until_revoked(WritePermit& permit, unsigned thread, Seen& seen) {
  for (;;) {
    const std::uint64_t n = ++seen.next;
    Result<void> result;
    switch (thread % 4) {
      case 0:
        result = permit.write_sequence(n);
        if (result) detail::raise(seen.acknowledged, n);
        break;
      case 1:
        result = permit.reserve(n);
        if (result) result = permit.note(n);
        break;
      case 2:
        result = permit.write_payload({});
        break;
      default:
        result = permit.note(0);
        if (result) std::this_thread::yield();
    }
    if (result) continue;
    EXPECT_TRUE(fails(result, Errc::permit_revoked));
    ++seen.told;
    return;
  }
}

TEST_F(ThreadsTest, ARevokeInTheMiddleStopsEveryone) {
  Live live = activated();
  constexpr std::uint64_t far = 1'000'000'000;
  for (std::uint64_t round = 1; round <= 20; ++round) {
    Seen seen;
    seen.next = live.permit.durable_floor();
    together([&](unsigned thread) {
      if (thread > 0) return call_until_revoked(live.permit, thread + 3, seen);
      const std::uint64_t before = seen.next;
      while (seen.next < before + 20 || seen.acknowledged == 0) std::this_thread::yield();
      EXPECT_TRUE(ok(live.journal.mark_clean(std::move(live.permit), shutdown_at(round * far))));
    });
    EXPECT_EQ(seen.told, thread_count - 1);
    const Examination after = examined();
    EXPECT_EQ(after.verdict.state, StoreState::clean);
    EXPECT_EQ(after.verdict.floor, round * far);
    EXPECT_EQ(slots_with(after, SlotHealth::current), slot_count);
    live.permit = must(live.journal.activate(view_of(), round * far));
  }
}

TEST_F(ThreadsTest, NoAcknowledgedSequenceIsForgottenByClean) {
  Options options;
  options.durable_write = DurableWrite::buffered;
  Live live = activated(options);
  std::uint64_t held = 0;
  for (unsigned round = 0; round < 100; ++round) {
    std::atomic<unsigned> ready{0};
    bool acknowledged = false;
    const auto meet = [&ready](unsigned delay) {
      ++ready;
      while (ready < 2) std::this_thread::yield();
      for (std::atomic<unsigned> i{0}; i < delay; ++i) continue;
    };
    std::thread writer([&] {
      meet(round * 7 % 40);
      acknowledged = live.permit.write_sequence(held + 1).has_value();
    });
    meet(round * 13 % 40);
    const auto marked = live.journal.mark_clean(std::move(live.permit), shutdown_at(held));
    writer.join();
    EXPECT_FALSE(marked && acknowledged) << "event " << held + 1 << " is not in the clean record";
    { const WritePermit dropped = std::move(live.permit); }
    if (acknowledged) ++held;
    held = std::max(held, live.journal.record().floor);
    live.permit = must(live.journal.activate(view_of(), held));
  }
}

TEST_F(ThreadsTest, AnActivationAfterTheRevokeDoesNotWakeTheOld) {
  Live live = activated();
  WritePermit old = std::move(live.permit);
  must(live.journal.mark_clean(std::move(old), shutdown_at(0)));
  live.permit = must(live.journal.activate(view_of(), 0));
  EXPECT_TRUE(fails(old.write_sequence(1), Errc::permit_revoked));
  EXPECT_TRUE(fails(old.note(0), Errc::permit_revoked));
  EXPECT_TRUE(ok(live.permit.write_sequence(1)));
}

TEST_F(ThreadsTest, WhenTheFileIsGoneEveryThreadIsTold) {
  Live live = activated();
  fs::remove(file());
  std::atomic<unsigned> first{0};
  std::atomic<unsigned> later{0};
  std::atomic<std::uint64_t> next{0};
  together([&](unsigned) {
    for (;;) {
      const auto result = live.permit.write_sequence(++next);
      if (result) continue;
      (result.error().code == Errc::file_replaced ? first : later) += 1;
      if (result.error().code != Errc::file_replaced) {
        EXPECT_TRUE(fails(result, Errc::poisoned));
        return;
      }
    }
  });
  EXPECT_EQ(first, 1U) << "one thread found out";
  EXPECT_EQ(later, thread_count);
}

}  // namespace
}  // namespace storemark::real
