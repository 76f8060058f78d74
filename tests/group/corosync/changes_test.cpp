// SPDX-License-Identifier: Apache-2.0
// The orders in which a real daemon was seen to tell.
#include "group/corosync/changes.hpp"

#include <gtest/gtest.h>

namespace storemark::corosync_group {
namespace {

using Moved = DaemonListener::Moved;

constexpr Address self{3, 30};
constexpr Address one{1, 10};
constexpr Address two{2, 20};
constexpr RingId first{1, 8};
constexpr RingId second{1, 12};

class ChangesTest : public testing::Test {
 protected:
  /// In the group, with these.
  void begin(std::vector<Address> members) {
    EXPECT_FALSE(changes_.processes({std::move(members), {}, {{self, false}}}));
    EXPECT_TRUE(changes_.ring(first));
  }
  Changes changes_{self};
};

TEST_F(ChangesTest, TheOwnJoinWaitsForItsRing) {
  EXPECT_TRUE(changes_.is_in_between());
  EXPECT_FALSE(changes_.processes({{one, self}, {}, {{self, false}}}));
  EXPECT_TRUE(changes_.is_in_between());
  const auto item = changes_.ring(first);
  ASSERT_TRUE(item);
  EXPECT_EQ(item->members, (std::vector{one, self}));
  EXPECT_EQ(item->ring, first);
  EXPECT_FALSE(changes_.is_in_between());
}

TEST_F(ChangesTest, TheRingMayComeBeforeTheOwnJoin) {
  EXPECT_FALSE(changes_.processes({{one}, {}, {{one, false}}})) << "not yet in";
  EXPECT_FALSE(changes_.ring(first));
  const auto item = changes_.processes({{one, self}, {}, {{self, false}}});
  ASSERT_TRUE(item);
  EXPECT_EQ(item->ring, first);
  EXPECT_FALSE(changes_.is_in_between());
}

TEST_F(ChangesTest, AProcessThatComesOrGoesIsAnItem) {
  begin({self});
  auto item = changes_.processes({{one, self}, {}, {{one, false}}});
  ASSERT_TRUE(item);
  EXPECT_FALSE(item->ring);
  item = changes_.processes({{self}, {{one, false}}, {}});
  ASSERT_TRUE(item);
  EXPECT_EQ(item->left, std::vector{one});
}

TEST_F(ChangesTest, ARingChangeIsOneItemUpToItsRing) {
  begin({one, two, self});
  EXPECT_FALSE(changes_.processes({{self}, {{one, true}, {two, true}}, {}}));
  EXPECT_TRUE(changes_.is_in_between());
  EXPECT_FALSE(changes_.processes({{one, two, self}, {}, {{two, true}, {one, true}}}));
  const auto item = changes_.ring(second);
  ASSERT_TRUE(item);
  EXPECT_EQ(item->members, (std::vector{one, two, self}));
  EXPECT_EQ(item->left, (std::vector{one, two})) << "they came again, and are still told as gone";
  EXPECT_EQ(item->ring, second);
  EXPECT_FALSE(changes_.is_in_between());
}

TEST_F(ChangesTest, ARingWithoutProcessesKeepsTheMembers) {
  begin({one, self});
  static_cast<void>(changes_.processes({{one, two, self}, {}, {{two, false}}}));
  const auto item = changes_.ring(second);
  ASSERT_TRUE(item);
  EXPECT_EQ(item->members, (std::vector{one, two, self}));
}

TEST_F(ChangesTest, ARingThatIsToldTwiceIsOneRing) {
  begin({self});
  EXPECT_FALSE(changes_.ring(first));
}

TEST_F(ChangesTest, TheOwnLeavingIsSeen) {
  begin({one, self});
  EXPECT_FALSE(changes_.has_left());
  static_cast<void>(changes_.processes({{one}, {{self, false}}, {}}));
  EXPECT_TRUE(changes_.has_left());
}

}  // namespace
}  // namespace storemark::corosync_group
