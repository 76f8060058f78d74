// SPDX-License-Identifier: Apache-2.0
// The views that several stores have lived through, put together: one line as long as they agree,
// which splits where they do not. Pure; total also over histories that contradict each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/survey.hpp"

namespace storemark::cli {

using NodeIndex = std::size_t;

/// A view, at its place in the tree.
struct ViewNode {
  InitialUuid cluster;
  ViewId view;             ///< nil: the store tells of no views
  std::uint64_t from = 0;  ///< the sequence at which it began
  std::uint16_t members = 0;
  std::vector<std::string> labels;    ///< of the members, where a record still names them
  std::optional<NodeIndex> parent{};  ///< nothing: the first one that is known
  unsigned depth = 0;                 ///< views before it
  unsigned lane = 0;                  ///< from 0; a line of views that does not split
  std::vector<StoreIndex> stores{};   ///< that lived through it
  bool idle = false;                  ///< a last view, and nobody applied anything in it
};

/// Where stores parted: all on different sides hold the same until `sequence` of `view`.
struct Fork {
  ViewId view;
  std::uint64_t sequence = 0;
  std::vector<std::vector<StoreIndex>> sides;
};

struct ViewTree {
  std::vector<ViewNode> nodes;  ///< a parent stands before its children
  /// By store: the nodes that it lived through, oldest first; none for a store without a record.
  std::vector<std::vector<NodeIndex>> paths;
  std::vector<Fork> forks;
  unsigned lanes = 0;
  std::vector<std::string> contradictions;  ///< a sentence each
};

[[nodiscard]] ViewTree view_tree(const std::vector<Store>& stores);

/// The node that a record of this store was written in: of the views that it names itself, the last
/// one that is known.
[[nodiscard]] std::optional<NodeIndex> node_of(const ViewTree& tree, StoreIndex store,
                                               const Record& record);
/// The node of this store that counts this sequence.
[[nodiscard]] std::optional<NodeIndex> node_at(const ViewTree& tree, StoreIndex store,
                                               std::uint64_t sequence);

}  // namespace storemark::cli
