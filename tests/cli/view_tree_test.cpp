// SPDX-License-Identifier: Apache-2.0
#include "cli/view_tree.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

Store lived(const std::string& name, std::uint64_t n, std::vector<HistoryEntry> history) {
  return with(dirty(name, n), [&](Record& r) {
    r.history = history;
    r.view.id = history.back().view;
  });
}
HistoryEntry view(std::uint8_t n, std::uint64_t from) { return {ViewId{id(n)}, from, 2}; }

TEST(ViewTree, OneLineAsLongAsTheyAgree) {
  const ViewTree tree =
      view_tree({lived("a", 90, {view(1, 0), view(2, 50)}), lived("b", 40, {view(1, 0)}),
                 lived("c", 70, {view(1, 0), view(2, 50)})});
  EXPECT_EQ(tree.nodes.size(), 2U);
  EXPECT_EQ(tree.lanes, 1U);
  EXPECT_TRUE(tree.forks.empty());
  EXPECT_EQ(tree.nodes[1].stores, (std::vector<StoreIndex>{0, 2}));
  EXPECT_EQ(tree.nodes[1].parent, NodeIndex{0});
}

TEST(ViewTree, AThreeWaySplitHasOnePoint) {
  const ViewTree tree = view_tree({lived("a", 90, {view(1, 0), view(2, 50)}),
                                   lived("b", 80, {view(1, 0), view(3, 50)}),
                                   lived("c", 70, {view(1, 0), view(4, 50)})});
  EXPECT_EQ(tree.lanes, 3U);
  ASSERT_EQ(tree.forks.size(), 1U);
  EXPECT_EQ(tree.forks[0].sequence, 50U);
  EXPECT_EQ(tree.forks[0].view, ViewId{id(1)});
  EXPECT_EQ(tree.forks[0].sides.size(), 3U);
}

TEST(ViewTree, WhoStayedKeepsTheLine) {
  const ViewTree tree =
      view_tree({lived("a", 90, {view(1, 0), view(2, 50)}), lived("b", 60, {view(1, 0)})});
  ASSERT_EQ(tree.forks.size(), 1U);
  EXPECT_EQ(tree.forks[0].sequence, 50U);
  EXPECT_EQ(tree.nodes[0].lane, 0U);
  EXPECT_EQ(tree.nodes[1].lane, 1U);
  EXPECT_EQ(tree.forks[0].sides.size(), 2U);
}

TEST(ViewTree, AViewInWhichNothingWasAppliedIsNoSide) {
  const Store idle = lived("c", 50, {view(1, 0), view(4, 50)});
  const ViewTree tree = view_tree(
      {lived("a", 90, {view(1, 0), view(2, 50)}), lived("b", 80, {view(1, 0), view(3, 50)}), idle});
  ASSERT_EQ(tree.forks.size(), 1U);
  EXPECT_EQ(tree.forks[0].sides, (std::vector<std::vector<StoreIndex>>{{0}, {1}}));
  EXPECT_EQ(tree.lanes, 2U);
  EXPECT_EQ(tree.nodes[tree.paths[2].back()].lane, tree.nodes[tree.paths[2].front()].lane);
}

TEST(ViewTree, TheLineGoesOnWhereItWasLeftLast) {
  const ViewTree tree = view_tree(
      {lived("a", 90, {view(1, 0), view(2, 50)}), lived("b", 90, {view(1, 0), view(3, 60)})});
  EXPECT_EQ(tree.nodes[tree.paths[0].back()].lane, 1U);
  EXPECT_EQ(tree.nodes[tree.paths[1].back()].lane, 0U);
}

TEST(ViewTree, WhatMayHaveBeenAppliedIsASide) {
  Store unsure = lived("c", 50, {view(1, 0), view(4, 50)});
  unsure.seen->verdict.ceiling = 60;
  const Store a = lived("a", 90, {view(1, 0), view(2, 50)});
  EXPECT_EQ(view_tree({a, unsure}).lanes, 2U);
  unsure.seen->verdict.ceiling = 50;
  EXPECT_EQ(view_tree({a, unsure}).lanes, 1U);
  unsure.seen->verdict.certainty = Certainty::at_least;
  EXPECT_EQ(view_tree({a, unsure}).lanes, 2U);
}

TEST(ViewTree, WhoWentOnBeforeAnEmptyViewKeepsTheLine) {
  const ViewTree tree = view_tree(
      {lived("a", 90, {view(1, 0), view(2, 50)}), lived("b", 60, {view(1, 0), view(3, 60)})});
  ASSERT_EQ(tree.forks.size(), 1U);
  EXPECT_EQ(tree.forks[0].sides.size(), 2U);
  EXPECT_EQ(tree.lanes, 2U);
  EXPECT_EQ(tree.nodes[tree.paths[1].back()].lane, 0U);
}

TEST(ViewTree, WhatOneHasFoldedAnotherStillKnows) {
  Store folded = lived("a", 90, {view(2, 50)});
  folded.seen->verdict.record->folded = 1;
  const ViewTree tree = view_tree({folded, lived("b", 70, {view(1, 0), view(2, 50)})});
  EXPECT_EQ(tree.nodes.size(), 2U);
  EXPECT_EQ(tree.lanes, 1U);
  EXPECT_EQ(tree.nodes[0].view, ViewId{id(1)});
}

TEST(ViewTree, HistoriesThatContradictEachOtherMakeNoCycle) {
  const ViewTree tree = view_tree({lived("a", 90, {view(1, 0), view(2, 50)}),
                                   lived("b", 90, {view(2, 0), view(1, 50)}),
                                   lived("c", 90, {view(1, 0), view(1, 10), view(1, 20)})});
  EXPECT_EQ(tree.nodes.size(), 2U);
  EXPECT_FALSE(tree.contradictions.empty());
  for (NodeIndex i = 0; i < tree.nodes.size(); ++i) {
    if (tree.nodes[i].parent) {
      EXPECT_LT(*tree.nodes[i].parent, i);
    }
  }
}

TEST(ViewTree, TwoClustersAreTwoTrees) {
  const Store a = lived("a", 90, {view(1, 0)});
  const Store b =
      with(lived("b", 90, {view(1, 0)}), [](Record& r) { r.initial = InitialUuid{id(7)}; });
  const ViewTree tree = view_tree({a, b});
  EXPECT_EQ(tree.nodes.size(), 2U);
  EXPECT_TRUE(tree.forks.empty());
}

TEST(ViewTree, AStoreWithoutViewsStandsAlone) {
  const Store a = with(dirty("a", 5), [](Record& r) { r.history.clear(); });
  const ViewTree tree = view_tree({a, missing("b"), diagnosed("c", Diagnosis::damaged)});
  ASSERT_EQ(tree.nodes.size(), 1U);
  EXPECT_TRUE(tree.nodes[0].view.is_nil());
  EXPECT_TRUE(tree.paths[1].empty());
}

TEST(ViewTree, FindsTheViewOfARecordAndOfASequence) {
  const Store a = lived("a", 90, {view(1, 0), view(2, 50)});
  const ViewTree tree = view_tree({a});
  Record old = *a.seen->verdict.record;
  old.history.pop_back();
  EXPECT_EQ(node_of(tree, 0, old), NodeIndex{0});
  EXPECT_EQ(node_of(tree, 0, *a.seen->verdict.record), NodeIndex{1});
  EXPECT_EQ(node_at(tree, 0, 0), NodeIndex{0});
  EXPECT_EQ(node_at(tree, 0, 50), NodeIndex{0});
  EXPECT_EQ(node_at(tree, 0, 51), NodeIndex{1});
}

}  // namespace
}  // namespace storemark::cli
