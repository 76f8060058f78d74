// SPDX-License-Identifier: Apache-2.0
// A Hello that does not reach all, and who is out for it.
#include <gmock/gmock.h>

#include "group/corosync/round.hpp"

namespace storemark::corosync_group {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A Hello of c that is given to c, and to others not.
using Hole = Round;

TEST_F(Hole, WhoseHelloReachesNobodyHasNoViewAndIsOut) {
  give({&c}, c.address, hello);
  flush({&c}, c);
  certain(all, 8);
  for (One* one : all) EXPECT_THAT(one->take(), IsEmpty());
  // Who lacks the Hello loses patience first, and c sees that it did not count.
  a.order.exclude_silent();
  c.order.exclude_silent();
  a.drain();
  c.drain();
  EXPECT_THAT(c.said, IsEmpty());
  flush(all, a);
  talk(all);
  certain(both, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2"));
  EXPECT_THAT(b.take(), ElementsAre("view 1 2"));
  EXPECT_THAT(c.take(), ElementsAre(HasSubstr("node 1, pid 1 has not had its Hello")));
}

TEST_F(Hole, WhoseHelloDoesNotReachAllIsOutAndTheOthersStayTogether) {
  give({&b, &c}, c.address, hello);
  flush({&b, &c}, c);
  flush(all, b);
  certain(all, 8);
  for (One* one : all) EXPECT_THAT(one->take(), IsEmpty());
  a.order.exclude_silent();
  a.drain();
  flush(all, a);
  EXPECT_THAT(c.take(), ElementsAre(HasSubstr("node 1, pid 1 has not had its Hello")));
  certain(both, 8);
  for (One* one : both) EXPECT_THAT(one->take(), IsEmpty());
  configure(both, {{a.address, b.address}, {c.address}, {}, 0});
  talk(both);
  certain(both, 8);
  for (One* one : both) EXPECT_THAT(one->take(), ElementsAre("view 1 2"));
}

TEST_F(Hole, WhoIsPutOutByOneWhoseHelloItNeverHadIsOut) {
  const Bytes exclude = encode(Exclude{a.address, {1, 8}, 1, MessageType::hello});
  const auto overhears = [&](Address from, const Bytes& bytes) {
    a.order.overheard(from, bytes);
    a.drain();
    return a.order.is_lost();
  };
  EXPECT_FALSE(overhears(c.address, encode(Exclude{b.address, {1, 8}, 1, MessageType::hello})));
  EXPECT_FALSE(overhears(c.address, encode(Exclude{a.address, {1, 4}, 1, MessageType::hello})))
      << "of another ring";
  EXPECT_FALSE(overhears(c.address, hello));
  EXPECT_FALSE(overhears(c.address, bytes_of("x")));
  EXPECT_TRUE(overhears(c.address, exclude));
  EXPECT_THAT(a.take(), ElementsAre(HasSubstr("its Hello was never given here")));
}

TEST_F(Hole, AndNotByOneOfAnEarlierRound) {
  meet();
  give(all, b.address, encode_renew());
  a.order.overheard(c.address, encode(Exclude{a.address, {1, 8}, 1, MessageType::hello}));
  EXPECT_FALSE(a.order.is_lost());
  talk(all);
  give(all, c.address, encode(Exclude{a.address, {1, 8}, 1, MessageType::hello}));
  EXPECT_FALSE(a.order.is_lost());
  give(all, c.address, encode(Exclude{a.address, {1, 8}, 3, MessageType::hello}));
  EXPECT_TRUE(a.order.is_lost()) << "a round that never began here";
}

/// A Renew of b that a was not given: a is in the round before.
struct RenewInAHole : Hole {
  RenewInAHole() {
    give({&b, &c}, b.address, encode_renew());
    a.order.exclude_silent();
    a.drain();
    flush(all, a);
  }
};

TEST_F(RenewInAHole, WhoseHelloTheRoundBeforeDoesWithoutIsOut) {
  EXPECT_THAT(c.take(), ElementsAre(HasSubstr("node 1, pid 1 has not had its Hello")));
  EXPECT_FALSE(b.order.is_lost());
}

TEST_F(RenewInAHole, WhoseAgreeTheRoundBeforeLacksIsOutWhenPatienceIs) {
  lose_patience(a);
  flush(all, a);
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1"));
  EXPECT_THAT(b.take(), ElementsAre(HasSubstr("node 1, pid 1 puts it out")));
}

TEST_F(Hole, WhatIsSaidLateOfAnotherRingCountsForNothing) {
  configure(all, ring_of(all, 12));
  a.order.overheard(b.address, encode(Agree{{{b.address, 1}, {c.address, 1}}}));
  EXPECT_FALSE(a.order.is_lost());
}

TEST_F(Hole, WhoSaidItLongAgoIsNotKnownAnyMore) {
  meet();
  for (int i = 0; i < 64; ++i) {
    give(all, b.address, encode_renew());
    talk(all);
    certain(all, 8);
  }
  give(all, c.address, encode(Exclude{a.address, {1, 8}, 2, MessageType::hello}));
  EXPECT_FALSE(a.order.is_lost());
  give(all, c.address, encode(Exclude{a.address, {1, 8}, 1, MessageType::hello}));
  EXPECT_TRUE(a.order.is_lost());
}

TEST_F(Hole, WhatASecondProcessInTheSamePlaceHasSaidIsAnothers) {
  meet();
  configure(both, {{a.address, b.address}, {c.address}, {}, 0});
  talk(both);
  certain(both, 8);
  configure(both, ring_of(all, 8));
  a.order.overheard(c.address, encode(Exclude{a.address, {1, 8}, 1, MessageType::hello}));
  EXPECT_TRUE(a.order.is_lost());
}

TEST_F(Hole, OneWithOtherHellosPutsNobodyElseOut) {
  give(all, c.address, hello);
  const Agree other{{{a.address, 1}, {b.address, 2}, {c.address, 1}}};
  give({&c}, a.address, encode(other));
  give({&c}, a.address, encode(Exclude{b.address, {1, 8}, 1, MessageType::agree}));
  EXPECT_THAT(c.notices, IsEmpty());
  EXPECT_FALSE(c.order.is_lost());
}

TEST_F(Hole, WhoLacksAHelloIsOutWhenTheOthersLosePatienceWithIt) {
  give({&b, &c}, c.address, hello);
  flush(all, b);
  flush({&b, &c}, c);
  lose_patience(b);
  flush(all, b);
  EXPECT_THAT(a.take(), ElementsAre(HasSubstr("node 2, pid 1 puts it out")));
  certain({&b, &c}, 8);
  EXPECT_THAT(b.take(), ElementsAre("view 2 3"));
  EXPECT_THAT(c.take(), ElementsAre("view 2 3"));
}

/// c has said its Hello; whether a lacks it or was only too quick would be seen by its Agree.
TEST_F(Hole, WhoWasPutOutByOneThatIsOutNowIsOut) {
  a.order.exclude_silent();
  a.drain();
  const Bytes of_c = say(a);
  give({&b, &c}, c.address, hello);
  give({&b, &c}, a.address, of_c);
  EXPECT_FALSE(c.order.is_lost());
  flush({&b, &c}, b);
  flush({&b, &c}, c);
  lose_patience(b);
  flush({&b, &c}, b);
  EXPECT_THAT(c.take(), ElementsAre(HasSubstr("node 1, pid 1 puts it out, and is out itself")));
}

TEST_F(Hole, AndAlsoTheOtherWayRound) {
  a.order.exclude_silent();
  a.drain();
  const Bytes of_c = say(a);
  give({&b, &c}, c.address, hello);
  flush({&b, &c}, b);
  flush({&b, &c}, c);
  lose_patience(b);
  flush({&b, &c}, b);
  EXPECT_FALSE(c.order.is_lost());
  give({&b, &c}, a.address, of_c);
  EXPECT_THAT(c.take(), ElementsAre(HasSubstr("node 1, pid 1 puts it out, and is out itself")));
}

TEST_F(Hole, ANewRoundBeginsAnew) {
  a.order.exclude_silent();
  a.drain();
  const Bytes of_c = say(a);
  give(all, c.address, hello);
  give(all, a.address, of_c);
  flush(all, b);
  flush(all, c);
  b.order.exclude_silent();
  a.said.clear();
  give(all, b.address, encode_renew());
  for (One* one : all) give(all, one->address, say(*one));
  flush({&b, &c}, b);
  flush({&b, &c}, c);
  b.order.exclude_silent();
  b.drain();
  EXPECT_THAT(b.said, IsEmpty()) << "patience was had with the round before";
  lose_patience(b);
  flush({&b, &c}, b);
  certain({&b, &c}, 8);
  EXPECT_THAT(c.take(), ElementsAre("view 2 3"));
}

TEST_F(Hole, OneThatWasTooQuickTakesItBackByItsAgree) {
  a.order.exclude_silent();
  a.drain();
  const Bytes of_c = say(a);
  give(all, c.address, hello);
  give(all, a.address, of_c);
  talk(all);
  certain(all, 8);
  for (One* one : all) EXPECT_THAT(one->take(), ElementsAre("view 1 2 3"));
}

}  // namespace
}  // namespace storemark::corosync_group
