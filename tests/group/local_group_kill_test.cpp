// SPDX-License-Identifier: Apache-2.0
// Processes of a group that are killed under load, the hub's most of all: what the survivors saw is
// the same, and what the dead saw is the beginning of it. STOREMARK_ROUNDS says how often.
#include <poll.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <set>

#include "group/nodes.hpp"
#include "process/child.hpp"
#include "process/rounds.hpp"

namespace storemark::local_group {
namespace {

using real::Child;
using real::Report;
using real::Reporter;

// What a child reports: each item's digest, in order; that it is in; that it is done.
constexpr std::uint64_t saw = 1;
constexpr std::uint64_t nodes_now = 2;
constexpr std::uint64_t own_came = 3;

std::uint64_t digest(const std::string& text) { return XXH3_64bits(text.data(), text.size()); }

class Reporting : public GroupListener {
 public:
  Reporting(const Reporter& report, GroupNode self) : report_(report), self_(self) {}
  void view_changed(const GroupView& view) override {
    report_(saw, digest(to_string(view.id)));
    report_(nodes_now, view.nodes.size());
  }
  void delivered(GroupNode from, std::span<const std::uint8_t> message) override {
    const std::string text(message.begin(), message.end());
    report_(saw, digest(std::to_string(from.value) + text));
    if (from == self_) report_(own_came, ++own);
    stop = stop || text == "stop";
  }
  std::uint64_t own = 0;
  bool stop = false;

 private:
  const Reporter& report_;
  const GroupNode self_;
};

void dispatch(Group& group, Reporting& listener) {
  pollfd one{group.descriptor(), POLLIN, 0};
  ::poll(&one, 1, 60'000);
  must(group.dispatch(listener, 100));
}

/// Sends without a pause and reports what it sees, until somebody says stop.
int run_sender(const LocalGroupOptions& options, const Reporter& report) {
  const auto group = must(join_local_group(options, 60'000));
  Reporting listener(report, group->self());
  std::uint64_t sent = 0;
  while (!listener.stop) {
    const std::string text = std::to_string(sent) + std::string(sent % 3000, '.');
    const bool room = sent < listener.own + 50 && must(group->multicast(bytes_of(text)));
    if (room) ++sent;
    if (!room || sent % 10 == 0) dispatch(*group, listener);
  }
  // All that was sent before came back, once each: none is missing.
  while (listener.own < sent) dispatch(*group, listener);
  return listener.own == sent ? 0 : 1;
}

std::vector<std::uint64_t> seen_by(const Child& child) {
  std::vector<std::uint64_t> out;
  for (const Report& report : child.reports()) {
    if (report.what == saw) out.push_back(report.number);
  }
  return out;
}

/// For EXPECT_TRUE: from where the later began, one is the beginning of the other. An elder that
/// was killed may have seen nothing of the later's time.
testing::AssertionResult one_order(const std::vector<std::uint64_t>& a,
                                   const std::vector<std::uint64_t>& b, bool lived) {
  if (a.empty() || b.empty()) return testing::AssertionSuccess();
  auto from_a = std::ranges::find(a, b.front());
  auto from_b = b.begin();
  if (from_a == a.end()) {
    from_a = a.begin();
    from_b = std::ranges::find(b, a.front());
    if (from_b == b.end() && lived) return testing::AssertionFailure() << "nothing in common";
  }
  const auto differ = std::mismatch(from_a, a.end(), from_b, b.end());
  if (differ.first == a.end() || differ.second == b.end()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "they differ after " << differ.first - from_a;
}

class KillTest : public GroupTest {
 protected:
  [[nodiscard]] std::unique_ptr<Child> sender() const {
    return std::make_unique<Child>(
        [options = options()](const Reporter& report) { return run_sender(options, report); });
  }
  /// Waits until it has reported so many more items.
  static bool sees(Child& child, std::size_t items) {
    while (items > 0) {
      const auto report = child.next();
      if (!report) return false;
      if (report->what == saw) --items;
    }
    return true;
  }
  void kill_hub_after_hub(real::Luck& luck);
  void kill(Child& child) {
    child.kill();
    killed_.insert(&child);
  }
  void expect_one_order(const std::vector<std::unique_ptr<Child>>& children) const {
    for (const auto& a : children) {
      for (const auto& b : children) {
        const bool lived = !killed_.contains(a.get()) && !killed_.contains(b.get());
        EXPECT_TRUE(one_order(seen_by(*a), seen_by(*b), lived));
      }
    }
  }

 private:
  std::set<const Child*> killed_;
};

/// One after the other leads, and is killed.
void KillTest::kill_hub_after_hub(real::Luck& luck) {
  std::vector<std::unique_ptr<Child>> children;
  const auto watcher_sees = [&](std::size_t i, std::size_t items) {
    return sees(*children[i], items);
  };
  // One after the other, so that it is known who leads: the eldest, then whoever was quickest.
  for (int i = 0; i < 6; ++i) {
    children.push_back(sender());
    ASSERT_TRUE(watcher_sees(static_cast<std::size_t>(i), 1));
  }
  const std::size_t rounds = children.size() - 2;
  for (std::size_t round = 0; round < rounds; ++round) {
    ASSERT_TRUE(watcher_sees(round + 1, 1 + luck.below(500)));
    kill(*children[round]);
  }
  const auto last = join();
  ASSERT_TRUE(last->until_nodes(3));
  last->send("stop");
  for (std::size_t i = rounds; i < children.size(); ++i) EXPECT_TRUE(children[i]->wait().well());
  expect_one_order(children);
}

TEST_F(KillTest, TheHubIsKilledUnderLoadAgainAndAgain) {
  real::Luck luck;
  for (unsigned i = 0; i < real::rounds(20); ++i) {
    kill_hub_after_hub(luck);
    if (HasFailure()) FAIL() << luck.how_to_replay();
  }
}

TEST_F(KillTest, HalfOfThemAtOnceTheHubAmongThem) {
  std::vector<std::unique_ptr<Child>> children;
  for (int i = 0; i < 8; ++i) children.push_back(sender());
  for (auto& child : children) ASSERT_TRUE(sees(*child, 300));
  for (std::size_t i = 0; i < 8; i += 2) kill(*children[i]);
  const auto last = join();
  ASSERT_TRUE(last->until_nodes(5));
  last->send("stop");
  for (std::size_t i = 1; i < 8; i += 2) EXPECT_TRUE(children[i]->wait().well());
  expect_one_order(children);
}

TEST_F(KillTest, OneThatDidNotTakeHasStillAllThatTheDeadHubSent) {
  const auto hub = sender();
  ASSERT_TRUE(sees(*hub, 1));
  const auto taker = join();
  auto small = options();
  small.queue_bytes = 50'000;
  Node idle(small);
  ASSERT_TRUE(taker->until_nodes(3));
  // Until its queue and its socket are full, and hold everyone back.
  const auto comes = [&] {
    pollfd one{taker->group->descriptor(), POLLIN, 0};
    return ::poll(&one, 1, 300) == 1;
  };
  while (comes()) ASSERT_TRUE(taker->take());
  kill(*hub);
  ASSERT_TRUE(taker->until_nodes(2));
  ASSERT_TRUE(idle.until_nodes(2));
  EXPECT_TRUE(agree(taker->seen, idle.seen));
}

TEST_F(KillTest, AllButOneAndItGoesOnAlone) {
  const auto survivor = join();
  std::vector<std::unique_ptr<Child>> children;
  for (int i = 0; i < 4; ++i) children.push_back(sender());
  ASSERT_TRUE(survivor->until_messages(500));
  for (auto& child : children) kill(*child);
  ASSERT_TRUE(survivor->until_nodes(1));
  survivor->send("alone");
  ASSERT_TRUE(survivor->until([&] { return survivor->seen.messages.back() == "alone"; }));
  expect_one_order(children);
}

TEST_F(KillTest, ManyRaceForTheDeadHubsPlaceAndForAPlaceBesideIt) {
  Child hub([options = options()](const Reporter& report) {
    const Node node(options);
    report(saw, 1);
    ::pause();
    return 0;
  });
  ASSERT_TRUE(hub.next());
  std::vector<std::unique_ptr<Node>> survivors;
  for (int i = 0; i < 6; ++i) survivors.push_back(join());
  hub.kill();
  std::vector<std::unique_ptr<Node>> joiners;
  for (int i = 0; i < 6; ++i) joiners.push_back(join());
  for (auto& node : survivors) ASSERT_TRUE(node->until_nodes(12));
  for (auto& node : joiners) ASSERT_TRUE(node->until_nodes(12));
  for (auto& node : survivors) EXPECT_TRUE(agree(survivors.front()->seen, node->seen));
  for (auto& node : joiners) EXPECT_TRUE(agree(survivors.front()->seen, node->seen));
}

}  // namespace
}  // namespace storemark::local_group
