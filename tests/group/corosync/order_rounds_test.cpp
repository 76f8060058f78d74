// SPDX-License-Identifier: Apache-2.0
// The two halves of a round, and who stops between them.
#include <gmock/gmock.h>

#include "group/corosync/round.hpp"

namespace storemark::corosync_group {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Stopped = Round;

TEST_F(Stopped, ThereIsNoViewBeforeTheLastAgree) {
  const auto first = a.order.awaiting();
  give(all, c.address, hello);
  EXPECT_NE(a.order.awaiting(), first) << "patience is had with each half";
  flush(all, a);
  flush(all, b);
  certain(all, 8);
  EXPECT_THAT(a.take(), IsEmpty());
  EXPECT_TRUE(a.order.awaiting());
  flush(all, c);
  EXPECT_FALSE(a.order.awaiting());
  certain(all, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2 3"));
}

TEST_F(Stopped, OneThatSaysItsHelloAndNoMoreIsPutOutAndSeesIt) {
  give(all, c.address, hello);
  talk(both);
  a.order.exclude_silent();
  a.drain();
  EXPECT_THAT(a.said, IsEmpty()) << "who lacks a Hello comes first";
  a.order.exclude_silent();
  a.drain();
  flush(all, a);
  certain(both, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2"));
  EXPECT_THAT(b.take(), ElementsAre("view 1 2"));
  EXPECT_THAT(c.take(), ElementsAre(HasSubstr("SM402")));
}

TEST_F(Stopped, NobodyPutsOutBeforeItsOwnAgreeIsBack) {
  give(all, c.address, hello);
  const Bytes own = say(a);
  lose_patience(a);
  EXPECT_THAT(a.said, IsEmpty());
  give(all, a.address, own);
  lose_patience(a);
  EXPECT_EQ(a.said.size(), 2U);
}

TEST_F(Stopped, TwoDoNotPutOutEachOther) {
  give(all, c.address, hello);
  const Bytes agree = say(c);
  flush(all, a);
  flush(all, b);
  lose_patience(a);
  const Bytes exclude = say(a);
  give(all, c.address, agree);
  give(all, a.address, exclude);
  certain(all, 8);
  EXPECT_THAT(c.take(), ElementsAre("view 1 2 3")) << "its Agree was before the Exclude";
}

/// What it was certain of it was, and may have handed over.
TEST_F(Stopped, WhatItKnewOfBeforeCounts) {
  meet();
  give(all, b.address, data("x"));
  certain({&c}, 8);
  configure(all, ring_of(all, 12));
  for (One* one : all) give(all, one->address, say(*one));
  talk(both);
  lose_patience(a);
  flush(all, a);
  certain(both, 12);
  EXPECT_THAT(a.take(), ElementsAre("2:x", "view 1 2"));
}

TEST_F(Stopped, WhatItSentAndNobodyIsCertainOfIsNobodys) {
  meet();
  give(all, c.address, data("x"));
  configure(all, ring_of(all, 12));
  for (One* one : all) give(all, one->address, say(*one));
  talk(both);
  lose_patience(a);
  flush(all, a);
  certain(both, 12);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2"));
}

TEST(Order, OneThatIsOutHasNoVoteInTheQuorum) {
  One a(1, true);
  One b(2, true);
  a.order.quorum(8, true);
  b.order.quorum(8, false);
  const Ones both{&a, &b};
  configure(both, ring_of(both, 8));
  for (One* one : both) give(both, one->address, say(*one));
  flush(both, a);
  for (int i = 0; i < 2; ++i) a.order.exclude_silent();
  a.drain();
  flush(both, a);
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 yes"));
}

TEST_F(Round, AnAgreeOfAnEarlierRoundCountsForNothing) {
  give(all, c.address, hello);
  const Bytes stale = say(c);
  flush(all, a);
  flush(all, b);
  give(all, c.address, encode_renew());
  for (One* one : all) give(all, one->address, say(*one));
  flush(all, a);
  flush(all, b);
  give(all, c.address, stale);
  certain(all, 8);
  EXPECT_THAT(a.take(), IsEmpty());
  EXPECT_FALSE(a.order.is_lost());
  flush(all, c);
  certain(all, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2 3"));
}

TEST_F(Round, WhatMakesNoSenseIsNamedOnce) {
  for (const MessageType type : {MessageType::agree, MessageType::exclude, MessageType::agree}) {
    give(both, a.address, in_envelope(type, bytes_of("x")));
  }
  EXPECT_THAT(b.notices, ElementsAre(HasSubstr("its Agree makes no sense")));
}

}  // namespace
}  // namespace storemark::corosync_group
