// SPDX-License-Identifier: Apache-2.0
// A member against hubs that say what no hub of ours says: it goes, and delivers nothing of it.
#include "group/local/member.hpp"

#include <gtest/gtest.h>

namespace storemark::local_group {
namespace {

class MemberTest : public testing::Test {
 protected:
  MemberTest() : member_("m", 1 << 20, [] { return std::uint64_t{5}; }) { member_.connected(); }

  bool hear(const Bytes& bytes) {
    FrameReader reader;
    std::ranges::copy(bytes, reader.room(bytes.size()).begin());
    reader.came(bytes.size());
    Frame frame;
    EXPECT_EQ(reader.next(frame), FrameReader::Next::frame);
    return member_.frame(frame);
  }
  bool hear(const Item& item) {
    const bool taken = hear(encode_item(item));
    if (taken) at_ = {item.number(), chained(at_.chain, item.body)};
    return taken;
  }
  bool commit() { return hear(encode_commit(at_)); }
  Item view(std::vector<std::uint64_t> nodes) {
    GroupView out;
    out.id = new_uuid();
    for (const auto node : nodes) {
      out.nodes.push_back(GroupNode{node});
      out.names.emplace_back("n");
    }
    return view_item(at_.number + 1, out);
  }
  Item message(std::uint64_t from, std::uint64_t count) {
    return message_item(at_.number + 1, from, {count, {}});
  }
  void join() {
    at_ = {40, 4};
    ASSERT_TRUE(hear(encode_sync({group_, 2, at_})));
    ASSERT_TRUE(hear(view({5, 9})));
    ASSERT_TRUE(commit());
    ASSERT_EQ(member_.stage(), Member::Stage::in);
    ASSERT_TRUE(member_.take());
  }
  [[nodiscard]] std::size_t frames_out() {
    std::vector<ByteView> pieces;
    member_.output().gather(pieces, 1000);
    return pieces.size();
  }

  Uuid group_ = new_uuid();
  Point at_;
  Member member_;
};

TEST_F(MemberTest, NothingIsDeliveredBeforeAllHaveIt) {
  join();
  ASSERT_TRUE(hear(message(9, 1)));
  EXPECT_FALSE(member_.has_deliveries());
  ASSERT_TRUE(commit());
  EXPECT_EQ(member_.take()->from(), 9U);
}

TEST_F(MemberTest, AnItemBeforeAnyWordOfTheGroup) { EXPECT_FALSE(hear(view({5}))); }

TEST_F(MemberTest, AFirstViewWithoutIt) {
  ASSERT_TRUE(hear(encode_sync({group_, 2, at_})));
  EXPECT_FALSE(hear(view({9})));
}

TEST_F(MemberTest, AMessageBeforeTheFirstView) {
  ASSERT_TRUE(hear(encode_sync({group_, 2, at_})));
  EXPECT_FALSE(hear(message(9, 1)));
}

TEST_F(MemberTest, ANumberThatIsLeftOutOrComesTwice) {
  join();
  EXPECT_FALSE(hear(encode_item(message_item(at_.number + 2, 9, {1, {}}))));
  EXPECT_FALSE(hear(encode_item(message_item(at_.number, 9, {1, {}}))));
}

TEST_F(MemberTest, ACommitOfWhatNeverCameOrOfAnotherCourse) {
  join();
  ASSERT_TRUE(hear(message(9, 1)));
  EXPECT_FALSE(hear(encode_commit({at_.number + 1, at_.chain})));
  EXPECT_FALSE(hear(encode_commit({at_.number, at_.chain + 1})));
  EXPECT_FALSE(member_.has_deliveries());
}

TEST_F(MemberTest, AMessageOfItsOwnThatItNeverSent) {
  join();
  EXPECT_FALSE(hear(message(5, 1)));
}

TEST_F(MemberTest, AViewWithoutItThatItDidNotAskFor) {
  join();
  ASSERT_TRUE(hear(view({9})));
  EXPECT_FALSE(commit());
}

TEST_F(MemberTest, ASecondSyncOrOneOfAnEarlierTerm) {
  join();
  EXPECT_FALSE(hear(encode_sync({group_, 2, at_})));
  member_.disconnected();
  member_.connected();
  EXPECT_FALSE(hear(encode_sync({group_, 1, at_})));
}

TEST_F(MemberTest, ANewHubThatIsElsewhere) {
  join();
  member_.disconnected();
  member_.connected();
  EXPECT_FALSE(hear(encode_sync({group_, 3, {at_.number, at_.chain + 1}})));
  EXPECT_FALSE(hear(encode_sync({new_uuid(), 3, at_})));
  EXPECT_TRUE(hear(encode_sync({group_, 3, at_})));
}

TEST_F(MemberTest, WhatDidNotComeBackIsSentAgainAndWhatDidIsNot) {
  join();
  EXPECT_TRUE(member_.offer({}));
  EXPECT_TRUE(member_.offer({}));
  ASSERT_TRUE(hear(message(5, 1)));
  member_.disconnected();
  member_.connected();
  EXPECT_EQ(frames_out(), 1U) << "the hello; the message waits until the hub knows where all are";
  ASSERT_TRUE(hear(encode_sync({group_, 3, at_})));
  EXPECT_EQ(frames_out(), 2U);
  EXPECT_TRUE(hear(message(5, 2)));
}

TEST_F(MemberTest, WhatIsNotCommittedCanBeHandedOnAndNothingElse) {
  join();
  ASSERT_TRUE(hear(message(9, 1)));
  ASSERT_TRUE(hear(message(9, 2)));
  const std::uint64_t first = at_.number - 1;
  EXPECT_FALSE(hear(encode_request(first))) << "its hub is there";
  member_.disconnected();
  member_.connected();
  EXPECT_FALSE(hear(encode_request(first - 1)));
  EXPECT_FALSE(hear(encode_request(first + 2)));
  EXPECT_TRUE(hear(encode_request(first)));
  EXPECT_EQ(frames_out(), 3U);
}

TEST_F(MemberTest, LeftBehindItIsLostAndBeforeItsFirstViewItBeginsAnew) {
  EXPECT_TRUE(hear(encode_refused({Refusal::outsider, "gone"})));
  EXPECT_EQ(member_.stage(), Member::Stage::outside);
  member_.connected();
  join();
  EXPECT_FALSE(member_.is_left_behind({group_, 9, 2, at_.number}));
  EXPECT_TRUE(member_.is_left_behind({group_, 9, 2, at_.number + 1}));
  EXPECT_EQ(member_.stage(), Member::Stage::lost);
}

TEST_F(MemberTest, AHubWithoutABoundIsNone) {
  join();
  const Bytes large(max_message_bytes);
  int taken = 0;
  for (std::uint64_t i = 1; hear(encode_item(message_item(at_.number + 1, 9, {i, large}))); ++i) {
    at_.number += 1;
    ASSERT_LT(++taken, 100) << "it keeps all that comes";
  }
}

}  // namespace
}  // namespace storemark::local_group
