// SPDX-License-Identifier: Apache-2.0
#include "cli/lane_graph.hpp"

#include <algorithm>

namespace storemark::cli {
namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

void find_extent(const Timeline& line, LaneGraph& graph) {
  for (std::size_t row = 0; row < line.moments.size(); ++row) {
    const ViewNode& node = line.tree.nodes[line.moments[row].node];
    graph.rows.push_back(node.lane);
    Lane& lane = graph.lanes[node.lane];
    if (lane.first == nowhere) {
      lane.first = row;
      if (node.parent) lane.from = line.tree.nodes[*node.parent].lane;
      // What it leaves is drawn down to here.
      if (lane.from) graph.lanes[*lane.from].last = std::max(graph.lanes[*lane.from].last, row);
    }
    lane.last = std::max(lane.last, row);
  }
}

/// A column is free again once the lane in it has ended.
void assign_columns(LaneGraph& graph) {
  std::vector<std::size_t> busy_until;  // by column
  for (std::size_t row = 0; row < graph.rows.size(); ++row) {
    Lane& lane = graph.lanes[graph.rows[row]];
    if (lane.first != row) continue;
    std::size_t column = 0;
    while (column < busy_until.size() && busy_until[column] >= row) ++column;
    if (column == busy_until.size()) busy_until.push_back(0);
    busy_until[column] = lane.last;
    lane.column = column;
  }
  graph.columns = busy_until.size();
}

/// A bar in the column of every lane that this row passes.
std::string bars(const LaneGraph& graph, std::size_t row, bool below) {
  std::string out(graph.columns * 2, ' ');
  for (const Lane& lane : graph.lanes) {
    if (lane.first == nowhere || lane.first > row) continue;
    if (below ? lane.last > row : lane.last >= row) out[lane.column * 2] = '|';
  }
  return out;
}

}  // namespace

LaneGraph lane_graph(const Timeline& line) {
  LaneGraph out;
  out.lanes.resize(line.tree.lanes, Lane{0, nowhere, 0, {}});
  find_extent(line, out);
  assign_columns(out);
  return out;
}

std::string row_drawing(const LaneGraph& graph, std::size_t row) {
  std::string out = bars(graph, row, false);
  const Lane& lane = graph.lanes[graph.rows[row]];
  if (lane.first == row && lane.from) {
    const std::size_t left = graph.lanes[*lane.from].column;
    const auto [low, high] = std::minmax(left, lane.column);
    for (std::size_t at = low * 2; at < high * 2; ++at) {
      if (out[at] == ' ') out[at] = '-';
    }
    out[left * 2] = '+';
  }
  out[lane.column * 2] = '*';
  return out;
}

std::string row_drawing_below(const LaneGraph& graph, std::size_t row) {
  return bars(graph, row, true);
}

}  // namespace storemark::cli
