// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <storemark/storemark.hpp>

namespace storemark {
namespace {

/// Each value up to `last` has a name of its own, and what is no value is "unknown".
template <class Enum>
void check(Enum last) {
  std::set<std::string_view> names;
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    const std::string_view name = to_string(static_cast<Enum>(value));
    EXPECT_NE(name, "unknown") << value;
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_TRUE(std::ranges::all_of(name, [](char c) {
      return c == ' ' || (c >= 'a' && c <= 'z');
    })) << name;
  }
  EXPECT_EQ(to_string(static_cast<Enum>(static_cast<int>(last) + 1)), "unknown");
  EXPECT_EQ(to_string(static_cast<Enum>(255)), "unknown");
}

TEST(Names, EveryValueHasOne) {
  check(StoreState::clean);
  check(Diagnosis::foreign);
  check(Certainty::at_least);
  check(SlotHealth::unreadable);
}

TEST(Names, AreThoseThatToolsPrint) {
  EXPECT_EQ(to_string(StoreState::updating), "updating");
  EXPECT_EQ(to_string(Certainty::at_least), "at least");
}

TEST(Names, VersionIsThatOfTheHeader) {
  EXPECT_EQ(version(), std::to_string(STOREMARK_VERSION_MAJOR) + "." +
                           std::to_string(STOREMARK_VERSION_MINOR) + "." +
                           std::to_string(STOREMARK_VERSION_PATCH));
}

}  // namespace
}  // namespace storemark
