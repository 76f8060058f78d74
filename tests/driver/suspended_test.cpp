// SPDX-License-Identifier: Apache-2.0
// A member whose part has no quorum: what its journal says, what its broker is told, what its
// status says.
#include <gtest/gtest.h>

#include "driver/members.hpp"

namespace storemark::test {
namespace {

class SuspendedTest : public MembersTest {
 protected:
  /// Three with an event, of which "c" is cut off, and does not know it yet.
  void cut_off_c() {
    hub_.configure_votes(3);
    found({"a", "b", "c"});
    publish(all_["a"], 1, "one");
    run();
    hub_.split_off({"c"});
  }
  /// An event that "c" alone has, since it is cut off and does not know it yet.
  void give_c_a_tail() {
    hub_.configure_votes(3);
    found({"a", "b", "c"});
    publish(a(), 1, "one");
    run();
    hub_.slip("c");
    publish(c(), 7, "of c alone");
    run();
  }
  [[nodiscard]] Status status_of(const std::string& name) { return all_.at(name).member->status(); }
  One& a() { return all_["a"]; }
  One& c() { return all_["c"]; }
};

TEST_F(SuspendedTest, ItsViewIsRecordedAndItIsNeverSole) {
  cut_off_c();
  const ViewId before = record_of(c()).view.id;
  run();
  EXPECT_TRUE(c().member->suspended());
  const Record record = record_of(c());
  EXPECT_NE(record.view.id, before);
  EXPECT_EQ(record.view.members.size(), 1U);
  EXPECT_FALSE(record.sole);
  EXPECT_EQ(record.state, StoreState::dirty);
}

TEST_F(SuspendedTest, SaysForWhomItWaitsAndTakesNothing) {
  cut_off_c();
  run();
  const Status status = status_of("c");
  EXPECT_EQ(status.phase, MemberPhase::suspended);
  EXPECT_EQ(to_string(status.phase), "suspended");
  EXPECT_TRUE(
      status.text.starts_with("no quorum: 1 node is here; this member applies nothing until "
                              "the others are back: "))
      << status.text;
  for (const char* one : {"a, last seen at 1", "b, last seen at 1"}) {
    EXPECT_NE(status.text.find(one), std::string::npos) << status.text;
  }
  EXPECT_EQ(status.missing.size(), 2U);
  EXPECT_EQ(status.outcome, Outcome::wait);
  EXPECT_FALSE(status.ready || status.alone);
  EXPECT_FALSE(status.view.is_nil());
  const auto published = c().member->publish({}, 9);
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, Errc::not_active);
  EXPECT_EQ(published.error().why,
            "this member is suspended: its part of the cluster has no quorum");
  const auto ended = c().member->shut_down();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Errc::not_active);
}

TEST_F(SuspendedTest, APublisherIsToldOfEachEventThatIsDropped) {
  cut_off_c();
  publish(c(), 7, "dropped");
  publish(c(), 8, "dropped");
  run();
  EXPECT_EQ(c().broker->dropped_tokens(), (std::set<std::uint64_t>{7, 8}));
  EXPECT_EQ(c().disk.events.size(), 1U);
  hub_.heal();
  run();
  ASSERT_TRUE(c().member->ready());
  publish(c(), 9, "again");
  run();
  EXPECT_EQ(c().broker->confirmed_tokens(), (std::map<std::uint64_t, std::uint64_t>{{9, 2}}));
  EXPECT_EQ(a().disk.events, (std::vector<std::string>{"one", "again"}));
}

TEST_F(SuspendedTest, AShutdownThatIsDroppedIsNotedUntilTheNextOne) {
  cut_off_c();
  ASSERT_TRUE(c().member->shut_down());
  c().member->settle();
  run();
  ASSERT_FALSE(c().member->stopped());
  EXPECT_EQ(record_of(c()).state, StoreState::dirty);
  ASSERT_EQ(status_of("c").notes.size(), 1U);
  EXPECT_EQ(status_of("c").notes[0],
            "the shutdown was dropped: a part without a quorum is not the cluster");
  hub_.heal();
  run();
  ASSERT_TRUE(c().member->shut_down());
  EXPECT_TRUE(status_of("c").notes.empty());
  c().member->settle();
  run();
  for (auto& [name, one] : all_) EXPECT_TRUE(one.member->how().clean) << name;
}

TEST_F(SuspendedTest, ItMayLeave) {
  cut_off_c();
  run();
  c().member->leave();
  EXPECT_FALSE(c().member->how().error);
  EXPECT_FALSE(c().member->suspended());
  EXPECT_EQ(record_of(c()).state, StoreState::dirty);
  EXPECT_EQ(record_of(c()).ceiling, 1U);
}

TEST_F(SuspendedTest, WhatIsGivenUpOfItsStoreIsNotedWithTheFork) {
  give_c_a_tail();
  ASSERT_EQ(c().disk.events.size(), 2U);
  hub_.split_off({"c"});
  run();
  publish(a(), 2, "two");
  run();
  hub_.heal();
  while (deliver()) {
  }
  for (const char* name : {"a", "c"}) {
    const Status status = status_of(name);
    ASSERT_EQ(status.loses.size(), 1U) << name;
    EXPECT_EQ(status.loses[0].from, 2U);
    ASSERT_EQ(status.notes.size(), 1U) << name;
    EXPECT_TRUE(status.notes[0].starts_with("c: it diverged after 1 of view ")) << status.notes[0];
    EXPECT_NE(status.notes[0].find("up to 2, no client was answered for"), std::string::npos);
  }
  run();
  EXPECT_TRUE(c().member->ready());
  EXPECT_EQ(c().disk.events, (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(c().broker->confirmed_tokens().empty() && c().broker->dropped_tokens().empty())
      << "it may have happened: the step down says so";
}

TEST_F(SuspendedTest, WhatIsGivenUpMayBeMoreThanTheOthersCount) {
  give_c_a_tail();
  hub_.split_off({"c"});
  run();
  ASSERT_EQ(record_of(c()).floor, 2U);
  hub_.heal();
  run();
  EXPECT_TRUE(c().member->ready());
  EXPECT_EQ(c().disk.events, std::vector<std::string>{"one"});
  EXPECT_EQ(record_of(c()).ceiling, 1U);
}

TEST_F(SuspendedTest, AFormingClusterSaysThatItWaitsForAQuorum) {
  hub_.configure_votes(3);
  start(add("a"));
  run();
  EXPECT_EQ(status_of("a").phase, MemberPhase::waiting);
  EXPECT_EQ(status_of("a").text, "waiting: no quorum: 1 node is here");
  EXPECT_EQ(status_of("a").outcome, Outcome::wait);
  EXPECT_EQ(record_of(a()).state, StoreState::empty);
  start(add("b"));
  run();
  EXPECT_TRUE(a().member->ready());
}

TEST_F(SuspendedTest, APolicyThatNothingCanMeetIsNamed) {
  add("a").quorum = QuorumPolicy::required;
  add("b");
  start(a());
  start(all_["b"]);
  run();
  const Status status = status_of("b");
  EXPECT_EQ(status.text, "waiting: no quorum is configured, and the policy requires one");
  ASSERT_EQ(status.notes.size(), 1U);
  EXPECT_EQ(status.notes[0], "members differ in their quorum policy: \"required\" counts");
}

TEST_F(SuspendedTest, AJoinerThatIsNotAdmittedSaysWhy) {
  found({"a"});
  add("b").quorum = QuorumPolicy::required;
  start(all_["b"]);
  run();
  EXPECT_EQ(status_of("b").phase, MemberPhase::updating);
  EXPECT_EQ(status_of("b").text,
            "taking an update from a; no quorum is configured, and the policy requires one");
  EXPECT_TRUE(a().member->ready());
}

}  // namespace
}  // namespace storemark::test
