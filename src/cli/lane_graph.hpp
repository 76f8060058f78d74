// SPDX-License-Identifier: Apache-2.0
// How the lines of a timeline stand beside each other, a row for each moment: what the picture and
// the text drawing share. Pure.
#pragma once

#include <optional>
#include <vector>

#include "cli/timeline.hpp"

namespace storemark::cli {

/// A line of views, drawn in one column from its first row to its last.
struct Lane {
  std::size_t column = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  std::optional<unsigned> from{};  ///< the lane that it leaves at its first row
};

struct LaneGraph {
  std::vector<Lane> lanes;     ///< by ViewNode::lane
  std::vector<unsigned> rows;  ///< the lane of each moment
  std::size_t columns = 0;
};

[[nodiscard]] LaneGraph lane_graph(const Timeline& line);

/// What is drawn in front of the text of a row, two characters for each column: '*' where the row
/// itself is, '|' where a lane goes by, "+-" where one is left.
[[nodiscard]] std::string row_drawing(const LaneGraph& graph, std::size_t row);
/// The same for a line below it that goes on with its text.
[[nodiscard]] std::string row_drawing_below(const LaneGraph& graph, std::size_t row);

}  // namespace storemark::cli
