// SPDX-License-Identifier: Apache-2.0
#include "journal/flush_wait.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace storemark {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr auto usual = microseconds(100);

/// Whether that thread of this process sleeps, as the kernel has it, or is at an end.
bool rests(pid_t thread) {
  std::ifstream in("/proc/self/task/" + std::to_string(thread) + "/stat");
  const std::string stat{std::istreambuf_iterator<char>(in), {}};
  return stat.empty() || stat.substr(stat.rfind(')'), 3) == ") S";
}

/// Counts the looks at the clock, each of which moves it on. Who sleeps takes none.
class FlushWaitTest : public testing::Test {
 protected:
  FlushWait make(bool lookout) {
    return {lookout, [this] {
              const int look = looks_.fetch_add(1) + 1;
              meanwhile_(look);
              return FlushWait::Clock::time_point(look * step_);
            }};
  }
  /// Waits for a flush that ends once this thread has fallen asleep.
  void wait_asleep(FlushWait& wait, FlushWait::Clock::duration usually = usual) {
    const std::jthread flush([&, waiter = ::gettid()] {
      while (!rests(waiter)) std::this_thread::yield();
      wait.move();
    });
    wait.wait(wait.moves(), usually);
  }

  std::atomic<int> looks_{0};
  microseconds step_{1};
  std::function<void(int)> meanwhile_ = [](int) {};
};

TEST_F(FlushWaitTest, WhoComesTooLateDoesNotWait) {
  FlushWait wait = make(true);
  const auto seen = wait.moves();
  wait.move();
  wait.wait(seen, usual);
  EXPECT_LE(looks_, 1);
}

TEST_F(FlushWaitTest, OneLooksOutForTheEnd) {
  FlushWait wait = make(true);
  meanwhile_ = [&](int look) {
    if (look == 30) wait.move();
  };
  wait.wait(wait.moves(), usual);
  EXPECT_EQ(looks_, 30) << "it did not sleep, and nobody woke it";
}

TEST_F(FlushWaitTest, TheOthersSleep) {
  FlushWait wait = make(true);
  std::jthread other;
  std::thread::id looking = std::this_thread::get_id();
  meanwhile_ = [&](int look) {
    EXPECT_EQ(std::this_thread::get_id(), looking);
    if (look == 1) {
      std::atomic<pid_t> started{0};
      other = std::jthread([&, seen = wait.moves()] {
        started = ::gettid();
        wait.wait(seen, usual);
      });
      while (started == 0 || !rests(started)) std::this_thread::yield();
    }
    if (look == 50) wait.move();
  };
  wait.wait(wait.moves(), usual);
  other.join();
  // And once nobody does, another one may.
  const std::jthread next([&] {
    looking = std::this_thread::get_id();
    meanwhile_ = [&](int /*look*/) { wait.move(); };
    const int before = looks_;
    wait.wait(wait.moves(), usual);
    EXPECT_GT(looks_, before);
  });
}

TEST_F(FlushWaitTest, NotForEver) {
  FlushWait wait = make(true);
  wait_asleep(wait);
  EXPECT_GE(looks_, 2 * 100);
  EXPECT_LE(looks_, 2 * 100 + 1);
}

TEST_F(FlushWaitTest, NotWhereOthersNeedTheProcessor) {
  step_ = microseconds(60);
  FlushWait wait = make(true);
  wait_asleep(wait, microseconds(400));
  EXPECT_EQ(looks_, 1 + 3);
}

/// It would let nobody go first, and the flush's own thread of the kernel may wait for its
/// processor.
TEST_F(FlushWaitTest, NotWithARealTimePolicy) {
  FlushWait wait = make(true);
  bool refused = false;
  std::thread([&] {
    const sched_param lowest{.sched_priority = ::sched_get_priority_min(SCHED_FIFO)};
    refused = ::sched_setscheduler(0, SCHED_FIFO, &lowest) != 0;
    if (!refused) wait_asleep(wait);
  }).join();
  if (refused) GTEST_SKIP() << "no real-time threads here";
  EXPECT_EQ(looks_, 0);
}

TEST_F(FlushWaitTest, NotForASlowFlush) {
  FlushWait wait = make(true);
  wait_asleep(wait, milliseconds(1));
  EXPECT_EQ(looks_, 0);
}

TEST_F(FlushWaitTest, NotWhereNothingIsKnownYet) {
  FlushWait wait = make(true);
  wait_asleep(wait, {});
  EXPECT_EQ(looks_, 0);
}

TEST_F(FlushWaitTest, NotWhereItIsNotWanted) {
  FlushWait wait = make(false);
  wait_asleep(wait);
  EXPECT_EQ(looks_, 0);
}

}  // namespace
}  // namespace storemark
