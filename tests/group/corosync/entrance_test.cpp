// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/entrance.hpp"

#include <gtest/gtest.h>

#include "group/corosync/hello_codec.hpp"

namespace storemark::corosync_group {
namespace {

using Verdict = Entrance::Verdict;

constexpr Address host_one{1, 10};
constexpr Address host_two{2, 20};
constexpr RingId ring{1, 8};

Bytes hello(const RingId& of) { return encode(Hello{5, 1, of, Quorum::yes, "", {}, {}}); }
Bytes data() { return in_envelope(MessageType::data, {}); }

class EntranceTest : public testing::Test {
 protected:
  void SetUp() override { entrance_.shut({host_one, host_two}, ring); }
  bool counts(Address from, const Bytes& bytes) {
    return entrance_.judge(from, bytes) == Verdict::counts;
  }
  Entrance entrance_;
};

TEST_F(EntranceTest, NothingCountsBeforeTheHelloOfTheRing) {
  EXPECT_FALSE(counts(host_one, data()));
  EXPECT_FALSE(counts(host_one, encode_renew()));
  EXPECT_FALSE(counts(host_one, encode(Exclude{host_two, ring, 1, MessageType::hello})));
  EXPECT_FALSE(counts(host_one, encode(Agree{{{host_one, 1}}})));
  EXPECT_FALSE(counts(host_one, hello({1, 4})));
  EXPECT_FALSE(counts(host_one, in_envelope(MessageType::hello, data())));
  EXPECT_TRUE(counts(host_one, hello(ring)));
  EXPECT_TRUE(counts(host_one, data()));
  EXPECT_TRUE(counts(host_one, hello({1, 4}))) << "Order judges the rest";
  EXPECT_FALSE(counts(host_two, data())) << "each for itself";
}

TEST_F(EntranceTest, EachConfigurationShutsItForAll) {
  EXPECT_TRUE(counts(host_one, hello(ring)));
  entrance_.shut({host_one, host_two}, ring);
  EXPECT_FALSE(counts(host_one, data()));
  EXPECT_TRUE(counts(host_one, hello(ring)));
  EXPECT_TRUE(counts(host_one, data()));
}

TEST_F(EntranceTest, AnotherVersionIsForOrderToName) {
  Bytes later = data();
  later[4] = protocol_version + 1;
  EXPECT_TRUE(counts(host_one, later));
  EXPECT_FALSE(counts(host_one, data()));
}

TEST_F(EntranceTest, WhatIsNotOursIsToldOnceForEach) {
  EXPECT_FALSE(counts(host_one, {1, 2, 3}));
  EXPECT_EQ(entrance_.notice(),
            "a message from node 1, pid 10 is ignored: it is not a message of storemark");
  EXPECT_FALSE(entrance_.notice());
  EXPECT_FALSE(counts(host_one, {1, 2, 3}));
  EXPECT_FALSE(entrance_.notice());
  EXPECT_FALSE(counts(host_two, {}));
  EXPECT_TRUE(entrance_.notice());
  // One that went and came again is another.
  entrance_.shut({host_two}, ring);
  entrance_.shut({host_one, host_two}, ring);
  EXPECT_FALSE(counts(host_two, {1}));
  EXPECT_FALSE(entrance_.notice());
  EXPECT_FALSE(counts(host_one, {1}));
  EXPECT_TRUE(entrance_.notice());
}

}  // namespace
}  // namespace storemark::corosync_group
