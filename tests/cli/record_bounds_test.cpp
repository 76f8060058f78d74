// SPDX-License-Identifier: Apache-2.0
#include "cli/record_bounds.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

template <class Change>
bool breaks(Change change) {
  Record record = *dirty("a", 5).seen->verdict.record;
  EXPECT_EQ(broken_bound(record), "");
  change(record);
  return !broken_bound(record).empty();
}

TEST(RecordBounds, EachHolds) {
  EXPECT_TRUE(breaks([](Record& r) { r.floor = 6; }));
  EXPECT_TRUE(breaks([](Record& r) { r.ceiling = max_sequence + 1; }));
  EXPECT_TRUE(breaks([](Record& r) { r.view.members.resize(max_members + 1); }));
  EXPECT_TRUE(breaks([](Record& r) {
    r.view.members.push_back({MemberId{}, std::string(max_label_bytes + 1, 'x'), 0});
  }));
  EXPECT_TRUE(breaks([](Record& r) {
    for (std::uint8_t n = 0; n <= max_history; ++n)
      r.history.push_back({ViewId{id(100 + n)}, 5, 1});
  }));
  EXPECT_TRUE(breaks([](Record& r) { r.compared.resize(max_compared + 1); }));
  EXPECT_TRUE(breaks([](Record& r) { r.reason.resize(max_reason_bytes + 1); }));
  EXPECT_TRUE(breaks([](Record& r) { r.payload.resize(max_payload_bytes + 1); }));
  EXPECT_TRUE(breaks([](Record& r) { r.tag = StoreTag{}; }));
}

TEST(RecordBounds, AHistoryGoesForwardAndComesBackToNoView) {
  EXPECT_TRUE(breaks([](Record& r) {
    r.history = {{ViewId{id(1)}, 0, 1}, {ViewId{id(2)}, 1, 1}, {ViewId{id(1)}, 2, 1}};
  }));
  EXPECT_FALSE(breaks([](Record& r) {
    r.history = {{ViewId{id(1)}, 0, 1}, {ViewId{id(1)}, 2, 1}};
  }));
  EXPECT_TRUE(breaks([](Record& r) {
    r.history = {{ViewId{id(1)}, 5, 1}, {ViewId{id(2)}, 4, 1}};
  }));
}

}  // namespace
}  // namespace storemark::cli
