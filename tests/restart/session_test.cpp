// SPDX-License-Identifier: Apache-2.0
// The protocol, story by story. Random ones are in tests/simulator.
#include "restart/session.hpp"

#include <gtest/gtest.h>

#include "restart/session_world.hpp"

namespace storemark::restart {
namespace {

using Events = std::vector<std::string>;

class SessionTest : public testing::Test {
 protected:
  /// Three members that start together and publish one event each.
  void start_three(std::uint32_t wait_for = 3) {
    for (const char* name : {"a", "b", "c"}) world_.add(name, wait_for);
    for (const char* name : {"a", "b", "c"}) world_.start(name);
    world_.run();
  }
  void publish_three() {
    for (const char* name : {"a", "b", "c"}) world_.publish(name, name);
    world_.run();
  }
  void shut_down() {
    FinalUuid final;
    final.bytes[0] = 9;
    world_.shut_down("a", final);
    world_.run();
    for (const char* name : {"a", "b", "c"}) world_.kill(name);
    world_.run();
  }
  /// c has died, came again, and has begun an update that does not end.
  void let_c_begin_an_update() {
    start_three();
    publish_three();
    world_.kill("c");
    c().hold_update = true;
    world_.start("c");
    world_.run();
  }
  Actor& a() { return world_["a"]; }
  Actor& b() { return world_["b"]; }
  Actor& c() { return world_["c"]; }
  void expect_alike() {
    EXPECT_EQ(a().store, b().store);
    EXPECT_EQ(b().store, c().store);
    EXPECT_EQ(a().own.view.id, b().own.view.id);
    EXPECT_EQ(b().own.view.id, c().own.view.id);
  }

  World world_;
};

TEST_F(SessionTest, ThreeFoundAClusterAndNobodyIsActiveBefore) {
  for (const char* name : {"a", "b", "c"}) world_.add(name, 3);
  world_.start("a");
  world_.start("b");
  world_.run();
  EXPECT_EQ(a().session->role(), Role::joining);
  EXPECT_EQ(a().session->decision()->rule, Rule::r5);
  EXPECT_FALSE(a().did("found"));
  world_.start("c");
  world_.run();
  EXPECT_TRUE(a().ready() && b().ready() && c().ready());
  EXPECT_EQ(a().own.initial, c().own.initial);
  EXPECT_FALSE(a().own.initial.is_nil());
  publish_three();
  expect_alike();
  EXPECT_EQ(a().store, (Events{"a", "b", "c"}));
  EXPECT_EQ(b().answered.back(), 3U);
}

TEST_F(SessionTest, NobodyIsActivatedBeforeAllArePrepared) {
  start_three();
  publish_three();
  shut_down();
  c().hold_restore = true;
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  EXPECT_EQ(a().session->role(), Role::starting);
  EXPECT_FALSE(a().did("activate"));
  EXPECT_EQ(a().own.state, StoreState::clean);
  world_.finish_restore(c());
  world_.run();
  EXPECT_TRUE(a().ready() && b().ready() && c().ready());
  expect_alike();
}

TEST_F(SessionTest, AStartThatIsCutLeavesCleanStoresClean) {
  start_three();
  publish_three();
  shut_down();
  c().hold_restore = true;
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  world_.kill("c");
  world_.run();
  EXPECT_EQ(a().session->role(), Role::joining);
  EXPECT_EQ(a().own.state, StoreState::clean);
  c().hold_restore = false;
  world_.start("c");
  world_.run();
  EXPECT_TRUE(a().ready() && c().ready());
  EXPECT_FALSE(c().did("update"));
}

TEST_F(SessionTest, NothingIsPublishedBeforeEveryStarterIsDurablyActive) {
  for (const char* name : {"a", "b", "c"}) world_.add(name, 3);
  c().hold_activation = true;
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  EXPECT_EQ(a().session->role(), Role::active);
  EXPECT_FALSE(a().ready());
  world_.finish_activation(c());
  world_.run();
  EXPECT_TRUE(a().ready());
}

TEST_F(SessionTest, AStarterThatDiesAfterTheCommitIsAMemberThatDied) {
  for (const char* name : {"a", "b", "c"}) world_.add(name, 3);
  c().hold_activation = true;
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  world_.kill("c");
  world_.run();
  EXPECT_TRUE(a().ready() && b().ready());
  EXPECT_EQ(a().views.size(), 2U);
  EXPECT_EQ(a().own.view.members.size(), 2U);
}

TEST_F(SessionTest, AClientIsAnsweredWhenAnotherMemberHasTheEvent) {
  start_three();
  world_.publish("a", "x");
  ASSERT_TRUE(world_.deliver_one());  // the event itself
  EXPECT_EQ(a().store.size(), 1U);
  EXPECT_TRUE(a().answered.empty());
  world_.run();
  EXPECT_EQ(a().answered, std::vector<std::uint64_t>{1});
}

TEST_F(SessionTest, TheLastOneIsSoleAndAnswersAlone) {
  start_three();
  publish_three();
  world_.kill("b");
  world_.kill("c");
  world_.run();
  EXPECT_TRUE(a().session->alone());
  EXPECT_TRUE(a().own.sole);
  world_.publish("a", "x");
  world_.run();
  EXPECT_EQ(a().answered.back(), 4U);
}

TEST_F(SessionTest, AJoinerTakesAnUpdateAndMissesNothing) {
  start_three();
  publish_three();
  world_.kill("c");
  world_.run();
  world_.publish("a", "while c was away");
  world_.run();
  c().hold_update = true;
  world_.start("c");
  world_.run();
  EXPECT_EQ(c().session->role(), Role::following);
  world_.publish("b", "while c copied");
  world_.run();
  EXPECT_EQ(b().answered.back(), 5U);
  world_.finish_update(c());
  world_.publish("a", "after");
  world_.run();
  EXPECT_TRUE(c().ready());
  EXPECT_EQ(c().store.size(), 6U);
  expect_alike();
  EXPECT_EQ(c().own.history.back(), a().own.history.back());
}

TEST_F(SessionTest, ACopyThatIsOlderThanWhatCameMeanwhileIsCompletedFromWhatWasKept) {
  let_c_begin_an_update();
  ASSERT_TRUE(c().update);
  const Events at_the_offer = a().store;
  world_.publish("b", "kept 1");
  world_.publish("b", "kept 2");
  world_.run();
  c().store = at_the_offer;
  c().session->updated(at_the_offer.size());
  world_.obey(c());
  world_.run();
  EXPECT_TRUE(c().ready());
  expect_alike();
}

TEST_F(SessionTest, AJoinerWhoseDonorDiesTakesAnotherUpdate) {
  let_c_begin_an_update();
  const std::string first = c().update->label;
  world_.kill(first);
  c().hold_update = false;
  world_.run();
  EXPECT_NE(c().update->label, first);
  EXPECT_TRUE(c().ready());
}

TEST_F(SessionTest, AJoinerKeepsItsDonorWhenSomebodyElseComesOrGoes) {
  let_c_begin_an_update();
  const Uuid ticket = c().update->ticket;
  world_.add("d");
  world_.start("d");
  world_.run();
  EXPECT_TRUE(world_["d"].ready());
  EXPECT_EQ(c().update->ticket, ticket);
  EXPECT_FALSE(c().did("drop"));
  world_.finish_update(c());
  world_.publish("d", "x");
  world_.run();
  EXPECT_TRUE(c().ready());
  expect_alike();
}

TEST_F(SessionTest, ACopyThatHoldsLessThanWasOfferedIsNone) {
  let_c_begin_an_update();
  const Uuid ticket = c().update->ticket;
  c().store = {"a", "b"};
  c().session->updated(2);
  world_.obey(c());
  world_.run();
  EXPECT_FALSE(c().ready());
  EXPECT_NE(c().update->ticket, ticket);
  world_.finish_update(c());
  world_.run();
  expect_alike();
}

TEST_F(SessionTest, AnUpdateThatFailsIsTriedAgainAndThenGivenUp) {
  let_c_begin_an_update();
  for (unsigned i = 0; i < max_update_retries; ++i) {
    const Uuid ticket = c().update->ticket;
    world_.fail_update(c());
    world_.run();
    EXPECT_NE(c().update->ticket, ticket);
  }
  EXPECT_FALSE(c().stopped);
  world_.fail_update(c());
  ASSERT_TRUE(c().stopped);
  EXPECT_EQ(c().stopped->code, Errc::update_failed);
  EXPECT_TRUE(a().ready());
}

TEST_F(SessionTest, WhatComesWhileAnUpdateIsTakenIsBounded) {
  let_c_begin_an_update();
  world_.publish("a", std::string(65, 'x'));
  world_.run();
  ASSERT_TRUE(c().stopped);
  EXPECT_EQ(c().stopped->code, Errc::update_failed);
}

TEST_F(SessionTest, WhenTheClusterDiesUnderAJoinerItIsNoSource) {
  let_c_begin_an_update();
  world_.kill("a");
  world_.kill("b");
  world_.run();
  EXPECT_EQ(c().session->role(), Role::joining);
  EXPECT_EQ(c().own.state, StoreState::updating);
  EXPECT_TRUE(c().did("drop"));
  EXPECT_FALSE(c().did("activate"));
}

TEST_F(SessionTest, AShutdownStopsEverybodyAtTheSameEvent) {
  start_three();
  world_.publish("a", "before");
  FinalUuid final;
  final.bytes[0] = 7;
  world_.shut_down("b", final);
  world_.publish("c", "after");
  world_.run();
  for (const char* name : {"a", "b", "c"}) {
    EXPECT_EQ(world_[name].final, final) << name;
    EXPECT_EQ(world_[name].store, Events{"before"}) << name;
  }
}

TEST_F(SessionTest, AStoreThatIsAheadIsRefusedByName) {
  start_three();
  publish_three();
  world_.kill("c");
  world_.run();
  c().own.floor = c().own.ceiling = 99;
  world_.start("c");
  world_.run();
  ASSERT_TRUE(c().stopped);
  EXPECT_EQ(c().stopped->code, Errc::member_refused);
  EXPECT_TRUE(c().stopped->why.starts_with("R4: ")) << c().stopped->why;
  EXPECT_FALSE(c().did("update"));
  EXPECT_TRUE(a().ready());
}

TEST_F(SessionTest, AClonedDirectoryIsRefusedAndTheOthersGoOn) {
  start_three();
  publish_three();
  world_.add("x").own = c().own;
  world_.start("x");
  world_.run();
  EXPECT_TRUE(world_["x"].stopped);
  EXPECT_TRUE(a().ready() && c().ready());
}

TEST_F(SessionTest, GarbageIsRefusedByNameAndTheOthersGoOn) {
  for (const char* name : {"a", "b", "c"}) world_.add(name, 3);
  const GroupNode intruder = world_.intrude();
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  EXPECT_EQ(a().session->role(), Role::joining);
  EXPECT_EQ(a().session->silent(), std::vector<std::string>{"node 1"});
  world_.send_as(intruder, {'h', 'e', 'l', 'l', 'o'});
  world_.run();
  EXPECT_TRUE(a().ready() && b().ready() && c().ready());
  ASSERT_EQ(a().session->refused().size(), 1U);
  EXPECT_TRUE(a().session->refused()[0].starts_with("node 1: "));
  publish_three();
  expect_alike();
}

TEST_F(SessionTest, WhoAnnouncesTwiceIsRefused) {
  start_three();
  wire::Announce said = c().session->announcement();
  said.member.floor = said.member.ceiling = 12;
  world_.send_as(c().node, wire::encode(said));
  world_.run();
  EXPECT_TRUE(c().stopped);
  EXPECT_TRUE(a().ready() && b().ready());
  EXPECT_EQ(a().own.view.members.size(), 2U);
}

TEST_F(SessionTest, AnOutsiderMovesNothing) {
  start_three();
  const GroupNode outsider = world_.intrude();
  world_.run();
  world_.send_as(outsider, wire::encode(wire::Event{{1, 2, 3}}));
  world_.send_as(outsider, wire::encode(wire::Shutdown{FinalUuid(a().own.id)}));
  world_.send_as(outsider, wire::encode(wire::Confirm{5}));
  world_.send_as(outsider, wire::encode(wire::Prepared{}));
  world_.send_as(outsider, wire::encode(wire::Offer{}));
  world_.send_as(outsider, wire::encode(wire::Retry{}));
  world_.publish("a", "x");
  world_.run();
  EXPECT_EQ(a().store, Events{"x"});
  EXPECT_TRUE(a().ready() && b().ready() && c().ready());
}

TEST_F(SessionTest, AConfirmationOfWhatWasNeverAppliedIsNone) {
  start_three();
  world_.send_as(b().node, wire::encode(wire::Confirm{1'000}));
  world_.publish("a", "x");
  ASSERT_TRUE(world_.deliver_one());
  ASSERT_TRUE(world_.deliver_one());
  EXPECT_TRUE(a().answered.empty());
}

TEST_F(SessionTest, DirtyStoresWaitForAnOperatorAndTheViewChangeAsksAgain) {
  start_three();
  publish_three();
  for (const char* name : {"a", "b", "c"}) world_.kill(name);
  world_.run();
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  EXPECT_EQ(a().session->decision()->rule, Rule::r13);
  EXPECT_EQ(a().session->role(), Role::joining);
  // c comes again with its store marked.
  world_.kill("c");
  c().own.state = StoreState::clean;
  c().own.final.bytes[0] = 3;
  c().own.marked = true;
  for (Actor* other : {&a(), &b()}) {
    c().own.compared.push_back({other->own.id, other->own.view.id, other->own.ceiling});
  }
  world_.start("c");
  world_.run();
  EXPECT_TRUE(a().ready() && b().ready() && c().ready());
  EXPECT_TRUE(a().did("update") && b().did("update"));
  EXPECT_FALSE(c().did("update"));
  expect_alike();
}

TEST_F(SessionTest, InAStartAnUpdateWhoseDonorDiesIsDropped) {
  start_three();
  publish_three();
  shut_down();
  for (Actor* other : {&b(), &c()}) {
    other->own.state = StoreState::dirty;
    other->own.final = {};
    other->hold_update = true;
  }
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  ASSERT_TRUE(b().update);
  EXPECT_FALSE(b().did("drop"));
  world_.kill("a");
  world_.run();
  EXPECT_TRUE(b().did("drop") && c().did("drop"));
}

TEST_F(SessionTest, WhoWasCutOffAndAppliedNothingTakesAnUpdateWhenItIsBack) {
  start_three();
  publish_three();
  world_.cut_off("c");
  world_.run();
  EXPECT_TRUE(c().session->alone());
  world_.publish("a", "x");
  world_.run();
  world_.heal();
  world_.run();
  EXPECT_TRUE(c().did("step_down") && c().did("update"));
  EXPECT_TRUE(a().ready() && b().ready() && c().ready());
  EXPECT_FALSE(a().did("update"));
  expect_alike();
}

TEST_F(SessionTest, WhoWasCutOffAndWentOnAloneIsRefusedWithTheForkPoint) {
  start_three();
  publish_three();
  world_.cut_off("a");
  world_.run();
  world_.publish("a", "on one side");
  world_.publish("b", "on the other");
  world_.run();
  world_.heal();
  world_.run();
  ASSERT_TRUE(a().stopped);
  EXPECT_EQ(a().stopped->code, Errc::member_refused);
  EXPECT_NE(a().stopped->why.find("diverged after 3"), std::string::npos) << a().stopped->why;
  EXPECT_FALSE(a().did("update"));
  EXPECT_EQ(a().store.back(), "on one side");
  EXPECT_TRUE(b().ready() && c().ready());
}

TEST_F(SessionTest, OfEqualPartsTheOneWithTheLowestIdGoesOn) {
  start_three();
  world_.kill("c");
  world_.run();
  world_.cut_off("b");
  world_.run();
  world_.heal();
  world_.run();
  EXPECT_TRUE(b().did("step_down"));
  EXPECT_FALSE(a().did("step_down"));
  EXPECT_TRUE(a().ready() && b().ready());
}

TEST_F(SessionTest, TwoClustersInOneGroupLeaveEachOtherAlone) {
  start_three();
  world_.add("x").part = 7;
  world_.start("x");
  world_.cut_off("x", 7);
  world_.run();
  ASSERT_TRUE(world_["x"].ready());
  ASSERT_NE(world_["x"].own.initial, a().own.initial);
  world_.add("y");
  world_.heal();
  world_.start("y");
  world_.run();
  EXPECT_TRUE(world_["x"].ready());
  EXPECT_TRUE(a().ready() && b().ready() && c().ready());
  EXPECT_EQ(world_["y"].session->decision()->outcome, Outcome::conflict);
  world_.publish("x", "its own");
  world_.publish("a", "theirs");
  world_.run();
  EXPECT_EQ(world_["x"].store, Events{"its own"});
  EXPECT_EQ(a().store, Events{"theirs"});
}

TEST_F(SessionTest, ThereAreSoManyPlacesInAView) {
  const auto name = [](std::size_t i) { return std::string(1, static_cast<char>(' ' + i)); };
  for (std::size_t i = 0; i <= max_members; ++i) world_.add(name(i), 2);
  for (std::size_t i = 0; i <= max_members; ++i) world_.start(name(i));
  world_.run();
  EXPECT_TRUE(world_[name(0)].ready());
  EXPECT_EQ(world_[name(0)].own.view.members.size(), max_members);
  const Actor& last = world_[name(max_members)];
  EXPECT_EQ(last.session->role(), Role::joining);
  EXPECT_FALSE(last.stopped);
  world_.kill(name(0));
  world_.run();
  EXPECT_TRUE(last.ready());
}

TEST_F(SessionTest, InAStartUpdatesComeBeforeAnybodyIsActivated) {
  start_three();
  publish_three();
  shut_down();
  b().store.pop_back();  // an older, dirty one
  b().own.state = StoreState::dirty;
  b().own.final = {};
  b().own.floor = b().own.ceiling = 2;
  b().hold_update = true;
  for (const char* name : {"a", "b", "c"}) world_.start(name);
  world_.run();
  EXPECT_EQ(b().session->role(), Role::starting);
  EXPECT_TRUE(b().update);
  EXPECT_EQ(a().own.state, StoreState::clean);
  EXPECT_FALSE(a().did("activate"));
  world_.finish_update(b());
  world_.run();
  EXPECT_TRUE(a().ready() && b().ready() && c().ready());
  expect_alike();
}

}  // namespace
}  // namespace storemark::restart
