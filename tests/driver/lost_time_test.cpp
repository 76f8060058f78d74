// SPDX-License-Identifier: Apache-2.0
// A member that did not run for a while, as after SIGSTOP, with a group that did not wait for it:
// it answers nobody and applies nothing as the member that it was, but by what the group tells it.
// With the local group, which waits, it is stopped_process_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/cluster.hpp"

namespace storemark::test {
namespace {

class LostTimeTest : public ClusterTest {
 protected:
  /// "c" stands still while it applies its first event; it was asked to publish one of its own, and
  /// was put out of the group, which went on.
  void stop_c() {
    found({"a", "b", "c"});
    c().broker->hold("apply");
    publish_and_wait(*nodes_["a"], 1, "one");
    ASSERT_TRUE(c().broker->until_called("apply"));
    publish(c(), 9, "of one that was out");
    hub_.split_off({"c"});
    publish_and_wait(*nodes_["a"], 2, "two");
    ASSERT_TRUE(nodes_["b"]->broker->until_applied(2));
  }
  Node& c() { return *nodes_["c"]; }
};

TEST_F(LostTimeTest, ItAnswersAloneOnlyAfterItsBrokerWasToldThatItIs) {
  stop_c();
  std::atomic<bool> answered = false;
  std::atomic<bool> knew = false;
  c().broker->set_during([&](const std::string& call) {
    if (call != "confirmed") return;
    knew = c().broker->last_status().alone;
    answered = true;
  });
  c().broker->let_go();
  ASSERT_TRUE(c().broker->until([&] { return answered.load(); }));
  EXPECT_TRUE(knew);
  EXPECT_EQ(nodes_["a"]->broker->events(), (std::vector<std::string>{"one", "two"}));
  // What was answered so is not lost in silence.
  hub_.heal();
  const Stopped how = end_of(c());
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::member_refused) << to_string(*how.error);
  EXPECT_EQ(c().disk.events, (std::vector<std::string>{"one", "of one that was out"}));
}

TEST_F(LostTimeTest, WhereTheOthersAreBackAlreadyItIsAJoinerAndAnswersNobody) {
  stop_c();
  hub_.heal();
  // What they say of themselves stands before what it publishes then.
  ASSERT_TRUE(nodes_["a"]->broker->until([&] { return hub_.heard_of("c") == 2; }));
  c().broker->let_go();
  ASSERT_TRUE(c().broker->until_called("stepped_down"));
  ASSERT_TRUE(
      c().broker->until([&] { return std::ranges::count(c().broker->calls(), "activated") == 2; }));
  ASSERT_TRUE(c().broker->until_ready() && all_have(2));
  publish_and_wait(c(), 10, "three");
  EXPECT_TRUE(all_have(3));
  EXPECT_FALSE(c().broker->confirmed_tokens().contains(9));
  EXPECT_EQ(std::ranges::count(c().broker->calls(), "stepped_down"), 1);
}

}  // namespace
}  // namespace storemark::test
