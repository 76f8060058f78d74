// SPDX-License-Identifier: Apache-2.0
// The group's contract, with nodes in one process.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <thread>

#include "group/nodes.hpp"

namespace storemark::local_group {
namespace {

using LocalGroupTest = GroupTest;

bool is_readable(const Group& group) {
  pollfd one{group.descriptor(), POLLIN, 0};
  return ::poll(&one, 1, 0) == 1;
}

TEST_F(LocalGroupTest, TheFirstIsInAViewOfItsOwn) {
  const auto node = join("broker");
  ASSERT_TRUE(node->until_nodes(1));
  const GroupView& view = node->seen.views.front();
  EXPECT_FALSE(view.id.is_nil());
  EXPECT_EQ(view.nodes, std::vector{node->group->self()});
  EXPECT_EQ(view.names, std::vector{"broker (pid " + std::to_string(::getpid()) + ")"});
  EXPECT_GE(node->group->max_message(), (std::size_t{1} << 20) + (std::size_t{64} << 10));
}

TEST_F(LocalGroupTest, WithoutANameTheProcessIsTheName) {
  const auto node = join();
  ASSERT_TRUE(node->until_nodes(1));
  EXPECT_EQ(node->seen.views.front().names.front(), "pid " + std::to_string(::getpid()));
}

TEST_F(LocalGroupTest, ANameWithLineBreaksDoesNotBreakALog) {
  const auto node = join("a\nb");
  ASSERT_TRUE(node->until_nodes(1));
  EXPECT_TRUE(node->seen.views.front().names.front().starts_with("a?b (pid "));
}

TEST_F(LocalGroupTest, WhoComesAndGoesIsSeenByAllAlike) {
  const auto a = join();
  auto b = join();
  ASSERT_TRUE(a->until_nodes(2));
  ASSERT_TRUE(b->until_nodes(2));
  EXPECT_EQ(a->seen.views.back().id, b->seen.views.back().id);
  EXPECT_EQ(a->seen.views.back().nodes, b->seen.views.back().nodes);
  EXPECT_TRUE(std::ranges::is_sorted(a->seen.views.back().nodes));
  EXPECT_EQ(b->seen.views.size(), 1U) << "its first view has itself in it";
  EXPECT_TRUE(ok(b->group->leave(60'000)));
  ASSERT_TRUE(a->until_nodes(1));
  const auto gone = b->group->self();
  b = join();
  ASSERT_TRUE(a->until_nodes(2));
  EXPECT_NE(b->group->self(), gone) << "who comes again is another";
  std::set<Uuid> ids;
  for (const GroupView& view : a->seen.views) EXPECT_TRUE(ids.insert(view.id).second);
}

TEST_F(LocalGroupTest, OneThatIsThrownAwayIsSeenToDie) {
  const auto a = join();
  join().reset();
  EXPECT_TRUE(a->until([&] { return a->seen.views.size() == 3; }));
  EXPECT_EQ(a->seen.views.back().nodes.size(), 1U);
}

TEST_F(LocalGroupTest, ManySendersAreSeenInOneOrder) {
  constexpr std::size_t count = 5;
  constexpr std::size_t each = 2000;
  std::vector<std::unique_ptr<Node>> nodes;
  for (std::size_t i = 0; i < count; ++i) nodes.push_back(join());
  std::vector<std::thread> threads;
  for (auto& node : nodes) {
    threads.emplace_back([&node] {
      for (std::size_t i = 0; i < each; ++i) node->send(std::to_string(i));
      node->until_messages(count * each);
    });
  }
  for (auto& thread : threads) thread.join();
  for (auto& node : nodes) {
    EXPECT_EQ(node->seen.messages.size(), count * each);
    EXPECT_TRUE(agree(nodes.front()->seen, node->seen));
  }
}

TEST_F(LocalGroupTest, TheLongestMessageArrivesAndALongerOneIsRefused) {
  const auto a = join();
  const auto b = join();
  const std::string longest(a->group->max_message(), 'x');
  a->send(longest);
  a->send("");
  ASSERT_TRUE(b->until_messages(2));
  EXPECT_TRUE(b->seen.messages[0] == longest);
  EXPECT_EQ(b->seen.messages[1], "");
  EXPECT_TRUE(fails(a->group->multicast(bytes_of(longest + "x")), Errc::message_too_long));
}

TEST_F(LocalGroupTest, WhatWasQueuedBeforeLeavingArrives) {
  const auto a = join();
  const auto b = join();
  constexpr std::size_t count = 5000;
  const std::string text(1000, 'q');
  for (std::size_t i = 0; i < count; ++i) b->send(text);
  EXPECT_TRUE(ok(b->group->leave(60'000)));
  ASSERT_TRUE(a->until_nodes(1));
  EXPECT_EQ(a->seen.messages.size(), count);
  EXPECT_TRUE(fails(b->group->leave(1000), Errc::group_lost));
  EXPECT_TRUE(fails(b->group->multicast(bytes_of("late")), Errc::group_lost));
}

TEST_F(LocalGroupTest, TheHubLeavesAndAnotherLeads) {
  auto a = join();
  const auto b = join();
  const auto c = join();
  a->send("1");
  b->send("2");
  EXPECT_TRUE(ok(a->group->leave(60'000)));
  b->send("3");
  c->send("4");
  ASSERT_TRUE(b->until_nodes(2));
  ASSERT_TRUE(b->until_messages(4));
  ASSERT_TRUE(c->until_messages(4));
  EXPECT_TRUE(agree(b->seen, c->seen));
}

TEST_F(LocalGroupTest, OnceAllHaveGoneANewGroupBegins) {
  auto a = join();
  ASSERT_TRUE(a->until_nodes(1));
  const Uuid before = a->seen.views.back().id;
  a.reset();
  a = join();
  ASSERT_TRUE(a->until_nodes(1));
  EXPECT_NE(a->seen.views.back().id, before);
}

TEST_F(LocalGroupTest, ADescriptorIsReadableOnlyWhenThereIsSomethingToDo) {
  const auto a = join();
  ASSERT_TRUE(a->until_nodes(1));
  EXPECT_FALSE(is_readable(*a->group));
  a->send("x");
  a->send("y");
  ASSERT_TRUE(a->until_messages(2));
  EXPECT_FALSE(is_readable(*a->group));
}

TEST_F(LocalGroupTest, NoMoreIsHandedOutThanAskedFor) {
  const auto a = join();
  for (int i = 0; i < 10; ++i) a->send("x");
  while (a->seen.all.size() < 11) {
    const std::size_t before = a->seen.all.size();
    EXPECT_EQ(must(a->group->dispatch(a->seen, 0)), 0U);
    EXPECT_LE(must(a->group->dispatch(a->seen, 1)), 1U);
    EXPECT_LE(a->seen.all.size(), before + 1);
  }
}

TEST_F(LocalGroupTest, AFullQueueSaysSoAndThenThatThereIsRoom) {
  auto small = options();
  small.queue_bytes = 10'000;
  Node a(small);
  const std::string text(1000, 'x');
  std::size_t sent = 0;
  while (must(a.group->multicast(bytes_of(text)))) {
    ++sent;
    ASSERT_LT(sent, 100'000U) << "a queue without a bound";
  }
  ASSERT_TRUE(a.take()) << "the descriptor says when there is room";
  a.send(text);
  EXPECT_TRUE(a.until_messages(sent + 1));
}

TEST_F(LocalGroupTest, OneThatDoesNotTakeHoldsBackAllAndNothingIsLost) {
  auto small = options();
  small.queue_bytes = 100'000;
  Node a(small);
  Node idle(small);
  const std::string text(1000, 'x');
  // As much as the queues, the hub's window and the sockets hold; far less than would be sent.
  constexpr std::size_t bound = 16'000;
  std::size_t sent = 0;
  const auto sends = [&] {
    while (must(a.group->multicast(bytes_of(text)))) ++sent;
  };
  const auto quiet = [&] {
    pollfd one{a.group->descriptor(), POLLIN, 0};
    return ::poll(&one, 1, 300) == 0;
  };
  for (sends(); !quiet() && sent < 2 * bound; sends()) ASSERT_TRUE(a.take());
  EXPECT_LT(sent, bound) << "memory grows";
  ASSERT_TRUE(idle.until_messages(1));
  std::thread taker([&] { EXPECT_TRUE(idle.until_messages(sent + 1)); });
  a.send(text);
  EXPECT_TRUE(a.until_messages(sent + 1));
  taker.join();
}

TEST_F(LocalGroupTest, WrongOptionsAreRefused) {
  auto wrong = options(std::string(65, 'n'));
  EXPECT_TRUE(fails(join_local_group(wrong), Errc::invalid_argument));
  wrong = options();
  wrong.queue_bytes = 0;
  EXPECT_TRUE(fails(join_local_group(wrong), Errc::invalid_argument));
  wrong = options();
  wrong.directory.clear();
  EXPECT_TRUE(fails(join_local_group(wrong), Errc::invalid_argument));
}

}  // namespace
}  // namespace storemark::local_group
