// SPDX-License-Identifier: Apache-2.0
#include "simulator/sim_store.hpp"

#include <gtest/gtest.h>

#include <array>

namespace storemark::simulator {
namespace {

SimStore store_of(std::uint64_t events, std::uint64_t synced) {
  SimStore store;
  for (std::uint64_t n = 1; n <= events; ++n) {
    EXPECT_TRUE(store.append(n, 100 + n));
    if (n == synced) static_cast<void>(store.sync());
  }
  return store;
}

TEST(SimStore, takes_no_number_but_the_next) {
  SimStore store = store_of(2, 0);
  EXPECT_FALSE(store.append(2, 7));
  EXPECT_FALSE(store.append(4, 7));
  EXPECT_TRUE(store.append(3, 7));
  EXPECT_EQ(store.content().at(3), 7U);
  EXPECT_EQ(store.content().at(4), 0U);
}

TEST(SimStore, goes_on_from_where_it_was_put) {
  SimStore store = store_of(2, 2);
  store.stand_at(10);
  EXPECT_EQ(store.sequence(), 10U);
  EXPECT_EQ(store.content().last(), 2U);
  EXPECT_FALSE(store.append(3, 7));
  EXPECT_TRUE(store.append(11, 7));
}

TEST(SimStore, a_power_cut_keeps_what_was_synced_and_some_of_the_rest) {
  std::array<unsigned, 6> left{};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SimStore store = store_of(5, 2);
    Random random(seed);
    store.power_cut(random);
    ++left.at(store.content().entries.size());
  }
  EXPECT_EQ(left[0] + left[1], 0U);
  for (std::size_t size = 2; size < left.size(); ++size) EXPECT_GT(left.at(size), 0U);
}

TEST(SimStore, a_digest_tells_histories_apart) {
  SimStore one;
  SimStore other;
  EXPECT_TRUE(one.append(1, 5) && one.append(2, 6));
  EXPECT_TRUE(other.append(1, 4) && other.append(2, 6));
  EXPECT_NE(one.content().digest(), other.content().digest());
  EXPECT_EQ(one.content().digest(), SimStore(one).content().digest());
}

TEST(SimStore, a_copy_that_was_cut_is_half_a_store) {
  const SimStore donor = store_of(5, 5);
  SimStore store;
  store.copy(donor.content(), 3);
  EXPECT_TRUE(store.content().half);
  store.copy(donor.content(), 5);
  EXPECT_FALSE(store.content().half);
  EXPECT_EQ(store.content().digest(), donor.content().digest());
  EXPECT_EQ(store.durable_entries(), 5U);
  EXPECT_TRUE(store.content().unfinished) << "until a journal says that it counts";
}

TEST(SimStore, what_was_moved_aside_can_be_brought_back) {
  SimStore store = store_of(3, 3);
  store.move_aside();
  EXPECT_TRUE(store.content().entries.empty());
  EXPECT_TRUE(store.bring_back());
  EXPECT_EQ(store.content().last(), 3U);
  EXPECT_FALSE(store.bring_back());
}

}  // namespace
}  // namespace storemark::simulator
