// SPDX-License-Identifier: Apache-2.0
// From what the operator typed for STORE to what was seen there: a data directory, HOST:DIR, or a
// file saved by examine -o json.
#pragma once

#include <string>
#include <vector>

#include "cli/store.hpp"

namespace storemark::cli {

/// How to reach another host; one command line, split at spaces.
inline constexpr const char* default_rsh = "ssh -o BatchMode=yes -o ConnectTimeout=10";

/// How much is asked for.
enum class Depth {
  journal,     ///< what examine shows
  everything,  ///< the audit log too, and on another host all that collect has
};

/// Looks at every store, once each; a store named twice is looked at once. A store that cannot be
/// reached is among the answers, with its error. Errors: invalid_argument, for a name that can
/// denote no store.
[[nodiscard]] Result<std::vector<Store>> look_at(const std::vector<std::string>& names,
                                                 const std::string& rsh = default_rsh,
                                                 Depth depth = Depth::journal);

/// How many entries a directory has beside our own; enough of them to make the point.
[[nodiscard]] std::size_t count_others(const std::string& directory);

/// Adds what is not among them yet, and says what is.
void add_once(std::vector<Store>& stores, std::vector<Store> more);

/// Looks at one data directory on this host.
[[nodiscard]] Store look_at_directory(const std::string& name);

}  // namespace storemark::cli
