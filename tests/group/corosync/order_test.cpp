// SPDX-License-Identifier: Apache-2.0
// Single stories of one or a few nodes. What nobody thought of: order_random_test.cpp.
#include <gmock/gmock.h>

#include "group/corosync/bench.hpp"
#include "group/corosync/bundle.hpp"

namespace storemark::corosync_group {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Order, ANodeAloneHasItsViewWhenItsOwnHelloIsCertain) {
  One a(1);
  configure({&a}, ring_of({&a}, 8));
  EXPECT_FALSE(a.order.may_send());
  EXPECT_TRUE(a.order.awaiting());
  flush({&a}, a);
  EXPECT_FALSE(a.order.awaiting());
  EXPECT_THAT(a.take(), IsEmpty());
  certain({&a}, 9);  // another ring is on its way
  EXPECT_THAT(a.take(), IsEmpty());
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1"));
  EXPECT_TRUE(a.order.may_send());
}

TEST(Order, DataAreHandedOverWhenTheyAreCertain) {
  One a(1);
  One b(2);
  meet({&a, &b}, 8);
  a.take();
  give({&a, &b}, b.address, data("x"));
  EXPECT_THAT(a.take(), IsEmpty());
  EXPECT_GT(a.order.cost(), 0U);
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("2:x"));
  EXPECT_EQ(a.order.cost(), 0U);
}

Bytes bundled(const std::vector<std::string>& texts) {
  Bytes body;
  for (const std::string& text : texts) bundle(body, bytes_of(text));
  return in_envelope(MessageType::bundle, body);
}

TEST(Order, ABundlesMessagesAreHandedOverOneByOne) {
  One a(1);
  One b(2);
  meet({&a, &b}, 8);
  a.take();
  give({&a, &b}, b.address, data("w"));
  give({&a, &b}, b.address, bundled({"x", "", "y"}));
  give({&a, &b}, a.address, data("z"));
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("2:w", "2:x", "2:", "2:y", "1:z"));
  EXPECT_EQ(a.order.cost(), 0U);
}

TEST(Order, WhatIsCertainOfABundleIsAllOfIt) {
  One a(1);
  One b(2);
  One c(3);
  meet({&a, &b, &c}, 8);
  give({&a, &b}, c.address, bundled({"w", "x"}));
  certain({&a}, 8);
  give({&a, &b}, c.address, bundled({"y", "z"}));
  configure({&a, &b}, ring_of({&a, &b}, 12, {c.address}));
  talk({&a, &b});
  certain({&a, &b}, 12);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2 3", "3:w", "3:x", "view 1 2"));
  EXPECT_THAT(b.take(), ElementsAre("view 1 2 3", "3:w", "3:x", "view 1 2"));
}

TEST(Order, ABundleThatMakesNoSenseIsNamedAndNothingOfItIsGiven) {
  One a(1);
  One b(2);
  meet({&a, &b}, 8);
  a.take();
  const Bytes whole = bundled({"x", "y"});
  const Bytes body(whole.begin() + envelope_bytes, whole.end() - 1);
  give({&a, &b}, b.address, in_envelope(MessageType::bundle, body));
  give({&a, &b}, b.address, data("z"));
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("2:z"));
  EXPECT_THAT(a.notices,
              ElementsAre(HasSubstr("node 2, pid 1 is ignored: its bundle makes no sense")));
}

TEST(Order, WhatOneIsCertainOfBothHandOverInTheOldView) {
  One a(1);
  One b(2);
  One c(3);
  meet({&a, &b, &c}, 8);
  give({&a, &b}, c.address, data("x"));
  certain({&a}, 8);
  give({&a, &b}, b.address, data("y"));
  give({&a, &b}, c.address, data("z"));
  configure({&a, &b}, ring_of({&a, &b}, 12, {c.address}));
  talk({&a, &b});
  certain({&a, &b}, 12);
  // What c sent, and nobody is certain of, is nobody's.
  EXPECT_THAT(a.take(), ElementsAre("view 1 2 3", "3:x", "view 1 2", "2:y"));
  EXPECT_THAT(b.take(), ElementsAre("view 1 2 3", "3:x", "view 1 2", "2:y"));
}

TEST(Order, WhatIsNobodysNeedsNoViewOfItsOwn) {
  One a(1);
  One b(2);
  One c(3);
  One d(4);
  meet({&a, &b, &c}, 8);
  give({&a, &b}, c.address, data("x"));
  const Ones next{&a, &b, &d};
  configure(next, ring_of(next, 12, {c.address}));
  talk(next);
  certain(next, 12);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2 3", "view 1 2 4"));
}

TEST(Order, AViewThatNobodyCanHaveInstalledIsNot) {
  One a(1);
  One b(2);
  meet({&a}, 8);
  meet({&b}, 8);
  a.take();
  configure({&a, &b}, ring_of({&a, &b}, 12));
  talk({&a, &b});
  configure({&a}, ring_of({&a}, 16, {b.address}));
  flush({&a}, a);
  certain({&a}, 16);
  EXPECT_THAT(a.take(), ElementsAre("view 1"));
}

TEST(Order, AViewThatAnotherHasInstalledIs) {
  One a(1);
  One b(2);
  One c(3);
  configure({&a, &b, &c}, ring_of({&a, &b, &c}, 8));
  talk({&a, &b, &c});
  certain({&a}, 8);
  configure({&a, &b}, ring_of({&a, &b}, 12, {c.address}));
  talk({&a, &b});
  certain({&a, &b}, 12);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2 3", "view 1 2"));
  EXPECT_THAT(b.take(), ElementsAre("view 1 2 3", "view 1 2"));
}

/// Who was certain of the first is gone when the last is asked.
TEST(Order, AnOlderViewIsInstalledByWhatTheRoundBehindItSays) {
  One a(1);
  One b(2);
  One c(3);
  const Ones all{&a, &b, &c};
  meet(all, 8);
  configure(all, ring_of(all, 12));
  talk(all);
  certain({&c}, 12);
  give(all, a.address, data("x"));
  configure(all, ring_of(all, 16));
  talk(all);
  certain({&a}, 16);
  configure({&a, &b}, ring_of({&a, &b}, 20, {c.address}));
  talk({&a, &b});
  certain({&a, &b}, 20);
  const auto seen = a.take();
  EXPECT_THAT(seen, ElementsAre("view 1 2 3", "view 1 2 3", "view 1 2 3", "1:x", "view 1 2"));
  EXPECT_EQ(b.take(), seen);
}

TEST(Order, OneThatComesAgainByAnotherWayIsOutOfAViewBefore) {
  One a(1);
  One b(2);
  meet({&a, &b}, 8);
  give({&a}, a.address, data("x"));
  a.take();
  b.take();
  configure({&a}, ring_of({&a, &b}, 12, {b.address}));
  configure({&b}, ring_of({&a, &b}, 12, {a.address}));
  talk({&a, &b});
  certain({&a, &b}, 12);
  EXPECT_THAT(a.take(), ElementsAre("view 1", "1:x", "view 1 2"));
  EXPECT_THAT(b.take(), ElementsAre("view 2", "view 1 2"));
}

TEST(Order, TwoLogsAreTwoAlsoWhereTheDaemonSaysNothing) {
  One a(1);
  One b(2);
  meet({&a, &b}, 8);
  give({&a}, a.address, data("x"));
  a.take();
  meet({&a, &b}, 12);  // and nobody left
  EXPECT_THAT(a.take(), ElementsAre("view 1", "1:x", "view 1 2"));
}

TEST(Order, NoHelloBeforeTheQuorumOfTheRingIsKnown) {
  One a(1, true);
  a.order.quorum(4, true);
  configure({&a}, ring_of({&a}, 8));
  EXPECT_THAT(a.said, IsEmpty());
  a.order.quorum(8, true);
  a.drain();
  flush({&a}, a);
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 yes"));
  a.order.quorum(8, false);
  a.order.quorum(8, true);
  a.drain();
  EXPECT_EQ(a.said.size(), 1U) << "one Renew is enough";
  a.order.quorum(8, false);
  flush({&a}, a);
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 no"));
}

TEST(Order, OneThatSaysNoMakesItNo) {
  One a(1, true);
  One b(2, true);
  a.order.quorum(8, true);
  b.order.quorum(8, false);
  meet({&a, &b}, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2 no"));
}

TEST(Order, APartOfTheOldViewHasNoQuorum) {
  One a(1, true);
  One b(2, true);
  One d(4, true);
  for (One* one : {&a, &b, &d}) one->order.quorum(8, true);
  meet({&a, &b}, 8);
  give({&a}, a.address, data("x"));
  for (One* one : {&a, &d}) one->order.quorum(12, true);
  configure({&a, &d}, ring_of({&a, &d}, 12, {b.address}));
  talk({&a, &d});
  certain({&a, &d}, 12);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2 yes", "view 1 no", "1:x", "view 1 4 yes"));
  EXPECT_THAT(d.take(), ElementsAre("view 1 4 yes"));
}

/// a and b wait for a third that says nothing.
struct Silent : testing::Test {
  Silent() {
    configure({&a, &b}, ring_of({&a, &b, &x}, 8));
    x.order.configuration(ring_of({&a, &b, &x}, 8));
    flush(both, a);
    flush(both, b);
  }
  One a{1};
  One b{2};
  /// As it said it.
  static Bytes hello_of(const One& one, std::uint64_t counter = 1) {
    return encode(Hello{one.address.nodeid, counter, {1, 8}, Quorum::unknown, "", {}, {}});
  }
  One x{3};
  Ones both{&a, &b};
};

TEST_F(Silent, OneThatSaysNothingIsPutOut) {
  EXPECT_TRUE(a.order.awaiting());
  a.order.exclude_silent();
  a.drain();
  talk(both);
  certain(both, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2"));
  EXPECT_THAT(b.take(), ElementsAre("view 1 2"));
  EXPECT_THAT(a.notices, ElementsAre(HasSubstr("node 3, pid 1")));
}

TEST_F(Silent, AndSeesItItself) {
  a.order.exclude_silent();
  a.drain();
  const Bytes exclude = say(a);
  x.drain();
  const Bytes late = x.said.front();
  give({&x}, a.address, hello_of(a));
  give({&x}, a.address, exclude);
  EXPECT_THAT(x.take(), ElementsAre(HasSubstr("SM402 the others went on without it: it was")));
  give(both, a.address, exclude);
  give(both, x.address, late);
  talk(both);
  certain(both, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2")) << "a Hello that comes too late";
}

TEST_F(Silent, AnExcludeOfAnEarlierRoundCountsForNothing) {
  a.order.exclude_silent();
  a.drain();
  const Bytes stale = a.said.front();
  a.said.clear();
  configure(both, ring_of({&a, &b, &x}, 12));
  flush(both, a);
  flush(both, b);
  give(both, a.address, stale);
  EXPECT_TRUE(a.order.awaiting());
  EXPECT_THAT(a.said, IsEmpty());
  EXPECT_THAT(a.notices, IsEmpty());
}

TEST_F(Silent, WhoeverJoinsLaterDoesNotWaitForItAgain) {
  a.order.exclude_silent();
  a.drain();
  flush(both, a);
  One c(4);
  Configuration joined = ring_of({&a, &b, &x, &c}, 8);
  configure({&c}, joined);
  joined.ring.reset();
  configure(both, joined);
  talk({&a, &b, &c});
  certain({&a, &b, &c}, 8);
  EXPECT_THAT(c.take(), ElementsAre("view 1 2 4"));
}

TEST_F(Silent, UntilItLeavesAndAnotherComesInItsPlace) {
  a.order.exclude_silent();
  a.drain();
  talk(both);
  certain(both, 8);
  One c(33);
  c.address = x.address;
  Configuration joined = ring_of({&a, &b, &c}, 12, {x.address});
  configure(both, joined);
  talk(both);
  EXPECT_TRUE(a.order.awaiting());
  give(both, c.address, encode(Hello{33, 1, {1, 12}, Quorum::unknown, "", {}, {}}));
  say_alike(both, a, c.address);
  talk(both);
  certain(both, 12);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2", "view 1 2 33"));
}

TEST(Order, OneInTheSamePlaceIsAnother) {
  One a(1);
  One b(2);
  meet({&a, &b}, 8);
  a.take();
  configure({&a}, {{a.address}, {b.address}, {}, 0});
  give({&a}, a.address, data("x"));
  configure({&a}, {{a.address, b.address}, {}, {}, 0});
  flush({&a}, a);
  give({&a}, b.address, encode(Hello{22, 1, {1, 8}, Quorum::unknown, "", {}, {}}));
  say_alike({&a}, a, b.address);
  give({&a}, b.address, data("y"));
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1", "1:x", "view 1 22", "22:y"));
}

TEST(Order, AddressesAndRingsHaveNames) {
  EXPECT_EQ(to_string(Address{3, 4242}), "node 3, pid 4242");
  EXPECT_EQ(to_string(RingId{1, 0x4d}), "1.4d");
}

TEST_F(Silent, OneOfAnotherVersionIsPutOutAtOnceByThoseWhoHaveAView) {
  One c(7);
  One d(8);
  meet({&c}, 8);
  configure({&c}, ring_of({&c, &d}, 12));
  flush({&c}, c);
  Bytes other = data("?");
  other[4] = 9;
  give({&c}, d.address, other);
  flush({&c}, c);
  certain({&c}, 12);
  EXPECT_THAT(c.take(), ElementsAre("view 7", "view 7"));
  EXPECT_THAT(c.notices, ElementsAre(HasSubstr("version 9")));
}

TEST_F(Silent, ANewNodeThatMeetsAnotherVersionGivesUp) {
  Bytes other = data("?");
  other[4] = 9;
  give({&a}, x.address, other);
  EXPECT_THAT(a.take(), ElementsAre(HasSubstr("SM403 it speaks version 9")));
  EXPECT_TRUE(a.order.is_lost());
}

TEST_F(Silent, AStrangerIsNamedOnce) {
  give(both, x.address, bytes_of("GET / HTTP/1.1"));
  give(both, x.address, {});
  Bytes damaged = data("hello");
  damaged.back() ^= 1;
  give(both, x.address, damaged);
  EXPECT_THAT(a.notices, ElementsAre(HasSubstr("it is not a message of storemark")));
  EXPECT_TRUE(a.order.awaiting());
}

TEST(Order, ADamagedMessageIsNotHandedOver) {
  One a(1);
  meet({&a}, 8);
  a.take();
  Bytes damaged = data("hello");
  damaged.back() ^= 1;
  give({&a}, a.address, damaged);
  certain({&a}, 8);
  EXPECT_THAT(a.take(), IsEmpty());
}

TEST(Order, AHelloMaySayWhateverOfOlderRings) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}, max_stretches}) {
    One a(1);
    meet({&a}, 8);
    give({&a}, a.address, data("x"));
    configure({&a}, {{a.address, {2, 1}}, {}, RingId{1, 12}, 12});
    flush({&a}, a);
    Hello hello{2, 1, {1, 12}, Quorum::unknown, "b", {}, {}};
    hello.stretches.assign(count, {77, Datum::beyond});
    give({&a}, {2, 1}, encode(hello));
    say_alike({&a}, a, {2, 1});
    certain({&a}, 12);
    EXPECT_THAT(a.take(), ElementsAre("view 1", "view 1", "1:x", "view 1 2")) << count;
  }
}

TEST(Order, OneIdentityIsOneNode) {
  One a(1);
  configure({&a}, {{a.address, {2, 1}}, {}, RingId{1, 8}, 8});
  flush({&a}, a);
  give({&a}, {2, 1}, encode(Hello{1, 1, {1, 8}, Quorum::unknown, "thief", {}, {}}));
  EXPECT_TRUE(a.order.awaiting());
}

TEST(Order, AClusterThatNeverRestsEndsIt) {
  One a(1);
  One b(2);
  for (std::uint64_t seq = 1; seq <= max_stretches; ++seq) {
    EXPECT_FALSE(a.order.is_lost()) << seq;
    configure({&a}, ring_of({&a}, seq));
    flush({&a}, a);  // complete, and never certain
  }
  configure({&a}, ring_of({&a}, max_stretches + 1));
  EXPECT_THAT(a.take(), ElementsAre(HasSubstr("no view could be agreed")));
}

TEST(Order, WhatCanNeverGetAViewIsNotKept) {
  One a(1);
  One b(2);
  meet({&a}, 1);
  for (std::uint64_t seq = 2; seq < 10 * max_stretches; ++seq) {
    configure({&a}, ring_of({&a, &b}, seq));  // b says nothing
  }
  EXPECT_FALSE(a.order.is_lost());
}

TEST(Order, ItsOwnLeaveEndsIt) {
  One a(1);
  One b(2);
  meet({&a, &b}, 8);
  configure({&a}, {{b.address}, {a.address}, {}, 0});
  EXPECT_TRUE(a.order.is_lost());
  EXPECT_FALSE(a.order.may_send());
  give({&a}, b.address, data("x"));
  certain({&a}, 8);
  EXPECT_THAT(a.take(), ElementsAre("view 1 2", HasSubstr("SM402 it has left it")));
}

}  // namespace
}  // namespace storemark::corosync_group
