// SPDX-License-Identifier: Apache-2.0
// Drivers that lose their quorum and get it back: what callers are told of what they published.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/cluster.hpp"

namespace storemark::test {
namespace {

using real::fails;
using real::ok;

class QuorumTest : public ClusterTest {
 protected:
  void found_three() {
    hub_.configure_votes(3);
    found({"a", "b", "c"});
    publish_and_wait(a(), 1, "one");
    ASSERT_TRUE(all_have(1));
  }
  [[nodiscard]] static bool until_suspended(const Node& node) {
    return node.broker->until(
        [&] { return node.broker->last_status().phase == MemberPhase::suspended; });
  }
  [[nodiscard]] static std::ptrdiff_t count(const Node& node, const std::string& call) {
    return std::ranges::count(node.broker->calls(), call);
  }
  Node& a() { return *nodes_["a"]; }
  Node& c() { return *nodes_["c"]; }
};

TEST_F(QuorumTest, EachEventThatWasTakenAndNotSentIsGivenBack) {
  found_three();
  hub_.hold();
  // The first batch is taken and cannot be sent; the rest waits.
  std::set<std::uint64_t> published;
  for (std::uint64_t token = 10; token < 1000; ++token) {
    publish(c(), token, "dropped");
    published.insert(token);
  }
  ASSERT_TRUE(ok(c().driver->shut_down()));
  hub_.split_off({"c"});
  hub_.let_go();
  ASSERT_TRUE(until_suspended(c()));
  ASSERT_TRUE(c().broker->until([&] { return c().broker->dropped_tokens() == published; }));
  EXPECT_TRUE(fails(c().driver->publish(bytes_of("late"), 9), Errc::not_active));
  EXPECT_TRUE(fails(c().driver->shut_down(), Errc::not_active));
  EXPECT_TRUE(c().broker->confirmed_tokens().empty());
  EXPECT_EQ(count(c(), "stepped_down"), 0);
  EXPECT_EQ(c().driver->status().notes.size(), 1U) << "the shutdown";
}

TEST_F(QuorumTest, WhoWasSuspendedAndStepsDownHearsOfItOnce) {
  found_three();
  hub_.split_off({"c"});
  ASSERT_TRUE(until_suspended(c()));
  publish_and_wait(a(), 2, "two");
  hub_.heal();
  ASSERT_TRUE(c().broker->until([&] { return count(c(), "activated") == 2; }));
  ASSERT_TRUE(c().broker->until_ready() && all_have(2));
  EXPECT_EQ(count(c(), "stepped_down"), 1);
  publish_and_wait(c(), 7, "three");
  EXPECT_TRUE(all_have(3));
}

TEST_F(QuorumTest, WhoIsSuspendedAndResumesOwesNothing) {
  found_three();
  nodes_["b"]->driver->leave();
  EXPECT_FALSE(end_of(*nodes_["b"]).error);
  c().driver->leave();
  EXPECT_FALSE(end_of(c()).error);
  ASSERT_TRUE(until_suspended(a()));
  start(c());
  ASSERT_TRUE(a().broker->until_ready() && c().broker->until_ready());
  EXPECT_EQ(count(a(), "stepped_down"), 0);
  EXPECT_EQ(count(a(), "activated"), 1);
  publish_and_wait(a(), 2, "two");
}

TEST_F(QuorumTest, OneThatIsSuspendedSaysSoOnceASecond) {
  found_three();
  hub_.split_off({"c"});
  ASSERT_TRUE(until_suspended(c()));
  const std::size_t before = c().broker->statuses().size();
  hour_ = hour_.load() + std::chrono::seconds(1);
  EXPECT_TRUE(c().broker->until([&] { return c().broker->statuses().size() > before; }));
}

TEST_F(QuorumTest, ItWaitsAsLongAsTheTimeLimitSays) {
  hub_.configure_votes(3);
  for (const char* name : {"a", "b", "c"}) {
    node(name, 3).options.time_limit = std::chrono::minutes(5);
  }
  start_all();
  ASSERT_TRUE(all_ready());
  hub_.split_off({"c"});
  ASSERT_TRUE(until_suspended(c()));
  hour_ = hour_.load() + std::chrono::minutes(5);
  const Stopped how = end_of(c());
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::cancelled);
  EXPECT_NE(how.error->why.find("no quorum: 1 node is here"), std::string::npos) << how.error->why;
}

}  // namespace
}  // namespace storemark::test
