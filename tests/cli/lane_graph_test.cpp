// SPDX-License-Identifier: Apache-2.0
#include "cli/lane_graph.hpp"

#include <gtest/gtest.h>

namespace storemark::cli {
namespace {

/// A timeline with a row for each node that is named; node i is in lane `lanes[i]`.
Timeline drawn(const std::vector<std::pair<unsigned, std::optional<NodeIndex>>>& nodes,
               const std::vector<NodeIndex>& rows) {
  Timeline out;
  for (const auto& [lane, parent] : nodes) {
    ViewNode node;
    node.lane = lane;
    node.parent = parent;
    out.tree.nodes.push_back(node);
    out.tree.lanes = std::max(out.tree.lanes, lane + 1);
  }
  for (const NodeIndex node : rows) {
    Moment moment;
    moment.node = node;
    out.moments.push_back(moment);
  }
  return out;
}

std::string drawing(const Timeline& line) {
  const LaneGraph graph = lane_graph(line);
  std::string out;
  for (std::size_t row = 0; row < line.moments.size(); ++row) out += row_drawing(graph, row) + "\n";
  return out;
}

TEST(LaneGraph, ALineThatSplits) {
  EXPECT_EQ(drawing(drawn({{0, {}}, {0, 0}, {1, 0}}, {0, 1, 2, 1, 2})),
            "*   \n"
            "*   \n"
            "+-* \n"
            "* | \n"
            "  * \n");
}

TEST(LaneGraph, AColumnIsUsedAgain) {
  EXPECT_EQ(drawing(drawn({{0, {}}, {1, 0}, {2, 0}}, {0, 1, 2, 0})),
            "*   \n"
            "+-* \n"
            "+-* \n"
            "*   \n");
}

TEST(LaneGraph, AcrossAnotherLine) {
  EXPECT_EQ(drawing(drawn({{0, {}}, {1, 0}, {2, 0}}, {0, 1, 2, 1, 0, 2})),
            "*     \n"
            "+-*   \n"
            "+-|-* \n"
            "| * | \n"
            "*   | \n"
            "    * \n");
}

TEST(LaneGraph, BelowARowItGoesOn) {
  const Timeline line = drawn({{0, {}}, {1, 0}}, {0, 1, 0});
  const LaneGraph graph = lane_graph(line);
  EXPECT_EQ(row_drawing_below(graph, 1), "|   ");
  EXPECT_EQ(row_drawing_below(graph, 2), "    ");
}

}  // namespace
}  // namespace storemark::cli
