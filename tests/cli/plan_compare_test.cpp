// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_compare.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

Plan planned(std::vector<Store> stores) {
  auto out = plan(survey(std::move(stores)), {});
  EXPECT_TRUE(out);
  return std::move(*out);
}

std::string lacks(const Store& chosen, const Store& other) {
  const Plan plan = planned({chosen, other});
  return beyond_all(plan, holders(plan), 0);
}

Store half(Store store, std::uint8_t before, std::uint8_t view) {
  return with(std::move(store), [&](Record& r) {
    r.history = {{ViewId{id(before)}, 0, 2}, {ViewId{id(view)}, 5, 1}};
  });
}

TEST(PlanCompare, WhoHoldsAll) {
  const Plan one = planned({dirty("a", 5), dirty("b", 7), store("c", StoreState::updating, 9, 9)});
  EXPECT_EQ(holders(one).size(), 2U);
  EXPECT_EQ(proven_latest(one, holders(one)), std::optional<std::size_t>(1));
  Plan equal = planned({dirty("a", 7), dirty("b", 7)});
  for (const char* first : {"a", "b"}) {
    equal.ranked_first = first;
    EXPECT_EQ(equal.scenario.names[*proven_latest(equal, holders(equal))], first);
  }
  const Plan unsure = planned({dirty("a", 5), store("b", StoreState::dirty, 4, 7)});
  EXPECT_FALSE(proven_latest(unsure, holders(unsure)));
  EXPECT_EQ(highest(unsure, holders(unsure)), 0U);
}

TEST(PlanCompare, WhatOneLacksOfAnother) {
  EXPECT_EQ(lacks(dirty("a", 9), dirty("b", 7)), "");
  EXPECT_EQ(lacks(dirty("a", 7), dirty("b", 9)), "up to 2 events of b");
  EXPECT_EQ(lacks(half(dirty("a", 9), 1, 2), half(dirty("b", 9), 1, 3)),
            "what b holds after 5, where the two parted (view 01000000)");
  EXPECT_EQ(lacks(half(dirty("a", 9), 1, 2), half(store("b", StoreState::dirty, 5, 9), 1, 3)),
            "what b may hold after 5, where the two parted (view 01000000)");
  EXPECT_EQ(lacks(half(dirty("a", 9), 1, 2), half(dirty("b", 9), 4, 3)),
            "what b holds (no view in common)");
}

TEST(PlanCompare, AFewAreNamed) {
  EXPECT_EQ(some_of({"a", "b", "c", "d"}), "a, b, c and d");
  EXPECT_EQ(some_of({"a", "b", "c", "d", "e", "f"}), "a, b, c, d and 2 more");
}

}  // namespace
}  // namespace storemark::cli
