// SPDX-License-Identifier: Apache-2.0
// The simulated network keeps what group.hpp promises, whatever the schedule.
#include "simulator/sim_group.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

namespace storemark::simulator {
namespace {

/// Writes down what it is handed.
struct Listener final : GroupListener {
  struct Heard {
    std::optional<GroupView> view;
    GroupNode from;
    std::uint8_t text = 0;
  };
  std::vector<Heard> heard;
  void view_changed(const GroupView& view) override { heard.push_back({view, {}, 0}); }
  void delivered(GroupNode from, std::span<const std::uint8_t> message) override {
    heard.push_back({std::nullopt, from, message.front()});
  }
};

struct Place {
  std::unique_ptr<Group> group;
  Listener listener;
  std::uint8_t sent = 0;
  bool gone = false;

  bool send() {
    const std::array<std::uint8_t, 1> text{static_cast<std::uint8_t>(sent + 1)};
    const auto taken = group->multicast(text);
    if (taken && *taken) ++sent;
    return taken.value_or(false);
  }
  void take(std::size_t limit = 1000) {
    ASSERT_TRUE(group->dispatch(listener, limit)) << "the connection was lost";
  }
};

class Groups {
 public:
  explicit Groups(std::uint64_t seed, std::size_t hosts)
      : random(seed), network(random, hosts, {}) {
    for (std::size_t host = 0; host < hosts; ++host) join(host);
  }
  Place& join(std::size_t host) {
    places.push_back(std::make_unique<Place>());
    Place& place = *places.back();
    place.group = network.join(host, [&place] { return place.gone; });
    return place;
  }
  void order_all() {
    while (network.order_one()) {
    }
  }
  Random random;
  Network network;
  std::vector<std::unique_ptr<Place>> places;
};

std::size_t messages_of(const Listener& listener) {
  return static_cast<std::size_t>(
      std::ranges::count_if(listener.heard, [](const auto& one) { return !one.view; }));
}

TEST(SimGroup, all_hear_the_same_in_one_order) {
  Groups groups(1, 3);
  for (int i = 0; i < 5; ++i) {
    for (auto& place : groups.places) EXPECT_TRUE(place->send());
  }
  groups.order_all();
  for (auto& place : groups.places) place->take();
  const auto& last = groups.places.back()->listener.heard;
  for (auto& place : groups.places) {
    const auto& heard = place->listener.heard;
    ASSERT_TRUE(heard.front().view);
    EXPECT_EQ(messages_of(place->listener), 15U);
    for (std::size_t i = 1; i <= 15; ++i) {
      EXPECT_EQ(heard[heard.size() - i].text, last[last.size() - i].text);
      EXPECT_EQ(heard[heard.size() - i].from, last[last.size() - i].from);
    }
  }
}

TEST(SimGroup, the_first_view_names_the_node_itself) {
  Groups groups(2, 2);
  Place& late = groups.join(1);
  late.take();
  const GroupView& view = *late.listener.heard.front().view;
  EXPECT_TRUE(std::ranges::count(view.nodes, late.group->self()));
  EXPECT_EQ(view.nodes.size(), 3U);
}

TEST(SimGroup, a_full_queue_takes_nothing) {
  Random random(3);
  Network network(random, 1, {.inbox = 4, .outbox = 2});
  Place place;
  place.group = network.join(0, [] { return false; });
  EXPECT_TRUE(place.send() && place.send());
  EXPECT_FALSE(place.send());
  EXPECT_TRUE(network.order_one());
  EXPECT_TRUE(place.send());
  EXPECT_TRUE(network.order_one() && network.order_one());
  EXPECT_TRUE(place.send());
  EXPECT_FALSE(network.order_one()) << "its node is four items behind";
  place.take();
  EXPECT_TRUE(network.order_one());
}

TEST(SimGroup, who_leaves_is_heard_to_the_end) {
  Groups groups(4, 2);
  Place& other = *groups.places[0];
  Place& leaver = *groups.places[1];
  EXPECT_TRUE(leaver.send() && leaver.send());
  EXPECT_TRUE(leaver.group->leave(0));
  other.take();
  EXPECT_EQ(messages_of(other.listener), 2U);
  EXPECT_EQ(other.listener.heard.back().view->nodes.size(), 1U);
}

TEST(SimGroup, the_dead_say_nothing_more) {
  Groups groups(5, 2);
  Place& dead = *groups.places[1];
  dead.gone = true;
  EXPECT_FALSE(dead.send());
  dead.group.reset();
  EXPECT_TRUE(groups.network.notice_death());
  EXPECT_FALSE(groups.network.notice_death());
  groups.places[0]->take();
  EXPECT_EQ(groups.places[0]->listener.heard.back().view->nodes.size(), 1U);
}

TEST(SimGroup, a_lost_connection_is_said_to_both_ends) {
  Groups groups(6, 2);
  EXPECT_TRUE(groups.network.disconnect(1));
  EXPECT_TRUE(groups.network.has_mail(1));
  EXPECT_FALSE(groups.places[1]->group->dispatch(groups.places[1]->listener, 1));
  EXPECT_TRUE(groups.network.notice_death());
  groups.places[0]->take();
  EXPECT_EQ(groups.places[0]->listener.heard.back().view->nodes.size(), 1U);
}

/// What each node heard in a view, by the view.
using ByView = std::map<Uuid, std::map<GroupNode, std::vector<std::pair<GroupNode, int>>>>;

void check(const Groups& groups) {
  ByView by_view;
  std::map<Uuid, std::map<GroupNode, Uuid>> next;
  for (const auto& place : groups.places) {
    const GroupNode self = place->group->self();
    std::optional<GroupView> view;
    std::map<GroupNode, int> newest;
    std::set<Uuid> seen;
    for (const auto& one : place->listener.heard) {
      if (one.view) {
        EXPECT_TRUE(seen.insert(one.view->id).second) << "one view twice";
        if (view) next[view->id][self] = one.view->id;
        view = one.view;
        by_view[view->id][self];
        continue;
      }
      ASSERT_TRUE(view);
      EXPECT_TRUE(std::ranges::count(view->nodes, one.from)) << "a message of a stranger";
      EXPECT_GT(one.text, newest[one.from]) << "out of the order in which it was sent, or twice";
      newest[one.from] = one.text;
      by_view[view->id][self].emplace_back(one.from, one.text);
    }
  }
  // Who went on together from a view has heard the same in it, who parted the beginning of it.
  for (const auto& [view, nodes] : by_view) {
    for (const auto& [a, heard_a] : nodes) {
      for (const auto& [b, heard_b] : nodes) {
        const auto to_a = next[view].find(a);
        const auto to_b = next[view].find(b);
        const bool together =
            to_a != next[view].end() && to_b != next[view].end() && to_a->second == to_b->second;
        if (together) {
          EXPECT_EQ(heard_a, heard_b);
          continue;
        }
        const auto shorter = std::min(heard_a.size(), heard_b.size());
        EXPECT_TRUE(std::equal(heard_a.begin(), heard_a.begin() + static_cast<long>(shorter),
                               heard_b.begin()))
            << "one is not the beginning of the other";
      }
    }
  }
}

TEST(SimGroup, order_holds_over_partitions_deaths_and_merges) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Groups groups(seed, 5);
    for (int step = 0; step < 300; ++step) {
      Place& place = *groups.random.pick(groups.places);
      if (groups.random.one_in(2) && !place.gone && place.sent < 250) {
        static_cast<void>(place.send());
      }
      static_cast<void>(groups.network.order_one());
      if (!place.gone) place.take(groups.random.below(4));
      if (groups.random.one_in(50)) static_cast<void>(groups.network.partition());
      if (groups.random.one_in(50)) static_cast<void>(groups.network.heal(groups.random.one_in(2)));
      if (groups.random.one_in(150)) place.gone = true;
    }
    groups.order_all();
    static_cast<void>(groups.network.heal(true));
    groups.order_all();
    for (auto& place : groups.places) {
      if (!place->gone) place->take();
    }
    check(groups);
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace storemark::simulator
