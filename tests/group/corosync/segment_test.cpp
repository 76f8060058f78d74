// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/segment.hpp"

#include <gtest/gtest.h>

namespace storemark::corosync_group {
namespace {

const Bytes text{'x'};

Segment make(std::uint64_t seq, std::vector<Address> members = {{1, 1}, {2, 1}}) {
  return Segment({1, 1, {1, seq}, std::move(members), {}});
}

std::uint64_t digest_of(Segment segment, Address from, const Bytes& bytes) {
  segment.count(from, bytes);
  return segment.digest;
}

TEST(Segment, TheDigestTellsRingsMembersSendersAndBytesApart) {
  const auto digest = digest_of(make(4), {1, 1}, text);
  EXPECT_EQ(digest, digest_of(make(4), {1, 1}, text));
  EXPECT_NE(digest, digest_of(make(8), {1, 1}, text));
  EXPECT_NE(digest, digest_of(make(4, {{1, 1}}), {1, 1}, text));
  EXPECT_NE(digest, digest_of(make(4), {1, 2}, text));
  EXPECT_NE(digest, digest_of(make(4), {2, 1}, text));
  EXPECT_NE(digest, digest_of(make(4), {1, 1}, {'y'}));
}

TEST(Segment, WhatIsEmptyLeavesNoTrace) {
  Segment segment = make(4);
  segment.count({1, 1}, text);
  const auto digest = segment.digest;
  segment.absorb(make(4, {{1, 1}}));
  EXPECT_EQ(segment.digest, digest);
}

TEST(Segment, TheDigestIsOfWhatWasAbsorbedToo) {
  Segment segment = make(4);
  segment.count({1, 1}, text);
  const auto digest = segment.digest;
  Segment barren = make(4);
  barren.count({2, 1}, text);
  segment.absorb(std::move(barren));
  EXPECT_NE(segment.digest, digest);
}

TEST(Segment, TheFirstHelloCountsAndNoOther) {
  Segment segment = make(4);
  EXPECT_FALSE(segment.choose({1, 1}, {11, 1, {1, 8}, Quorum::unknown, "", {}, {}}));
  EXPECT_TRUE(segment.choose({1, 1}, {11, 2, {1, 4}, Quorum::unknown, "", {}, {}}));
  EXPECT_FALSE(segment.choose({1, 1}, {11, 3, {1, 4}, Quorum::unknown, "", {}, {}}));
  EXPECT_FALSE(segment.choose({3, 1}, {13, 1, {1, 4}, Quorum::unknown, "", {}, {}}));
  EXPECT_EQ(segment.hellos.at({1, 1}).counter, 2U);
  EXPECT_FALSE(segment.is_full());
  EXPECT_TRUE(segment.choose({2, 1}, {12, 1, {1, 4}, Quorum::unknown, "", {}, {}}));
  EXPECT_TRUE(segment.is_full());
  EXPECT_FALSE(segment.complete_at);
}

TEST(Segment, ItIsCompleteWithTheLastAgreeToItsHellos) {
  Segment segment = make(4);
  EXPECT_TRUE(segment.choose({1, 1}, {11, 2, {1, 4}, Quorum::unknown, "", {}, {}}));
  const std::vector<Counted> both{{{1, 1}, 2}, {{2, 1}, 1}};
  segment.agree({1, 1}, both);
  segment.agree({2, 1}, segment.counted());
  EXPECT_TRUE(segment.agreed.empty()) << "before all Hellos are there";
  EXPECT_TRUE(segment.choose({2, 1}, {12, 1, {1, 4}, Quorum::unknown, "", {}, {}}));
  segment.agree({1, 1}, both);
  segment.agree({1, 1}, both);
  segment.agree({3, 1}, both);
  segment.agree({2, 1}, {{{1, 1}, 1}, {{2, 1}, 1}});
  EXPECT_FALSE(segment.complete_at);
  segment.count({2, 1}, text);
  segment.agree({2, 1}, both);
  EXPECT_EQ(segment.complete_at, 1U);
}

TEST(Segment, OnlyTheSilentAreStruck) {
  Segment segment = make(4, {{1, 1}, {2, 1}, {3, 1}});
  EXPECT_TRUE(segment.choose({1, 1}, {11, 1, {1, 4}, Quorum::unknown, "", {}, {}}));
  EXPECT_FALSE(segment.strike({1, 1}, MessageType::hello));
  EXPECT_FALSE(segment.strike({4, 1}, MessageType::hello));
  EXPECT_FALSE(segment.strike({2, 1}, MessageType::agree)) << "it is too early for that";
  EXPECT_TRUE(segment.strike({2, 1}, MessageType::hello));
  EXPECT_FALSE(segment.strike({2, 1}, MessageType::hello));
  EXPECT_FALSE(segment.choose({2, 1}, {12, 1, {1, 4}, Quorum::unknown, "", {}, {}}));
  EXPECT_TRUE(segment.choose({3, 1}, {13, 1, {1, 4}, Quorum::unknown, "", {}, {}}));

  EXPECT_TRUE(segment.is_full());
  EXPECT_FALSE(segment.strike({3, 1}, MessageType::hello)) << "it has said it";
  segment.agree({1, 1}, segment.counted());
  EXPECT_FALSE(segment.strike({1, 1}, MessageType::agree));
  EXPECT_FALSE(segment.complete_at);
  EXPECT_TRUE(segment.strike({3, 1}, MessageType::agree));
  EXPECT_TRUE(segment.complete_at);
  segment.agree({3, 1}, segment.counted());
  EXPECT_EQ(segment.agreed.size(), 1U);
}

}  // namespace
}  // namespace storemark::corosync_group
