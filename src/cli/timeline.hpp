// SPDX-License-Identifier: Apache-2.0
// What happened to several stores, on one line of time: by the chain of views and the sequence,
// never by a clock. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/audit.hpp"
#include "cli/view_tree.hpp"

namespace storemark::cli {

enum class MomentKind {
  view,    ///< a view begins
  fork,    ///< stores part
  record,  ///< a record was written that can still be read
  word,    ///< an operator said something
  here,    ///< a store stands here now
};
[[nodiscard]] std::string_view to_string(MomentKind kind) noexcept;

struct Moment {
  MomentKind kind = MomentKind::record;
  NodeIndex node = 0;
  std::vector<StoreIndex> stores;  ///< whom it is about
  std::uint64_t sequence = 0;
  std::uint64_t ceiling = 0;  ///< as the sequence, where it is exact
  std::uint64_t generation = 0;
  std::string clock;  ///< RFC 3339; advice, and "-" where nobody noted one
  std::string text;   ///< as it was recorded: not yet printable
};

struct Timeline {
  ViewTree tree;
  std::vector<Moment> moments;       ///< in their order
  std::vector<std::string> remarks;  ///< what is not known, a sentence each
};

/// The directory that the names of several stores begin with, with its slash; empty where that is
/// none, or so short that it is not in the way.
[[nodiscard]] std::string common_directory(const std::vector<Store>& stores);

/// Where stores parted; not who went which way.
[[nodiscard]] std::string fork_text(const Fork& fork);

[[nodiscard]] Timeline timeline(const std::vector<Store>& stores);

}  // namespace storemark::cli
