// SPDX-License-Identifier: Apache-2.0
// Parts of a cluster, with a quorum and without, story by story.
#include "restart/session_quorum_fixture.hpp"

namespace storemark::restart {
namespace {

// --- waiting and being suspended
// ------------------------------------------------------------------

TEST_F(SessionQuorumTest, AFormingClusterWaitsForAQuorum) {
  world_.configure_votes(3);
  for (const char* name : {"a", "b"}) world_.add(name);
  world_.start("a");
  world_.run();
  const Decision& decision = *a().session->decision();
  EXPECT_EQ(decision.outcome, Outcome::wait);
  EXPECT_EQ(decision.rule, Rule::none);
  EXPECT_EQ(decision.why, "no quorum: 1 node is here");
  EXPECT_EQ(a().session->want_of_quorum(), decision.why);
  EXPECT_EQ(a().session->mine()->action, Action::wait);
  EXPECT_FALSE(a().did("found"));
  world_.start("b");
  world_.run();
  EXPECT_TRUE(a().ready() && b().ready());
  EXPECT_EQ(a().session->want_of_quorum(), "");
}

TEST_F(SessionQuorumTest, AStartThatWasDecidedIsVoidWithoutOne) {
  start("abc", 3);
  world_.shut_down("a", FinalUuid(a().own.id));
  world_.run();
  kill("abc");
  c().hold_restore = true;
  restart("abc");
  ASSERT_EQ(a().session->role(), Role::starting);
  kill("bc");
  EXPECT_EQ(a().session->role(), Role::joining);
  EXPECT_EQ(a().own.state, StoreState::clean);
  EXPECT_FALSE(a().did("activate"));
}

TEST_F(SessionQuorumTest, AStartThatWasCommittedIsSuspendedWhenTheQuorumGoes) {
  world_.configure_votes(3);
  for (const char* name : {"a", "b", "c"}) world_.add(name, 3);
  c().hold_activation = true;
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  ASSERT_EQ(a().session->role(), Role::active);
  kill("bc");
  EXPECT_TRUE(a().session->suspended());
  EXPECT_FALSE(a().ready() || a().session->alone() || a().own.sole);
}

TEST_F(SessionQuorumTest, AFullHistoryHasTheViewThatHadOneAndTheLatest) {
  start("abc", 3);
  while (a().own.history.size() < max_history - 1) {
    a().own.history.insert(a().own.history.begin(), {ViewId(new_uuid()), 0, 3});
  }
  kill("c");
  const ViewId with_quorum = a().own.view.id;
  kill("b");
  ASSERT_TRUE(a().session->suspended());
  ASSERT_EQ(a().own.history.size(), max_history);
  const Announcement said = a().session->announcement().member;
  ASSERT_EQ(said.history.size(), max_history);
  EXPECT_EQ(said.history.back().view, said.view.id);
  EXPECT_EQ(said.history[max_history - 2].view, with_quorum);
  EXPECT_GT(said.folded, 0U);
}

TEST_F(SessionQuorumTest, APartWithoutOneAppliesNothingAndRejoins) {
  start("abc", 3);
  const std::size_t views = c().views.size();
  world_.cut_off("c");
  world_.run();
  EXPECT_TRUE(c().session->suspended());
  EXPECT_FALSE(c().ready() || c().session->alone() || c().own.sole);
  EXPECT_EQ(c().views.size(), views + 1) << "it is recorded";
  EXPECT_EQ(c().own.view.members.size(), 1U);
  ASSERT_EQ(c().session->missing().size(), 2U);
  EXPECT_EQ(c().session->missing()[0].label, "a");
  const std::size_t answers = c().answered.size();
  world_.publish("c", "dropped");
  world_.publish("a", "applied");
  world_.run();
  EXPECT_TRUE(c().did("dropped"));
  EXPECT_EQ(c().store, (Events{"a", "b", "c"}));
  EXPECT_EQ(c().answered.size(), answers);
  EXPECT_TRUE(a().ready() && b().ready());
  EXPECT_FALSE(a().did("dropped") || a().session->suspended());
  EXPECT_EQ(a().answered.back(), 4U);
  heal();
  EXPECT_TRUE(c().did("step_down") && c().did("update"));
  EXPECT_TRUE(all_ready());
  EXPECT_TRUE(c().session->missing().empty());
  EXPECT_EQ(a().store, (Events{"a", "b", "c", "applied"}));
  expect_alike();
}

TEST_F(SessionQuorumTest, AllOfASuspendedPartDropAlikeAndGoOnTogether) {
  start("abcde", 5);
  world_.slip("a");
  world_.cut_off("b");
  world_.run();
  world_.publish("b", "dropped");
  world_.run();
  EXPECT_TRUE(b().did("dropped"));
  EXPECT_FALSE(a().did("dropped")) << "only its publisher is told";
  EXPECT_EQ(a().store.size(), 5U);
  // The others die, and are started anew: from the third on these two have a quorum, but any of
  // the others may have gone on.
  kill("cde");
  for (const char* name : {"c", "d", "e"}) world_[name].part = 1;
  restart("cd");
  EXPECT_FALSE(a().ready() || b().ready());
  restart("e");
  EXPECT_TRUE(all_ready());
  EXPECT_FALSE(a().did("step_down") || b().did("step_down"));
  world_.publish("b", "again");
  world_.run();
  EXPECT_EQ(a().store.back(), "again");
  EXPECT_EQ(b().store, a().store);
  EXPECT_EQ(c().store, a().store);
}

TEST_F(SessionQuorumTest, AShutdownOfAPartIsNoneOfTheCluster) {
  start("abc", 3);
  world_.cut_off("c");
  world_.run();
  world_.shut_down("c", FinalUuid(c().own.id));
  world_.run();
  EXPECT_TRUE(c().did("dropped"));
  EXPECT_FALSE(c().did("clean"));
  EXPECT_EQ(c().own.state, StoreState::dirty);
  heal();
  EXPECT_TRUE(all_ready());
}

TEST_F(SessionQuorumTest, WhatTooFewHaveIsNotAnswered) {
  start("abcde", 5);
  for (const char* name : {"a", "b"}) world_.slip(name);
  const std::size_t answers = a().answered.size();
  world_.publish("a", "x");
  world_.run();
  EXPECT_EQ(b().store.back(), "x");
  EXPECT_EQ(a().answered.size(), answers) << "two of five: the others may go on without it";
}

TEST_F(SessionQuorumTest, WhatHalfOfAllHaveIsAnswered) {
  start("abcde", 5);
  for (const char* name : {"a", "b", "c"}) world_.slip(name);
  world_.publish("a", "x");
  world_.run();
  EXPECT_EQ(a().answered.back(), 6U) << "no three of five can go on without it";
}

TEST_F(SessionQuorumTest, WhereFewerAreLeftAllOfThemAreEnough) {
  start("abcde", 0);
  kill("de");
  world_.configure_votes(2);
  kill("c");
  world_.publish("a", "x");
  world_.run();
  EXPECT_EQ(a().answered.back(), 6U);
}

TEST_F(SessionQuorumTest, WhereNoneIsConfiguredOneOtherIsEnough) {
  start("abcde", 0);
  for (const char* name : {"a", "b"}) world_.slip(name);
  world_.publish("a", "x");
  world_.run();
  EXPECT_EQ(a().answered.back(), 6U);
}

// --- meeting again
// --------------------------------------------------------------------------------

TEST_F(SessionQuorumTest, OfSinglePartsTheOneThatHoldsMostGoesOn) {
  start("abc", 3);
  cut_off_with_an_event("c");
  world_.cut_off("b", 2);
  world_.run();
  ASSERT_EQ(c().store.size(), 4U);
  const std::size_t answers = c().answered.size();
  heal();
  EXPECT_TRUE(all_ready());
  EXPECT_FALSE(c().did("step_down"));
  EXPECT_EQ(a().store.back(), "of c alone");
  EXPECT_EQ(c().answered.size(), answers + 1) << "it was open, and others have it now";
  expect_alike();
}

TEST_F(SessionQuorumTest, WhatNobodyWasAnsweredForGivesWay) {
  start("abc", 3);
  cut_off_with_an_event("a");
  world_.run();
  world_.publish("b", "meanwhile");
  world_.run();
  world_.heal();
  ASSERT_TRUE(world_.deliver_one());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(world_.deliver_one());  // the announcements
  const Decision& decision = *b().session->decision();
  ASSERT_EQ(decision.loses.size(), 1U);
  EXPECT_EQ(decision.loses[0].id, a().own.id);
  EXPECT_EQ(decision.loses[0].from, 4U);
  EXPECT_TRUE(decision.loses[0].certain);
  const std::string& evidence = decision.members[0].evidence;
  EXPECT_TRUE(evidence.starts_with("it diverged after 3 of view ")) << evidence;
  world_.run();
  EXPECT_TRUE(a().did("step_down") && a().did("update"));
  EXPECT_TRUE(all_ready());
  EXPECT_EQ(a().store.back(), "meanwhile");
  expect_alike();
}

TEST_F(SessionQuorumTest, AlsoWhereTheOthersHaveAppliedNothing) {
  start("abc", 3);
  cut_off_with_an_event("a");
  world_.run();
  heal();
  EXPECT_TRUE(all_ready());
  EXPECT_EQ(a().store.size(), 3U);
  expect_alike();
}

TEST_F(SessionQuorumTest, ItGivesWayAlsoInALaterRound) {
  start("abc", 3);
  cut_off_with_an_event("a");
  world_.run();
  world_.publish("b", "meanwhile");
  world_.run();
  world_.heal();
  ASSERT_TRUE(world_.deliver_one());
  world_.add("d");
  world_.start("d");  // the round in which it steps down is void
  world_.run();
  EXPECT_TRUE(all_ready() && world_["d"].ready());
  expect_alike();
}

TEST_F(SessionQuorumTest, WhoLeftALaterViewIsNoneOfThese) {
  start("abc", 0);
  world_.cut_off("a");
  world_.run();
  world_.publish("a", "on one side");
  world_.publish("b", "on the other");
  world_.run();
  // From here on it is known who has a quorum; it comes too late for what both have applied.
  world_.configure_votes(4);
  world_.add("d").part = 1;
  world_.start("d");
  world_.run();
  EXPECT_TRUE(a().session->suspended());
  kill("d");
  world_.configure_votes(3);
  world_.add("e");
  world_.start("e");
  world_.run();
  heal();
  ASSERT_TRUE(a().stopped);
  EXPECT_NE(a().stopped->why.find("diverged after 3 of view "), std::string::npos)
      << a().stopped->why;
  EXPECT_EQ(a().store.back(), "on one side");
}

TEST_F(SessionQuorumTest, WhoHadAQuorumAllTheTimeGoesBefore) {
  start("abc", 3);
  world_.cut_off("a");
  world_.run();
  world_.slip("a", 0);
  world_.kill("b");  // and a is back, in one view
  world_.run();
  EXPECT_TRUE(a().did("step_down"));
  EXPECT_FALSE(c().did("step_down"));
  EXPECT_TRUE(a().ready() && c().ready());
}

TEST_F(SessionQuorumTest, WhoWentOnGoesBeforeMoreWhoDidNot) {
  start("abcde", 5);
  for (const char* name : {"a", "b"}) world_.slip(name);
  world_.publish("a", "of two");
  world_.run();
  for (const char* name : {"a", "b"}) world_.cut_off(name);
  world_.run();
  world_.publish("c", "went on");
  world_.run();
  // d and e die; c alone is suspended, too, when it meets the others.
  kill("de");
  ASSERT_TRUE(c().session->suspended());
  world_.slip("a", 0);
  world_.slip("b", 0);
  world_.start("d");
  world_.run();
  EXPECT_FALSE(c().did("step_down"));
  EXPECT_TRUE(a().did("update") && b().did("update"));
  EXPECT_EQ(a().store.back(), "went on");
  EXPECT_TRUE(a().ready() && b().ready() && c().ready() && world_["d"].ready());
}

TEST_F(SessionQuorumTest, NoPartGivesWayToOneThatHasNoneEither) {
  start("abcde", 5);
  world_.cut_off("a", 1);
  world_.cut_off("b", 2);
  world_.run();
  world_.slip("b", 1);
  world_.cut_off("a", 1);
  world_.run();
  EXPECT_TRUE(a().session->suspended() && b().session->suspended());
  EXPECT_FALSE(a().did("step_down") || b().did("step_down"));
  EXPECT_NE(a().own.view.id, b().own.view.id);
  EXPECT_EQ(a().session->mine()->action, Action::stay);
  EXPECT_EQ(a().session->want_of_quorum(), "no quorum: 2 nodes are here");
  world_.publish("a", "dropped");
  world_.run();
  heal();
  EXPECT_TRUE(all_ready());
  EXPECT_EQ(a().store.size(), 5U);
  expect_alike();
}

TEST_F(SessionQuorumTest, PartsThatMeetAtOnceHaveAViewOfTheirOwnBetween) {
  for (const std::size_t votes : {0U, 3U}) {
    world_ = World();
    start("abc", votes);
    world_.publish("a", "on its way");
    world_.blink({"a"});
    world_.publish("c", "later");
    world_.run();
    EXPECT_TRUE(all_ready());
    EXPECT_TRUE(a().did("step_down"));
    EXPECT_FALSE(b().did("step_down") || c().did("step_down"));
    EXPECT_EQ(a().store[3], "on its way");
    expect_alike();
  }
}

TEST_F(SessionQuorumTest, WhatIsDroppedWhileTheyMeetIsNoPosition) {
  start("abc", 3);
  world_.blink({"a"});
  world_.publish("a", "dropped");
  world_.run();
  EXPECT_TRUE(a().did("dropped") && a().did("step_down"));
  EXPECT_FALSE(b().did("step_down") || c().did("step_down"));
  EXPECT_TRUE(all_ready());
  expect_alike();
}

TEST_F(SessionQuorumTest, WhatWasOpenIsAnsweredWhenTheQuorumIsBack) {
  start("abc", 3);
  world_.publish("a", "x");
  world_.change_votes(7);  // the confirmations come after it
  world_.run();
  EXPECT_TRUE(a().session->suspended());
  EXPECT_EQ(a().answered.back(), 3U);
  world_.change_votes(3);
  world_.run();
  EXPECT_TRUE(all_ready());
  EXPECT_EQ(a().answered.back(), 4U);
}

TEST_F(SessionQuorumTest, WhoHasSeenAnotherPartGoOnHoldsTheOthersBack) {
  start("abcde", 5);
  // {d, e} have less than the others; then all are apart.
  for (const char* name : {"d", "e"}) world_.slip(name, 2);
  world_.publish("a", "x");
  world_.run();
  ASSERT_EQ(a().answered.back(), 6U);
  world_.cut_off("d", 2);
  world_.run();
  world_.cut_off("c", 1);
  world_.run();
  // c steps down for {a, b}, which are cut off again before it has its update.
  c().hold_update = true;
  world_.cut_off("c", 0);
  world_.run();
  ASSERT_TRUE(c().did("step_down"));
  world_.cut_off("c", 2);
  world_.run();
  Actor& d = world_["d"];
  EXPECT_TRUE(d.session->suspended());
  EXPECT_EQ(d.session->want_of_quorum(),
            "no quorum of members: one that is away may hold what was answered since");
  c().hold_update = false;
  heal();
  EXPECT_TRUE(all_ready());
  EXPECT_EQ(d.store.back(), "x");
  expect_alike();
}

TEST_F(SessionQuorumTest, OnlyWhatIsOfOneViewGivesWay) {
  start("abc", 3);
  Announcement joiner = a().own;
  joiner.suspended = joiner.bound = true;
  joiner.history = {{ViewId(a().own.id), 0, 3}, {ViewId(b().own.id), 5, 2}};
  joiner.floor = joiner.ceiling = 9;
  Announcement active = c().own;
  active.active = true;
  active.history = {{ViewId(a().own.id), 0, 3}, {ViewId(c().own.id), 5, 2}};
  active.floor = active.ceiling = 8;
  const auto action_of_joiner = [&] {
    return decide(std::vector{joiner, active}).members.front().action;
  };
  EXPECT_EQ(action_of_joiner(), Action::update) << "its view was empty for the others";
  joiner.history.insert(joiner.history.end() - 1, {ViewId(active.incarnation), 5, 2});
  joiner.history.back().from = 7;
  EXPECT_EQ(action_of_joiner(), Action::refuse);
}

// --- joiners
// --------------------------------------------------------------------------------------

TEST_F(SessionQuorumTest, WithoutOneNoUpdateBegins) {
  start("abc", 5);
  kill("bc");
  restart("c");
  EXPECT_TRUE(a().session->suspended());
  EXPECT_EQ(c().session->role(), Role::joining);
  EXPECT_FALSE(c().did("update"));
  EXPECT_EQ(c().session->mine()->action, Action::wait);
  EXPECT_EQ(c().session->want_of_quorum(), "no quorum: 2 nodes are here");
  restart("b");
  EXPECT_TRUE(all_ready());
  EXPECT_FALSE(a().did("step_down"));
  expect_alike();
}

TEST_F(SessionQuorumTest, AnUpdateUnderWayEndsWhenThereIsOneAgain) {
  start("abc", 5);
  Actor& d = world_.add("d");
  d.hold_update = true;
  world_.start("d");
  world_.run();
  ASSERT_TRUE(d.update);
  const Uuid ticket = d.update->ticket;
  const std::string donor = d.update->label;
  world_.publish("b", "before");
  world_.run();
  for (const char name : names_) {
    if (donor != std::string{name}) world_.kill({name});
  }
  world_.run();
  world_.publish(donor, "dropped");
  world_.finish_update(d);
  world_.run();
  EXPECT_FALSE(d.ready() || world_[donor].ready());
  EXPECT_EQ(d.session->role(), Role::following);
  for (const char name : names_) {
    if (donor != std::string{name}) world_.start({name});
  }
  world_.run();
  EXPECT_EQ(d.update->ticket, ticket) << "the copy counts";
  EXPECT_TRUE(all_ready() && d.ready());
  world_.publish("d", "after");
  world_.run();
  expect_alike();
  EXPECT_EQ(d.store, a().store);
  EXPECT_EQ(a().store.size(), 5U);
}

// --- policies
// -------------------------------------------------------------------------------------

TEST_F(SessionQuorumTest, WhoIgnoresItGoesOn) {
  start("abc", 3, QuorumPolicy::ignored);
  world_.cut_off("c");
  world_.run();
  EXPECT_TRUE(c().ready() && c().session->alone() && c().own.sole);
}

TEST_F(SessionQuorumTest, TheStrictestCountsAlsoWhenItHasGone) {
  world_.configure_votes(3);
  for (const char* name : {"a", "b", "c"}) {
    world_.add(name, 3).own.quorum = *name == 'c' ? QuorumPolicy::automatic : QuorumPolicy::ignored;
  }
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  ASSERT_TRUE(a().ready());
  kill("bc");
  EXPECT_TRUE(a().session->suspended());
}

TEST_F(SessionQuorumTest, AlsoThatOfAJoinerThatHasGone) {
  start("ab", 3, QuorumPolicy::ignored);
  world_.add("c");
  restart("c");
  kill("bc");
  EXPECT_TRUE(a().session->suspended());
}

TEST_F(SessionQuorumTest, WhoRequiresOneWaitsWhereNoneIsConfigured) {
  world_.add("a").own.quorum = QuorumPolicy::required;
  world_.add("b");
  world_.start("b");
  world_.start("a");
  world_.run();
  EXPECT_EQ(b().session->want_of_quorum(), "no quorum is configured, and the policy requires one");
  EXPECT_FALSE(a().did("found") || b().did("found"));
}

TEST_F(SessionQuorumTest, AJoinerThatRequiresOneStopsNobody) {
  start("ab", 0);
  world_.add("c").own.quorum = QuorumPolicy::required;
  world_.start("c");
  world_.run();
  EXPECT_TRUE(a().ready() && b().ready());
  EXPECT_EQ(c().session->role(), Role::following);
  EXPECT_EQ(c().session->want_of_quorum(), "no quorum is configured, and the policy requires one");
  world_.configure_votes(3);
  world_.add("d");
  world_.start("d");
  world_.run();
  EXPECT_TRUE(a().ready() && c().ready() && world_["d"].ready());
}

TEST_F(SessionQuorumTest, OnceTheGroupHasSaidItSilenceIsNone) {
  start("abc", 3);
  world_.configure_votes(0);
  world_.cut_off("c");
  world_.run();
  EXPECT_TRUE(c().session->suspended());
  EXPECT_EQ(c().session->want_of_quorum(),
            "no quorum: the group has ceased to say whether there is one");
  world_.configure_votes(3);
  heal();
  EXPECT_TRUE(all_ready());
}

}  // namespace
}  // namespace storemark::restart
