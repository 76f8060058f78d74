// SPDX-License-Identifier: Apache-2.0
#include "group/local/outgoing.hpp"

#include <gtest/gtest.h>

namespace storemark::local_group {
namespace {

TEST(OutgoingTest, PiecesGoOnWhereTheLastWriteEnded) {
  Outgoing out;
  EXPECT_TRUE(out.empty());
  out.push(share({1, 2, 3}), 10);
  out.push(share({4}), 0);
  out.push(share({5, 6}), 11);
  EXPECT_EQ(out.wrote(2), 0U) << "half a frame is none";
  std::vector<ByteView> pieces;
  out.gather(pieces, 2);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].size(), 1U);
  EXPECT_EQ(pieces[0][0], 3);
  EXPECT_EQ(pieces[1][0], 4);
  EXPECT_EQ(out.wrote(3), 10U);
  EXPECT_FALSE(out.empty());
  EXPECT_EQ(out.wrote(1), 11U);
  EXPECT_TRUE(out.empty());
}

TEST(OutgoingTest, ClearedItBeginsAnew) {
  Outgoing out;
  out.push(share({1, 2, 3}));
  static_cast<void>(out.wrote(1));
  out.clear();
  out.push(share({7, 8}));
  std::vector<ByteView> pieces;
  out.gather(pieces, 5);
  EXPECT_EQ(pieces.at(0)[0], 7);
}

}  // namespace
}  // namespace storemark::local_group
