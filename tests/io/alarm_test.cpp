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
  EXPECT_EQ(alarm.wait(std::nullopt), Alarm::Woken::rang);
  EXPECT_EQ(alarm.wait(1ms), Alarm::Woken::timed_out) << "once";
  alarm.set(1ms);
  EXPECT_EQ(alarm.wait(std::nullopt), Alarm::Woken::rang) << "it can be set anew";
}

TEST(Alarm, SetTwiceItRingsWhenItWasFirstSetFor) {
  Alarm alarm = made();
  alarm.set(1ms);
  alarm.set(1h);
  EXPECT_EQ(alarm.wait(std::nullopt), Alarm::Woken::rang);
  EXPECT_EQ(alarm.wait(0ns), Alarm::Woken::timed_out);
}

TEST(Alarm, WaitsNoLongerThanItIsTold) {
  Alarm alarm = made();
  EXPECT_EQ(alarm.wait(1ms), Alarm::Woken::timed_out);
  EXPECT_EQ(alarm.wait(-1h), Alarm::Woken::timed_out) << "a moment that has passed";
  alarm.set(1h);
  EXPECT_EQ(alarm.wait(1ms), Alarm::Woken::timed_out);
}

TEST(Alarm, RungItWakesWhoeverWaits) {
  Alarm alarm = made();
  alarm.set(1h);
  std::thread waiting([&] { EXPECT_EQ(alarm.wait(std::nullopt), Alarm::Woken::rang); });
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
    ASSERT_EQ(alarm.wait(1min), Alarm::Woken::rang) << "work was left behind: " << work.load();
    done += work.exchange(0);
  }
  setting.join();
}

}  // namespace
}  // namespace storemark::io
