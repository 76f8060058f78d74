// SPDX-License-Identifier: Apache-2.0
#include "restart/wire.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "journal/samples.hpp"
#include "restart/wire_layout.hpp"
#include "restart/wire_samples.hpp"

namespace storemark::wire {
namespace {

using namespace storemark::test;
namespace envelope = layout::envelope;

/// What is said to a message that the encoder was given.
std::string refusal_of(const Message& message) { return refusal(encode(message)); }

TEST(Wire, OneOfEachComesBack) {
  for (const Message& message : one_of_each()) {
    const auto back = decode(encode(message));
    ASSERT_TRUE(back) << message.index() << ": " << back.error();
    EXPECT_TRUE(*back == message) << message.index();
  }
}

TEST(Wire, TheSmallestAnnouncementComesBack) {
  Announce small;
  small.round = numbered(1);
  small.member.id = id<MemberId>(1);
  small.member.incarnation = id<Incarnation>(1);
  EXPECT_TRUE(decode(encode(small)) == Message(small));
}

RC_GTEST_PROP(Wire, ComesBackAsItWent, ()) {
  const Message message = *rc::gen::resize(30, any_message());
  const WireBytes bytes = encode(message);
  const auto back = decode(bytes);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == message);
  RC_ASSERT(encode(*back) == bytes);
}

RC_GTEST_PROP(Wire, TakesAnyBody, ()) {
  WireBytes bytes = encode(Confirm{});
  bytes.at(envelope::type.offset) = *rc::gen::inRange<std::uint8_t>(0, 10);
  const auto body = *rc::gen::arbitrary<WireBytes>();
  bytes.insert(bytes.begin() + layout::header_bytes, body.begin(), body.end());
  reseal(bytes);
  const auto back = decode(bytes);
  if (back) RC_ASSERT(encode(*back) == bytes);
}

TEST(Wire, EveryTruncationIsRefused) {
  for (const Message& message : one_of_each()) {
    const WireBytes bytes = encode(message);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_FALSE(decode(std::span(bytes).first(size))) << message.index() << " cut to " << size;
    }
  }
}

TEST(Wire, EveryTruncationIsRefusedAlsoWithTheRightChecksum) {
  for (const Message& message : one_of_each()) {
    if (std::holds_alternative<Event>(message)) continue;  // a shorter event is an event
    const WireBytes bytes = encode(message);
    for (std::size_t size = layout::envelope_bytes; size < bytes.size(); ++size) {
      WireBytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      reseal(cut);
      ASSERT_FALSE(decode(cut)) << message.index() << " cut to " << size;
    }
  }
}

TEST(Wire, EveryFlippedBitIsRefused) {
  for (const Message& message : one_of_each()) {
    WireBytes bytes = encode(message);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      const auto flip = static_cast<std::uint8_t>(1U << (bit % 8));
      bytes[bit / 8] ^= flip;
      ASSERT_FALSE(decode(bytes)) << message.index() << " bit " << bit;
      bytes[bit / 8] ^= flip;
    }
  }
}

TEST(Wire, TrailingBytesAreRefused) {
  for (const Message& message : one_of_each()) {
    WireBytes bytes = encode(message);
    bytes.push_back(0);
    EXPECT_EQ(refusal(bytes), "it has not the length that it says");
    if (std::holds_alternative<Event>(message)) continue;
    reseal(bytes);
    EXPECT_NE(refusal(bytes).find("has not the length"), std::string::npos) << message.index();
  }
}

TEST(Wire, AFutureVersionNamesBoth) {
  WireBytes bytes = encode(Confirm{1});
  bytes.at(envelope::version.offset) = 2;
  reseal(bytes);
  EXPECT_EQ(refusal(bytes), "it speaks protocol 2, this is 1");
  bytes.at(envelope::type.offset) = 200;  // whatever it says in its own words
  bytes.at(envelope::reserved.offset) = 1;
  reseal(bytes);
  EXPECT_EQ(refusal(bytes), "it speaks protocol 2, this is 1");
  bytes.back() ^= 1U;  // damaged: then not even the version is believed
  EXPECT_EQ(refusal(bytes), "its checksum does not verify");
}

TEST(Wire, WhatIsNoMessageIsRefused) {
  EXPECT_EQ(refusal(WireBytes{}), "it is too short for a message");
  EXPECT_EQ(refusal(WireBytes(layout::envelope_bytes, 0)), "it is no message of storemark");
  WireBytes unknown = encode(Confirm{1});
  for (const unsigned type : {0U, unsigned{layout::type_count} + 1, 255U}) {
    unknown.at(envelope::type.offset) = static_cast<std::uint8_t>(type);
    reseal(unknown);
    EXPECT_EQ(refusal(unknown), "its type is unknown") << type;
  }
}

TEST(Wire, OneTypeIsNotTakenForAnother) {
  // All of 16 bytes: only the envelope tells them apart.
  EXPECT_NE(encode(Retry{numbered(1)}), encode(Prepared{numbered(1)}));
  EXPECT_FALSE(decode(encode(Retry{numbered(1)})) == Message(Prepared{numbered(1)}));
}

TEST(Wire, AGigabyteIsRefusedUnread) {
  // The length that it claims, and the length that it has.
  WireBytes claims = encode(Event{{1, 2, 3}});
  claims.at(envelope::length.offset + 3) = 0x40;
  EXPECT_EQ(refusal(claims), "it has not the length that it says");
  const WireBytes has(std::size_t{1} << 30);
  EXPECT_EQ(refusal(has), "it is too long");
}

TEST(Wire, TheLongestEventPassesAndOneMoreByteDoesNot) {
  Event event;
  event.payload.resize(max_event_payload, 7);
  EXPECT_TRUE(decode(encode(event)) == Message(event));
  event.payload.push_back(7);
  EXPECT_EQ(refusal_of(Message(event)), "it is too long");
}

TEST(Wire, WhatIsNoEventIsShort) {
  WireBytes bytes = encode(Shutdown{id<FinalUuid>(1)});
  bytes.insert(bytes.begin() + layout::header_bytes, max_control_bytes + 1 - bytes.size(),
               std::uint8_t{1});
  reseal(bytes);
  EXPECT_EQ(refusal(bytes), "it is too long");
  EXPECT_LE(encode(full_announce()).size(), max_control_bytes);
}

TEST(Wire, IdsThatMeanNothingAreRefused) {
  EXPECT_EQ(refusal_of(Message(Retry{})), "it names no round");
  EXPECT_EQ(refusal_of(Message(Prepared{})), "it names no round");
  EXPECT_EQ(refusal_of(Message(Activated{})), "it names no view");
  EXPECT_EQ(refusal_of(Message(Shutdown{})), "it is a shutdown without a final UUID");
  const Offer offer{numbered(1), id<Incarnation>(2), numbered(3), 4, 5};
  Offer wrong = offer;
  wrong.round = {};
  EXPECT_EQ(refusal_of(Message(wrong)), "it names no round");
  wrong = offer;
  wrong.joiner = {};
  EXPECT_EQ(refusal_of(Message(wrong)), "it is an offer to nobody");
  wrong = offer;
  wrong.ticket = {};
  EXPECT_EQ(refusal_of(Message(wrong)), "it is an offer to nobody");
}

TEST(Wire, SequencesBeyondAllCountingAreRefused) {
  constexpr std::uint64_t too_far = max_sequence + 1;
  constexpr const char* why = "its sequence is beyond all counting";
  EXPECT_EQ(refusal_of(Message(Confirm{too_far})), why);
  EXPECT_EQ(refusal_of(Message(Offer{numbered(1), id<Incarnation>(2), numbered(3), too_far, 0})),
            why);
  EXPECT_EQ(refusal_of(Message(Offer{numbered(1), id<Incarnation>(2), numbered(3), 0, too_far})),
            why);
}

}  // namespace
}  // namespace storemark::wire
