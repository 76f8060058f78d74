// SPDX-License-Identifier: Apache-2.0
#include "driver/inbox.hpp"

#include <gtest/gtest.h>

namespace storemark::driver {
namespace {

using Answer = Inbox::Answer;

Answer put(Inbox& inbox, std::size_t size, std::uint64_t token = 0) {
  return inbox.publish(std::vector<std::uint8_t>(size, 7), token);
}

TEST(Inbox, TakesNothingUntilItIsActive) {
  Inbox inbox(100);
  EXPECT_EQ(put(inbox, 1), Answer::not_active);
  EXPECT_EQ(inbox.shut_down(), Answer::not_active);
  inbox.open();
  EXPECT_EQ(put(inbox, 1), Answer::taken);
  EXPECT_EQ(inbox.shut_down(), Answer::taken);
}

TEST(Inbox, GivesInTheOrderOfTheAsking) {
  Inbox inbox(100);
  inbox.open();
  EXPECT_EQ(put(inbox, 3, 1), Answer::taken);
  EXPECT_EQ(inbox.shut_down(), Answer::taken);
  EXPECT_EQ(put(inbox, 4, 2), Answer::taken);
  EXPECT_EQ(inbox.next()->event.size(), 3U);
  EXPECT_TRUE(inbox.next()->shut_down);
  EXPECT_EQ(inbox.next()->token, 2U);
  EXPECT_FALSE(inbox.next());
  EXPECT_TRUE(inbox.is_empty());
}

TEST(Inbox, IsBoundedByWhatIsNotSent) {
  Inbox inbox(10);
  inbox.open();
  EXPECT_EQ(put(inbox, 6), Answer::taken);
  EXPECT_EQ(put(inbox, 5), Answer::no_room);
  EXPECT_EQ(put(inbox, 4), Answer::taken);
  EXPECT_EQ(put(inbox, 0), Answer::no_room) << "events without bytes are bounded too";
  static_cast<void>(inbox.next());
  EXPECT_EQ(put(inbox, 1), Answer::no_room) << "taken, and not sent";
  inbox.sent();
  EXPECT_EQ(put(inbox, 6), Answer::taken);
}

TEST(Inbox, EventsWithoutBytesAreBoundedByTheirNumber) {
  Inbox inbox(10);
  inbox.open();
  std::size_t taken = 0;
  while (taken <= most_waiting && put(inbox, 0) == Answer::taken) ++taken;
  EXPECT_EQ(taken, most_waiting);
  EXPECT_FALSE(inbox.room_is_due());
  while (taken-- > most_waiting / 2) static_cast<void>(inbox.next());
  EXPECT_TRUE(inbox.room_is_due());
}

TEST(Inbox, AShutdownWaitsOnceHoweverOftenItIsAskedFor) {
  Inbox inbox(10);
  inbox.open();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(inbox.shut_down(), Answer::taken);
  EXPECT_TRUE(inbox.next()->shut_down);
  EXPECT_FALSE(inbox.next());
  EXPECT_EQ(inbox.shut_down(), Answer::taken) << "it is ordered already";
  EXPECT_FALSE(inbox.next());
  EXPECT_EQ(inbox.close().size(), 0U);
  inbox.open();
  EXPECT_EQ(inbox.shut_down(), Answer::taken);
  EXPECT_TRUE(inbox.next()) << "another time";
}

TEST(Inbox, SomethingAlwaysFitsWhereNothingWaits) {
  for (const std::size_t most : {0U, 10U}) {
    Inbox inbox(most);
    inbox.open();
    EXPECT_EQ(put(inbox, 1000), Answer::taken);
    EXPECT_EQ(put(inbox, 1), Answer::no_room);
  }
}

TEST(Inbox, SaysOnceThatThereIsRoomAgain) {
  Inbox inbox(10);
  inbox.open();
  EXPECT_EQ(put(inbox, 10), Answer::taken);
  EXPECT_FALSE(inbox.room_is_due()) << "nobody was refused";
  EXPECT_EQ(put(inbox, 1), Answer::no_room);
  EXPECT_FALSE(inbox.room_is_due());
  static_cast<void>(inbox.next());
  EXPECT_FALSE(inbox.room_is_due());
  inbox.sent();
  EXPECT_TRUE(inbox.room_is_due());
  EXPECT_FALSE(inbox.room_is_due());
}

TEST(Inbox, GivesBackWhatWaitsWhenItCloses) {
  Inbox inbox(10);
  inbox.open();
  EXPECT_EQ(put(inbox, 10, 4), Answer::taken);
  EXPECT_EQ(put(inbox, 1), Answer::no_room);
  const auto waited = inbox.close();
  ASSERT_EQ(waited.size(), 1U);
  EXPECT_EQ(waited[0].token, 4U);
  EXPECT_FALSE(inbox.next());
  EXPECT_TRUE(inbox.room_is_due()) << "who waits for room asks again, and is told";
  EXPECT_EQ(put(inbox, 1), Answer::not_active);
}

}  // namespace
}  // namespace storemark::driver
