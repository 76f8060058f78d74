// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/envelope.hpp"

#include <gtest/gtest.h>

namespace storemark::corosync_group {
namespace {

const Bytes body{1, 2, 3, 4, 5};

bool is_open(const Bytes& bytes) { return std::holds_alternative<Opened>(open_envelope(bytes)); }

TEST(Envelope, GivesBackWhatItWasGiven) {
  const Bytes bytes = in_envelope(MessageType::data, body);
  const auto opened = std::get<Opened>(open_envelope(bytes));
  EXPECT_EQ(opened.type, MessageType::data);
  EXPECT_EQ(Bytes(opened.body.begin(), opened.body.end()), body);
  EXPECT_TRUE(is_open(in_envelope(MessageType::renew, {})));
  const EnvelopeHead head = envelope_head(MessageType::data, body);
  EXPECT_TRUE(std::equal(head.begin(), head.end(), bytes.begin()));
}

TEST(Envelope, EveryBitCounts) {
  const Bytes bytes = in_envelope(MessageType::exclude, body);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    Bytes other = bytes;
    other[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(is_open(other)) << bit;
  }
}

TEST(Envelope, EveryOtherLengthIsRefused) {
  Bytes bytes = in_envelope(MessageType::hello, body);
  bytes.push_back(0);
  EXPECT_FALSE(is_open(bytes));
  bytes.pop_back();
  for (; !bytes.empty(); bytes.pop_back()) {
    const Bytes shorter(bytes.begin(), bytes.end() - 1);
    EXPECT_FALSE(is_open(shorter)) << shorter.size();
  }
}

TEST(Envelope, AnotherVersionIsNamed) {
  Bytes bytes = in_envelope(MessageType::hello, body);
  bytes[4] = 200;
  const auto opened = open_envelope(bytes);
  ASSERT_TRUE(std::holds_alternative<OtherVersion>(opened));
  EXPECT_EQ(std::get<OtherVersion>(opened).version, 200);
}

TEST(Envelope, AnUnknownKindIsRefused) {
  EXPECT_FALSE(is_open(in_envelope(static_cast<MessageType>(0), body)));
  EXPECT_FALSE(is_open(in_envelope(static_cast<MessageType>(7), body)));
}

}  // namespace
}  // namespace storemark::corosync_group
