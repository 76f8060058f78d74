// SPDX-License-Identifier: Apache-2.0
#include "restart/replica.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace storemark::restart {
namespace {

ReplicaMember member(std::uint8_t number) {
  ReplicaMember out;
  out.node = {number};
  out.id.bytes[0] = number;
  out.incarnation.bytes[0] = number;
  return out;
}

InitialUuid cluster() {
  InitialUuid out;
  out.bytes[0] = 77;
  return out;
}

const std::vector<GroupNode> one_and_two{{1}, {2}};

TEST(Replica, EveryMemberDerivesTheSameViewWhateverTheOrder) {
  const Replica a = Replica::start(cluster(), {}, {member(1), member(2)}, {}, {}, 5);
  const Replica b = Replica::start(cluster(), {}, {member(2), member(1)}, {}, {}, 5);
  EXPECT_EQ(a.view(), b.view());
  EXPECT_FALSE(a.view_id().is_nil());
  ASSERT_EQ(a.history().size(), 1U);
  EXPECT_EQ(a.history()[0].from, 5U);
}

TEST(Replica, TheHalvesOfASplitGetDifferentViews) {
  Replica a = Replica::start(cluster(), {}, {member(1), member(2), member(3)}, {}, {}, 0);
  Replica b = a;
  EXPECT_TRUE(a.keep(one_and_two));
  EXPECT_TRUE(b.keep(std::vector<GroupNode>{{3}}));
  EXPECT_NE(a.view_id(), b.view_id());
}

TEST(Replica, NobodyWhoLeavesMakesNoNewView) {
  Replica a = Replica::start(cluster(), {}, {member(1), member(2)}, {}, {}, 0);
  const ViewId before = a.view_id();
  EXPECT_FALSE(a.keep(one_and_two));
  EXPECT_FALSE(a.keep({}));
  EXPECT_EQ(a.view_id(), before);
  EXPECT_TRUE(a.members().empty());
}

TEST(Replica, AViewInWhichNothingWasAppliedIsFolded) {
  Replica a = Replica::start(cluster(), {}, {member(1), member(2), member(3)}, {}, {}, 0);
  static_cast<void>(a.count());
  EXPECT_TRUE(a.keep(one_and_two));
  a.admit(member(4));
  ASSERT_EQ(a.history().size(), 2U);
  EXPECT_EQ(a.history().back().view, a.view_id());
  EXPECT_EQ(a.history().back().from, 1U);
}

TEST(Replica, WhoFollowsCountsFromTheBaseOnceItIsKnown) {
  Replica active = Replica::start(cluster(), {}, {member(1), member(2)}, {}, {}, 100);
  Replica follower = Replica::follow(cluster(), active.view_id(), active.members(),
                                     active.history(), active.folded());
  for (Replica* one : {&active, &follower}) {
    static_cast<void>(one->count());
    one->admit(member(3));
    static_cast<void>(one->count());
  }
  follower.set_base(100);
  follower.set_base(5);  // it is known already
  EXPECT_EQ(follower.sequence(), 102U);
  EXPECT_EQ(follower.history(), active.history());
  EXPECT_EQ(follower.view(), active.view());
}

TEST(Replica, AViewThatIsEmptyOnlyWithTheBaseIsFoldedThen) {
  Replica active = Replica::start(cluster(), {}, {member(1), member(2)}, {}, {}, 100);
  Replica follower = Replica::follow(cluster(), active.view_id(), active.members(),
                                     active.history(), active.folded());
  for (Replica* one : {&active, &follower}) one->admit(member(3));
  follower.set_base(100);
  EXPECT_EQ(follower.history(), active.history());
}

TEST(Replica, ConfirmationsGoWithTheMember) {
  Replica a = Replica::start(cluster(), {}, {member(1), member(2), member(3)}, {}, {}, 0);
  a.confirm({3}, 9);
  a.confirm({3}, 7);
  a.confirm({8}, 50);
  EXPECT_EQ(a.confirmed_by_others({1}, 1), 9U);
  EXPECT_EQ(a.confirmed_by_others({1}, 2), 0U);
  a.confirm({2}, 8);
  EXPECT_EQ(a.confirmed_by_others({1}, 2), 8U);
  EXPECT_EQ(a.confirmed_by_others({3}, 1), 8U);
  EXPECT_EQ(a.confirmed_by_others({1}, 3), 0U);
  EXPECT_EQ(a.confirmed_by_others({1}, 0), 0U);
  EXPECT_TRUE(a.keep(one_and_two));
  EXPECT_EQ(a.confirmed_by_others({1}, 1), 8U);
}

}  // namespace
}  // namespace storemark::restart
