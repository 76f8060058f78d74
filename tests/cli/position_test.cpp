// SPDX-License-Identifier: Apache-2.0
#include "cli/position.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

Store at_least(const std::string& name, std::uint64_t n) {
  Store out = dirty(name, n);
  out.seen->verdict.certainty = Certainty::at_least;
  return out;
}

Store lived(const std::string& name, std::uint64_t n, std::vector<HistoryEntry> history) {
  return with(dirty(name, n), [&](Record& record) {
    record.history = history;
    if (!history.empty()) record.view.id = history.back().view;
  });
}

HistoryEntry view(std::uint8_t n, std::uint64_t from) { return {ViewId{id(n)}, from, 2}; }

TEST(Position, RanksByFloorThenCeilingThenClean) {
  EXPECT_TRUE(ranks_before(dirty("b", 2), dirty("a", 1)));
  EXPECT_TRUE(ranks_before(store("b", StoreState::dirty, 1, 5), dirty("a", 1)));
  EXPECT_TRUE(ranks_before(clean("b", 1), dirty("a", 1)));
  EXPECT_TRUE(ranks_before(dirty("a", 1), dirty("b", 1)));
  EXPECT_TRUE(ranks_with(dirty("a", 1), dirty("b", 1)));
}

TEST(Position, NumbersProve) {
  EXPECT_EQ(doubt(dirty("a", 10), dirty("b", 9)), "");
  EXPECT_EQ(doubt(dirty("a", 10), dirty("b", 10)), "");
  EXPECT_EQ(doubt(store("a", StoreState::dirty, 10, 20), dirty("b", 10)), "");
  EXPECT_EQ(doubt(at_least("a", 10), dirty("b", 9)), "");
}

TEST(Position, RangesThatMeetProveNothing) {
  EXPECT_EQ(doubt(dirty("a", 10), store("b", StoreState::dirty, 5, 11)),
            "the ranges of a (10 exact) and b (5 to 11) meet");
  EXPECT_NE(doubt(store("a", StoreState::dirty, 5, 9), store("b", StoreState::dirty, 5, 9)), "");
}

TEST(Position, WhatTheMediumLostProvesNothing) {
  EXPECT_EQ(doubt(dirty("a", 10), at_least("b", 3)),
            "b (at least 3) may hold more than its journal still says");
  EXPECT_NE(doubt(at_least("a", 10), dirty("b", 10)), "");
}

TEST(Position, AnAncestorStoppedInAViewThatTheOtherLivedThrough) {
  const Store b = lived("b", 50, {view(1, 0), view(2, 40)});
  EXPECT_EQ(doubt(b, lived("a", 40, {view(1, 0)})), "");
  EXPECT_EQ(doubt(b, lived("a", 45, {view(1, 0), view(2, 40)})), "");
  EXPECT_EQ(doubt(b, lived("a", 45, {view(1, 0)})),
            "a was last in view 01000000, up to 45, which b left at 40: their content may differ");
}

TEST(Position, TwoHalvesOfASplitAreNoAncestors) {
  const Store b = lived("b", 60, {view(1, 0), view(2, 40)});
  const Store a = lived("a", 50, {view(1, 0), view(3, 40)});
  EXPECT_EQ(doubt(b, a),
            "a was last in view 03000000, which b never lived through: their content may differ");
}

TEST(Position, AViewInWhichNothingWasAppliedDoesNotCount) {
  const Store b = lived("b", 60, {view(1, 0), view(2, 40)});
  EXPECT_EQ(doubt(b, lived("a", 40, {view(1, 0), view(3, 40)})), "");
}

TEST(Position, AViewOfItsOwnThatCameBackCountsToItsEnd) {
  const Store b = lived("b", 60, {view(1, 0), view(2, 20), view(1, 30)});
  EXPECT_EQ(doubt(b, lived("a", 50, {view(1, 0)})), "");
}

TEST(Position, HistoryThatWasFoldedAwayIsNotGuessed) {
  const Store b = with(lived("b", 60, {view(2, 40)}), [](Record& r) { r.folded = 1; });
  EXPECT_EQ(doubt(b, lived("a", 10, {view(1, 0)})),
            "a was last in view 01000000, which b no longer remembers: their content may differ");
}

TEST(Position, NoHistoryProvesNothing) {
  EXPECT_NE(doubt(dirty("a", 10), lived("b", 9, {})), "");
  EXPECT_NE(doubt(lived("a", 10, {}), dirty("b", 9)), "");
}

TEST(Position, AMarkSettlesItForTheStoresThatItWasComparedWith) {
  const Store rival = lived("b", 50, {view(3, 0)});
  const Record& its = *rival.seen->verdict.record;
  const Compared compared{its.member, its.view.id, 50};
  const auto mark = [&](Record& record) {
    record.marked = true;
    record.compared = {compared};
  };
  const Store marked = with(clean("a", 51), mark);
  EXPECT_EQ(doubt(marked, rival), "");
  EXPECT_NE(doubt(marked, lived("b", 51, {view(3, 0)})), "") << "it has moved on since";
}

}  // namespace
}  // namespace storemark::cli
