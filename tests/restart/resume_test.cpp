// SPDX-License-Identifier: Apache-2.0
// A quorum of hosts without their members, story by story.
#include "restart/resume.hpp"

#include "restart/session_quorum_fixture.hpp"

namespace storemark::restart {
namespace {

using ResumeTest = SessionQuorumTest;

/// c is cut off; the others are answered, and die; their hosts give c a quorum.
class HostsOfTheDeadTest : public ResumeTest {
 protected:
  void leave_c_alone(RestorePolicy policy = RestorePolicy::manual) {
    start("abc", 3);
    for (const char name : names_) world_[{name}].own.restore = policy;
    world_.cut_off("c");
    world_.run();
    world_.publish("a", "answered");
    world_.run();
    ASSERT_EQ(a().answered.back(), 4U);
    kill("ab");
    world_.configure_votes(1);
    heal();
  }
};

TEST_F(HostsOfTheDeadTest, ItDoesNotGoOnWithoutThem) {
  leave_c_alone();
  EXPECT_TRUE(c().session->suspended());
  EXPECT_EQ(c().session->want_of_quorum(),
            "no quorum of members: one that is away may hold what was answered since");
  EXPECT_EQ(c().session->missing().size(), 2U);
  // One that was with the other is not enough either.
  restart("b");
  EXPECT_TRUE(c().session->suspended());
  EXPECT_FALSE(c().did("step_down") || b().did("restore"));
}

TEST_F(HostsOfTheDeadTest, WhenAllAreBackTheyStartAnew) {
  leave_c_alone();
  restart("ab");
  EXPECT_TRUE(c().did("step_down"));
  for (Actor* one : {&a(), &b(), &c()}) {
    EXPECT_EQ(one->session->decision()->rule, Rule::r13);
    EXPECT_FALSE(one->ready() || one->stopped);
  }
}

TEST_F(HostsOfTheDeadTest, FromWhatTheyHold) {
  leave_c_alone(RestorePolicy::latest);
  restart("ab");
  EXPECT_TRUE(c().did("step_down") && c().did("update"));
  EXPECT_TRUE(all_ready());
  EXPECT_EQ(c().store.back(), "answered");
  expect_alike();
}

TEST_F(HostsOfTheDeadTest, OrFromWhatAnOperatorChose) {
  leave_c_alone();
  a().own.state = StoreState::clean;
  a().own.marked = true;
  a().own.final = FinalUuid(a().own.id);
  a().own.wait_for = c().own.wait_for = 2;
  restart("a");
  EXPECT_TRUE(c().did("step_down"));
  EXPECT_EQ(a().session->decision()->rule, Rule::r5) << "b may hold more, says N";
  restart("b");
  EXPECT_TRUE(all_ready());
  expect_alike();
}

TEST_F(HostsOfTheDeadTest, WhoeverLivedThroughALaterViewKnowsWhoElseDid) {
  start("abc", 3);
  world_.cut_off("c");
  world_.run();
  world_.add("d", 3);
  restart("d");
  ASSERT_TRUE(world_["d"].ready());
  world_.publish("d", "answered");
  world_.run();
  // Each records a view of its own at last, and it is d that goes on.
  world_.cut_off("a", 2);
  world_.cut_off("b", 3);
  world_.run();
  kill("abd");
  world_["a"].part = world_["b"].part = 0;
  world_.configure_votes(1);
  heal();
  restart("ab");
  EXPECT_FALSE(c().did("step_down") || c().ready()) << "d is away";
  restart("d");
  EXPECT_TRUE(c().did("step_down"));
}

// One goes after the other, and nobody has applied anything in between.
TEST_F(ResumeTest, WhoWasInTheLastViewWithAQuorumIsEnough) {
  start("abc", 3);
  kill("c");
  kill("b");
  ASSERT_TRUE(a().session->suspended());
  restart("b");
  EXPECT_TRUE(a().ready() && b().ready());
  EXPECT_FALSE(a().did("step_down"));
}

TEST_F(ResumeTest, MostOfTheMembersAreEnough) {
  start("abc", 3);
  world_.cut_off("b", 1);
  world_.cut_off("c", 2);
  world_.run();
  kill("c");
  ASSERT_TRUE(a().session->suspended() && b().session->suspended());
  heal();
  EXPECT_TRUE(a().ready() && b().ready());
  restart("c");
  EXPECT_TRUE(all_ready());
  expect_alike();
}

TEST_F(ResumeTest, HalfOfThemAreNot) {
  start("abcd", 4);
  for (const char* name : {"c", "d"}) world_.slip(name);
  world_.cut_off("c");
  world_.run();
  ASSERT_TRUE(a().session->suspended() && c().session->suspended());
  kill("cd");
  world_.configure_votes(1);
  heal();
  EXPECT_FALSE(a().ready() || b().ready());
  restart("cd");
  EXPECT_TRUE(all_ready());
}

TEST_F(ResumeTest, WhatOneAloneHadBeyondThemWasNotAnswered) {
  start("abc", 3);
  cut_off_with_an_event("c", 2);
  world_.cut_off("b", 1);
  world_.run();
  kill("c");  // and it forgets that it was suspended
  c().part = 0;
  restart("c");
  ASSERT_TRUE(a().session->suspended());
  heal();
  EXPECT_TRUE(a().ready() && b().ready());
  ASSERT_TRUE(c().stopped);
  EXPECT_NE(c().stopped->why.find("R4"), std::string::npos);
  EXPECT_EQ(c().store.back(), "of c alone") << "it is as it was";
}

/// a was activated, and the start was cut before b and c were.
class CutStartTest : public testing::Test {
 protected:
  CutStartTest() {
    for (Announcement* one : {&a_, &b_, &c_}) {
      one->id = MemberId(new_uuid());
      one->initial = cluster_;
      one->state = StoreState::empty;
      one->wait_for = 3;
    }
    a_.state = StoreState::dirty;
    a_.active = a_.suspended = true;
    a_.view.id = ViewId(new_uuid());
    for (const Announcement* one : {&a_, &b_, &c_}) a_.view.members.push_back({one->id, "", 0});
    a_.history = {{a_.view.id, 0, 3}};
  }
  Prospect prospect(const std::vector<Announcement>& others) {
    std::vector<Announcement> all = others;
    all.push_back(a_);
    return prospect_of(a_, all);
  }
  InitialUuid cluster_{new_uuid()};
  Announcement a_;
  Announcement b_;
  Announcement c_;
};

TEST_F(CutStartTest, WhereAllAreBackItGoesOn) {
  EXPECT_EQ(prospect({b_, c_}), Prospect::resume);
  c_.initial = {};
  EXPECT_EQ(prospect({b_, c_}), Prospect::resume) << "it was cut before it recorded the cluster";
}

TEST_F(CutStartTest, WhereOneIsAwayItWaits) { EXPECT_EQ(prospect({b_}), Prospect::wait); }

TEST_F(CutStartTest, WhoWasActivatedAndHoldsNothingIsNoneOfThem) {
  c_.history = a_.history;
  EXPECT_EQ(prospect({b_, c_}), Prospect::wait);
}

TEST_F(CutStartTest, NorIsOneOfAnotherCluster) {
  c_.initial = InitialUuid(new_uuid());
  EXPECT_EQ(prospect({b_, c_}), Prospect::wait);
}

TEST_F(ResumeTest, OfTransientMembersThoseWhoLive) {
  world_.configure_votes(3);
  for (const char* name : {"a", "b", "c"}) {
    Actor& actor = world_.add(name);
    actor.own.kind = MemberKind::transient;
    actor.own.state = StoreState::none;
  }
  names_ = "abc";
  restart("abc");
  ASSERT_TRUE(all_ready());
  world_.publish("a", "x");
  world_.run();
  kill("bc");
  ASSERT_TRUE(a().session->suspended());
  for (const char* name : {"b", "c"}) {
    world_[name].store.clear();
    world_[name].own.history.clear();
    world_[name].own.view = {};
  }
  restart("b");
  EXPECT_FALSE(a().ready());
  restart("c");
  EXPECT_TRUE(all_ready());
  EXPECT_EQ(c().store, a().store);
}

}  // namespace
}  // namespace storemark::restart
