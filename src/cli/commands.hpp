// SPDX-License-Identifier: Apache-2.0
// The commands that an operator is told to type, each to be typed here: on a store of another host
// it goes through ssh. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/survey.hpp"

namespace storemark::cli {

using Argv = std::vector<std::string>;

/// The sequence that an operator's word on this store has to name.
[[nodiscard]] std::uint64_t seen_sequence(const Verdict& verdict) noexcept;

/// The command as it is typed here; of a store from a saved file, where the store is.
[[nodiscard]] Argv command_on(const Store& store, Argv argv);

/// Go on from this store, compared with all others of its cluster that hold something.
[[nodiscard]] Argv mark_command(const Survey& survey, const Cluster& cluster, StoreIndex chosen);
/// Give this store up for another one.
[[nodiscard]] Argv discard_command(const Survey& survey, StoreIndex given_up, StoreIndex kept);
[[nodiscard]] Argv undo_command(const Store& store);

}  // namespace storemark::cli
