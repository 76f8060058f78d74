// SPDX-License-Identifier: Apache-2.0
// The group of the tests keeps what group.hpp promises.
#include "support/loopback_group.hpp"

#include <gtest/gtest.h>

namespace storemark::test {
namespace {

/// What one node was given, in words: views as "[names]", messages as "node:text".
struct Seen final : GroupListener {
  void view_changed(const GroupView& view) override {
    std::string names;
    for (const auto& name : view.names) names += name;
    all.push_back('[' + names + ']');
    ids.push_back(view.id);
  }
  void delivered(GroupNode from, std::span<const std::uint8_t> message) override {
    all.push_back(std::to_string(from.value) + ':' + std::string(message.begin(), message.end()));
  }
  std::vector<std::string> all;
  std::vector<Uuid> ids;
};

std::vector<std::string> dispatched(Group& group, Seen& seen) {
  seen.all.clear();
  EXPECT_TRUE(group.dispatch(seen, 100));
  return seen.all;
}
bool send(Group& group, std::string_view text) {
  const auto sent =
      group.multicast({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return sent && *sent;
}

using Words = std::vector<std::string>;

TEST(LoopbackGroup, GivesAllTheSameInOneOrder) {
  LoopbackHub hub;
  const auto a = hub.join("a");
  const auto b = hub.join("b");
  EXPECT_TRUE(send(*a, "x") && send(*b, "y") && send(*a, "z"));
  Seen at_a;
  Seen at_b;
  EXPECT_EQ(dispatched(*a, at_a), (Words{"[a]", "[ab]", "1:x", "2:y", "1:z"}));
  EXPECT_EQ(dispatched(*b, at_b), (Words{"[ab]", "1:x", "2:y", "1:z"}));
  EXPECT_EQ(at_a.ids.back(), at_b.ids.back());
  EXPECT_TRUE(b->leave(0));
  EXPECT_EQ(dispatched(*a, at_a), (Words{"[a]"}));
  EXPECT_EQ(b->dispatch(at_b, 1).error().code, Errc::group_lost);
}

TEST(LoopbackGroup, LosesAndSplitsAndHeals) {
  LoopbackHub hub;
  const auto a = hub.join("a");
  const auto b = hub.join("b");
  const auto c = hub.join("c");
  Seen at_a;
  Seen at_b;
  Seen at_c;
  for (const auto& [group, seen] : {std::pair{&a, &at_a}, {&b, &at_b}, {&c, &at_c}}) {
    static_cast<void>(dispatched(**group, *seen));
  }
  hub.split_off({"c"});
  EXPECT_TRUE(send(*a, "x") && send(*c, "y"));
  EXPECT_EQ(dispatched(*a, at_a), (Words{"[ab]", "1:x"}));
  EXPECT_EQ(dispatched(*c, at_c), (Words{"[c]", "3:y"}));
  hub.heal();
  EXPECT_EQ(dispatched(*c, at_c), (Words{"[abc]"}));
  hub.lose("b");
  EXPECT_FALSE(send(*b, "z"));
  EXPECT_EQ(dispatched(*a, at_a), (Words{"[abc]", "[ac]"}));
}

TEST(LoopbackGroup, HasBoundedQueues) {
  LoopbackHub hub(3);
  const auto a = hub.join("a");
  EXPECT_TRUE(send(*a, "123"));
  EXPECT_FALSE(send(*a, "4"));
  Seen seen;
  EXPECT_EQ(dispatched(*a, seen), (Words{"[a]", "1:123"}));
  EXPECT_TRUE(send(*a, "4"));
}

}  // namespace
}  // namespace storemark::test
