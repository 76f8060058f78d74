// SPDX-License-Identifier: Apache-2.0
// The journal's device fails in the middle of a member's life: the member ends there and says so,
// nothing that rests on the record that was not written is done, and the others go on.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/members.hpp"
#include "driver/no_writing.hpp"

namespace storemark::test {
namespace {

class JournalErrorTest : public MembersTest {
 protected:
  /// What there is, to this one, whose journal cannot be written.
  static void deliver_without_writing(One& one) {
    const NoWriting none;
    static_cast<void>(one.group->dispatch(*one.member, 100));
    one.member->settle();
  }
  /// All there is to all, in turns, until it has ended or nothing moves.
  void run_without_writing(One& failing) {
    for (int turn = 0; turn < 100 && !failing.member->stopped(); ++turn) {
      for (auto& [name, one] : all_) {
        if (&one == &failing || !one.member) continue;
        static_cast<void>(one.group->dispatch(*one.member, 100));
        one.member->settle();
      }
      deliver_without_writing(failing);
    }
  }
  /// It has ended because of its journal, which says what it said before; then it is gone.
  void expect_ended(One& one, StoreState state) {
    ASSERT_TRUE(one.member->stopped());
    ASSERT_TRUE(one.member->how().error);
    EXPECT_EQ(one.member->how().error->code, Errc::io_failed)
        << to_string(*one.member->how().error);
    EXPECT_FALSE(one.member->how().clean);
    kill(one);
    EXPECT_EQ(record_of(one).state, state);
    EXPECT_LE(record_of(one).floor, one.disk.sequence);
  }
  [[nodiscard]] static std::ptrdiff_t count(const One& one, const std::string& call) {
    return std::ranges::count(one.broker->calls(), call);
  }
};

TEST_F(JournalErrorTest, WhatCannotBeReservedIsNotApplied) {
  found({"a", "b"});
  One& b = all_["b"];
  publish(all_["a"], 1, "x");
  deliver_without_writing(b);
  EXPECT_EQ(count(b, "apply"), 0);
  expect_ended(b, StoreState::dirty);
  run();
  EXPECT_EQ(all_["a"].broker->confirmed_tokens().size(), 1U) << "alone, and it knows";
  EXPECT_TRUE(all_["a"].member->status().alone);
}

TEST_F(JournalErrorTest, AViewThatCannotBeRecordedIsNotLivedIn) {
  found({"a", "b", "c"});
  One& b = all_["b"];
  kill(all_["c"]);
  publish(all_["a"], 1, "of the view without c");
  deliver_without_writing(b);
  EXPECT_EQ(count(b, "apply"), 0);
  expect_ended(b, StoreState::dirty);
  EXPECT_EQ(record_of(b).view.members.size(), 3U);
}

TEST_F(JournalErrorTest, AShutdownThatCannotBeRecordedIsNotClean) {
  found({"a", "b"});
  One& b = all_["b"];
  publish(all_["a"], 1, "x");
  run();
  ASSERT_TRUE(all_["a"].member->shut_down());
  all_["a"].member->settle();
  deliver_without_writing(b);
  expect_ended(b, StoreState::dirty);
  run();
  EXPECT_TRUE(all_["a"].member->how().clean);
}

TEST_F(JournalErrorTest, AStoreThatCannotBeCalledUpdatingIsNotTouched) {
  found({"a", "b"});
  One& b = all_["b"];
  publish(all_["a"], 1, "x");
  run();
  kill(b);
  run();
  publish(all_["a"], 2, "y");
  run();
  start(b);
  run_without_writing(b);
  EXPECT_FALSE(b.member->next_task());
  EXPECT_EQ(count(b, "discard"), 0);
  EXPECT_EQ(b.disk.events, std::vector<std::string>{"x"});
  expect_ended(b, StoreState::dirty);
  run();
  EXPECT_EQ(exchange_.open(), 0U) << "the donor takes its ticket back";
}

TEST_F(JournalErrorTest, WhoCannotRecordThatItStepsDownKeepsItsStore) {
  found({"a", "b", "c"});
  One& c = all_["c"];
  publish(all_["a"], 1, "x");
  run();
  hub_.split_off({"c"});
  run();
  publish(all_["a"], 2, "y");
  run();
  hub_.heal();
  run_without_writing(c);
  EXPECT_FALSE(c.member->next_task());
  EXPECT_EQ(c.disk.events, std::vector<std::string>{"x"});
  expect_ended(c, StoreState::dirty);
  run();
  EXPECT_EQ(all_["a"].member->status().members.size(), 2U);
}

TEST_F(JournalErrorTest, WhoLeavesSaysThatItsSequenceIsNotRecorded) {
  found({"a", "b"});
  One& b = all_["b"];
  publish(all_["a"], 1, "x");
  run();
  {
    const NoWriting none;
    b.member->leave();
  }
  expect_ended(b, StoreState::dirty);
  EXPECT_EQ(b.disk.events.size(), 1U);
}

TEST_F(JournalErrorTest, NobodyIsActiveWhoseStoreIsNotCalledDirty) {
  One& a = add("a", 2);
  One& b = add("b", 2);
  start(a);
  start(b);
  run_without_writing(b);
  EXPECT_EQ(count(b, "activated"), 0);
  EXPECT_FALSE(a.member->ready());
  expect_ended(b, StoreState::empty);
}

}  // namespace
}  // namespace storemark::test
