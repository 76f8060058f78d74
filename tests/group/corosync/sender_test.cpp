// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/sender.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "group/corosync/bundle.hpp"

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
    const auto its_head = next->head;
    sender.pop();
    EXPECT_TRUE(sender.came_back(its_head, true));
  }
  ASSERT_EQ(gone.size(), 3U) << "two controls, and a bundle";
  EXPECT_EQ(gone[0], 8U);
  EXPECT_EQ(gone[1], 9U);
  EXPECT_TRUE(sender.nothing_waits());
}

/// The data in what goes next; empty where it is none, or nothing goes.
std::vector<Bytes> data_in(const Sender::Message* next) {
  if (next == nullptr) return {};
  if (next->head == envelope_head(MessageType::data, next->body)) return {next->body};
  if (next->head != envelope_head(MessageType::bundle, next->body)) return {};
  std::vector<Bytes> out;
  for (const ByteView one : unbundle(next->body).value_or(std::vector<ByteView>())) {
    out.emplace_back(one.begin(), one.end());
  }
  return out;
}

TEST(Sender, SmallDataThatWaitGoTogether) {
  Sender sender(1000);
  for (std::uint8_t what = 1; what <= 3; ++what) sender.push(head(what), body(what));
  const auto* next = sender.next(true);
  EXPECT_EQ(data_in(next), (std::vector<Bytes>{body(1), body(2), body(3)}));
  ASSERT_NE(next, nullptr);
  const auto its_head = next->head;
  EXPECT_EQ(sender.next(true), next) << "until it has gone";
  sender.pop();
  EXPECT_EQ(sender.next(true), nullptr);
  EXPECT_EQ(sender.data_taken(), 3U);
  EXPECT_FALSE(sender.has_room(800)) << "each takes its room until it is back";
  EXPECT_TRUE(sender.came_back(its_head, true));
  sender.went(head(4), body(4));
  EXPECT_TRUE(sender.has_room(798));
  EXPECT_FALSE(sender.has_room(799));
}

TEST(Sender, OneThatWaitsGoesAsItIs) {
  Sender sender(1000);
  sender.push(head(1), body(1));
  const auto* next = sender.next(true);
  ASSERT_NE(next, nullptr);
  EXPECT_EQ(next->head, head(1));
}

TEST(Sender, ABundleIsBounded) {
  Sender sender(std::size_t{64} << 20);
  // With its length each takes 1024 bytes.
  for (int i = 0; i < 17; ++i) sender.push(head(1, 1020), body(1, 1020));
  EXPECT_EQ(data_in(sender.next(true)).size(), 16U);
  EXPECT_EQ(sender.next(true)->body.size(), 16384U);
  sender.pop();
  EXPECT_EQ(data_in(sender.next(true)).size(), 1U);
}

TEST(Sender, ALargeOneGoesAloneInItsPlace) {
  Sender sender(std::size_t{64} << 20);
  const std::vector<std::pair<std::uint8_t, std::size_t>> all{
      {1, 10}, {2, 10}, {3, 16'381}, {4, 10}, {5, 10}};
  for (const auto& [what, size] : all) sender.push(head(what, size), body(what, size));
  std::vector<std::vector<Bytes>> gone;
  while (const auto* next = sender.next(true)) {
    gone.push_back(data_in(next));
    sender.pop();
  }
  EXPECT_EQ(gone, (std::vector<std::vector<Bytes>>{
                      {body(1), body(2)}, {body(3, 16'381)}, {body(4), body(5)}}));
}

TEST(Sender, ABundleThatDidNotCountGoesAgainAsItWas) {
  Sender sender(1000);
  for (std::uint8_t what = 1; what <= 2; ++what) sender.push(head(what), body(what));
  const auto its_head = sender.next(true)->head;
  sender.pop();
  sender.went(head(3), body(3));
  for (std::uint8_t what = 4; what <= 5; ++what) sender.push(head(what), body(what));
  EXPECT_TRUE(sender.came_back(its_head, false));
  EXPECT_TRUE(sender.came_back(head(3), false));
  const std::vector<std::vector<Bytes>> order{{body(1), body(2)}, {body(3)}, {body(4), body(5)}};
  for (const auto& wanted : order) {
    EXPECT_EQ(data_in(sender.next(true)), wanted);
    sender.pop();
  }
}

TEST(Sender, AControlOvertakesABundleThatHasNotGone) {
  Sender sender(1000);
  for (std::uint8_t what = 1; what <= 2; ++what) sender.push(head(what), body(what));
  EXPECT_EQ(data_in(sender.next(true)).size(), 2U);
  sender.push_control(control(8));
  const auto* next = sender.next(true);
  ASSERT_NE(next, nullptr);
  EXPECT_EQ(next->body, body(8));
  const auto its_head = next->head;
  sender.pop();
  EXPECT_TRUE(sender.came_back(its_head, true));
  EXPECT_EQ(data_in(sender.next(true)).size(), 2U);
}

TEST(Sender, AControlWaitsUntilAllIsBackAndHoldsDataUp) {
  Sender sender(1000);
  sender.went(head(1), body(1));
  sender.push_control(control(8));
  sender.push(head(2), body(2));
  EXPECT_EQ(sender.next(true), nullptr);
  EXPECT_TRUE(sender.came_back(head(1), true));
  const auto* next = sender.next(false);
  ASSERT_NE(next, nullptr);
  Bytes whole(next->head.begin(), next->head.end());
  whole.insert(whole.end(), next->body.begin(), next->body.end());
  EXPECT_EQ(whole, control(8));
  sender.pop();
  EXPECT_EQ(sender.next(false), nullptr) << "data may not go";
  EXPECT_NE(sender.next(true), nullptr);
}

TEST(Sender, WhatComesBackIsWhatWentNext) {
  Sender sender(1000);
  sender.went(head(1), body(1));
  sender.went(head(2), body(2));
  EXPECT_FALSE(sender.came_back(head(2), true));
  EXPECT_TRUE(sender.came_back(head(1), true));
  EXPECT_TRUE(sender.came_back(head(2), true));
  EXPECT_FALSE(sender.came_back(head(2), true));
  EXPECT_EQ(sender.data_taken(), 2U);
}

TEST(Sender, WhatDidNotCountGoesAgainBeforeTheRest) {
  Sender sender(1000);
  for (std::uint8_t what = 1; what <= 3; ++what) sender.went(head(what), body(what));
  sender.push(head(4), body(4));
  EXPECT_TRUE(sender.came_back(head(1), true));
  for (std::uint8_t what = 2; what <= 3; ++what) EXPECT_TRUE(sender.came_back(head(what), false));
  for (std::uint8_t what = 2; what <= 4; ++what) {
    const auto* next = sender.next(true);
    ASSERT_NE(next, nullptr);
    EXPECT_EQ(next->head, head(what));
    EXPECT_EQ(next->body, body(what));
    sender.pop();
  }
  EXPECT_EQ(sender.data_taken(), 4U);
}

TEST(Sender, WhatDidNotCountTwiceStaysInItsOrder) {
  Sender sender(1000);
  for (std::uint8_t what = 1; what <= 4; ++what) sender.went(head(what), body(what));
  for (std::uint8_t what = 1; what <= 4; ++what) EXPECT_TRUE(sender.came_back(head(what), false));
  // Two go again, and meet the next change while the others wait.
  for (int i = 0; i < 2; ++i) {
    ASSERT_NE(sender.next(true), nullptr);
    sender.pop();
  }
  for (std::uint8_t what = 1; what <= 2; ++what) EXPECT_TRUE(sender.came_back(head(what), false));
  for (std::uint8_t what = 1; what <= 4; ++what) {
    const auto* next = sender.next(true);
    ASSERT_NE(next, nullptr);
    EXPECT_EQ(next->head, head(what));
    sender.pop();
  }
}

TEST(Sender, OfTheControlsThatDidNotCountOnlyARenewGoesAgain) {
  for (const auto& [bytes, again] :
       {std::pair{control(8), false}, std::pair{in_envelope(MessageType::renew, {}), true}}) {
    Sender sender(1000);
    sender.push_control(bytes);
    const auto* next = sender.next(true);
    ASSERT_NE(next, nullptr);
    const auto its_head = next->head;
    sender.pop();
    EXPECT_TRUE(sender.came_back(its_head, false));
    EXPECT_EQ(sender.next(true) != nullptr, again);
  }
}

TEST(Sender, WhatIsUnderWayTakesRoomToo) {
  Sender sender(500);
  EXPECT_TRUE(sender.has_room(1000)) << "one message, whatever its size";
  sender.went(head(1, 200), body(1, 200));
  EXPECT_FALSE(sender.has_room(300));
  EXPECT_FALSE(sender.has_room_again());
  EXPECT_TRUE(sender.came_back(head(1, 200), false));
  EXPECT_FALSE(sender.has_room_again()) << "it goes again";
  ASSERT_NE(sender.next(true), nullptr);
  sender.pop();
  EXPECT_TRUE(sender.came_back(head(1, 200), true));
  EXPECT_TRUE(sender.has_room_again());
  EXPECT_FALSE(sender.has_room_again()) << "told once";
  EXPECT_TRUE(sender.has_room(300));
}

TEST(Sender, TheWindowIsBounded) {
  Sender sender(std::size_t{64} << 20);
  std::size_t count = 0;
  for (; sender.is_window_open(); ++count) sender.went(head(1), body(1));
  EXPECT_EQ(count, 64U);
  sender.push(head(2), body(2));
  EXPECT_EQ(sender.next(true), nullptr);
  EXPECT_TRUE(sender.came_back(head(1), true));
  EXPECT_NE(sender.next(true), nullptr);

  Sender heavy(std::size_t{64} << 20);
  heavy.went(head(1), body(1, std::size_t{1} << 20));
  EXPECT_FALSE(heavy.is_window_open());
}

}  // namespace
}  // namespace storemark::corosync_group
