// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/sender.hpp"

#include <gtest/gtest.h>

namespace storemark::corosync_group {
namespace {

Bytes body(std::uint8_t what, std::size_t size = 10) { return Bytes(size, what); }

EnvelopeHead head(std::uint8_t what, std::size_t size = 10) {
  return envelope_head(MessageType::data, body(what, size));
}

Bytes control(std::uint8_t what) { return in_envelope(MessageType::hello, body(what)); }

TEST(Sender, KeepsTheOrderAndPutsControlsFirst) {
  Sender sender(1000);
  for (std::uint8_t what = 1; what <= 2; ++what) sender.push(head(what), body(what));
  for (std::uint8_t what = 8; what <= 9; ++what) sender.push_control(control(what));
  EXPECT_FALSE(sender.nothing_waits());
  std::vector<std::uint8_t> gone;
  while (const auto* next = sender.next(true)) {
    gone.push_back(next->body.front());
    sender.pop();
  }
  EXPECT_EQ(gone, (std::vector<std::uint8_t>{8, 9, 1, 2}));
  EXPECT_TRUE(sender.nothing_waits());
}

TEST(Sender, DataWaitAndControlsDoNot) {
  Sender sender(1000);
  sender.push(head(1), body(1));
  EXPECT_EQ(sender.next(false), nullptr);
  sender.push_control(control(8));
  ASSERT_NE(sender.next(false), nullptr);
  const auto* next = sender.next(false);
  Bytes whole(next->head.begin(), next->head.end());
  whole.insert(whole.end(), next->body.begin(), next->body.end());
  EXPECT_EQ(whole, control(8));
}

TEST(Sender, WhatComesBackIsWhatWentNext) {
  Sender sender(1000);
  sender.went(head(1), 10);
  sender.went(head(2), 10);
  EXPECT_FALSE(sender.came_back(head(2)));
  EXPECT_TRUE(sender.came_back(head(1)));
  EXPECT_TRUE(sender.came_back(head(2)));
  EXPECT_FALSE(sender.came_back(head(2)));
  EXPECT_EQ(sender.data_taken(), 2U);
}

TEST(Sender, WhatIsUnderWayTakesRoomToo) {
  Sender sender(500);
  EXPECT_TRUE(sender.has_room(1000)) << "one message, whatever its size";
  sender.went(head(1, 200), 200);
  EXPECT_FALSE(sender.has_room(200));
  EXPECT_FALSE(sender.has_room_again());
  EXPECT_TRUE(sender.came_back(head(1, 200)));
  EXPECT_TRUE(sender.has_room_again());
  EXPECT_FALSE(sender.has_room_again()) << "told once";
  EXPECT_TRUE(sender.has_room(200));
}

TEST(Sender, TheWindowIsBounded) {
  Sender sender(std::size_t{64} << 20);
  std::size_t count = 0;
  for (; sender.is_window_open(); ++count) sender.went(head(1), 10);
  EXPECT_EQ(count, 2000U);
  sender.push(head(2), body(2));
  EXPECT_EQ(sender.next(true), nullptr);
  EXPECT_TRUE(sender.came_back(head(1)));
  EXPECT_NE(sender.next(true), nullptr);

  Sender heavy(std::size_t{64} << 20);
  heavy.went(head(1), std::size_t{1} << 20);
  EXPECT_FALSE(heavy.is_window_open());
}

}  // namespace
}  // namespace storemark::corosync_group
