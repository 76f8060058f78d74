// SPDX-License-Identifier: Apache-2.0
#include "journal/flush_share.hpp"

#include <gtest/gtest.h>

namespace storemark {
namespace {

using std::chrono::microseconds;

/// A clock that moves by a microsecond whenever it is asked; a flush lasts 100.
class FlushShareTest : public testing::Test {
 protected:
  void flush() {
    share_.gather();
    now_ += microseconds(100);
    share_.release();
  }
  /// How long the leader waits.
  microseconds gathering() {
    const auto before = now_;
    share_.gather();
    const auto after = now_;
    now_ += microseconds(100);
    share_.release();
    return std::chrono::duration_cast<microseconds>(after - before);
  }
  void arrive(int count) {
    for (int i = 0; i < count; ++i) share_.arrive();
  }

  FlushShare::Clock::time_point now_{};
  /// Called with each question to the clock: who comes while the leader waits.
  std::function<void()> meanwhile_ = [] {};
  FlushShare share_{[this] {
    meanwhile_();
    return now_ += microseconds(1);
  }};
};

TEST_F(FlushShareTest, WhoIsAloneNeverWaits) {
  for (int i = 0; i < 10; ++i) {
    share_.arrive();
    EXPECT_EQ(gathering(), microseconds(1)) << "one look at the clock";
  }
}

TEST_F(FlushShareTest, TheLeaderWaitsForThoseThatWereReleased) {
  arrive(4);
  flush();
  arrive(1);
  int asked = 0;
  meanwhile_ = [&] {
    if (++asked == 5) arrive(3);
  };
  EXPECT_EQ(gathering(), microseconds(5)) << "until all four are back";
}

TEST_F(FlushShareTest, ForThoseTooThatCameDuringTheFlush) {
  arrive(1);
  share_.gather();
  arrive(1);
  share_.release();
  // The second leads, and the first is on its way back.
  int asked = 0;
  meanwhile_ = [&] {
    if (++asked == 3) arrive(1);
  };
  EXPECT_LE(gathering(), microseconds(3));
  meanwhile_ = [] {};
  arrive(2);
  EXPECT_EQ(gathering(), microseconds(1)) << "both are here";
}

TEST_F(FlushShareTest, NoLongerThanHalfAFlush) {
  arrive(4);
  flush();
  arrive(1);
  const auto waited = gathering();
  EXPECT_GE(waited, microseconds(45));
  EXPECT_LE(waited, microseconds(53));
  // Then it is alone.
  arrive(1);
  EXPECT_EQ(gathering(), microseconds(1));
}

TEST_F(FlushShareTest, AndNotAtLeisure) {
  arrive(4);
  flush();
  now_ += microseconds(1000);
  arrive(1);
  EXPECT_EQ(gathering(), microseconds(1)) << "the others had their time";
}

TEST_F(FlushShareTest, AClockThatStandsHoldsNobodyUp) {
  FlushShare share([] { return FlushShare::Clock::time_point{}; });
  for (int i = 0; i < 4; ++i) share.arrive();
  share.gather();
  share.release();
  share.arrive();
  share.gather();
  share.release();
}

}  // namespace
}  // namespace storemark
