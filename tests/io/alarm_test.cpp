// SPDX-License-Identifier: Apache-2.0
// The alarm: nothing here depends on how long something takes, but that a second is not an hour.
#include "io/alarm.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace storemark::io {
namespace {

using namespace std::chrono_literals;

Alarm made() {
  auto alarm = Alarm::make();
  EXPECT_TRUE(alarm);
  return std::move(*alarm);
}

TEST(Alarm, RingsAfterAWhile) {
  Alarm alarm = made();
  alarm.set(1ms);
  EXPECT_TRUE(alarm.wait(std::nullopt));
  EXPECT_FALSE(alarm.wait(1ms)) << "once";
  alarm.set(1ms);
  EXPECT_TRUE(alarm.wait(std::nullopt)) << "it can be set anew";
}

TEST(Alarm, SetTwiceItRingsWhenItWasFirstSetFor) {
  Alarm alarm = made();
  alarm.set(1ms);
  alarm.set(1h);
  EXPECT_TRUE(alarm.wait(std::nullopt));
  EXPECT_FALSE(alarm.wait(0ns));
}

TEST(Alarm, WaitsNoLongerThanItIsTold) {
  Alarm alarm = made();
  EXPECT_FALSE(alarm.wait(1ms));
  EXPECT_FALSE(alarm.wait(-1h)) << "a moment that has passed";
  alarm.set(1h);
  EXPECT_FALSE(alarm.wait(1ms));
}

TEST(Alarm, RungItWakesWhoeverWaits) {
  Alarm alarm = made();
  alarm.set(1h);
  std::thread waiting([&] { EXPECT_TRUE(alarm.wait(std::nullopt)); });
  alarm.ring();
  waiting.join();
}

TEST(Alarm, NoneIsMissedBetweenTwoThreads) {
  Alarm alarm = made();
  std::atomic<int> work{0};
  constexpr int all = 2'000;
  std::thread setting([&] {
    for (int i = 0; i < all; ++i) {
      ++work;
      alarm.set(1us);
    }
  });
  int done = 0;
  while (done < all) {
    ASSERT_TRUE(alarm.wait(1min)) << "work was left behind: " << work.load();
    done += work.exchange(0);
  }
  setting.join();
}

}  // namespace
}  // namespace storemark::io
