// SPDX-License-Identifier: Apache-2.0
// What to make of a survey, and what to type next. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/survey.hpp"

namespace storemark::cli {

struct Advice {
  std::string text;               ///< a sentence or two
  std::vector<std::string> argv;  ///< the command to type, or empty
  std::string word{};  ///< "mark-clean", "adopt", ...: what it does, wherever it is typed; "latest"

  /// It changes what a store may do, and can be taken back.
  [[nodiscard]] bool gives_word() const { return word == "mark-clean" || word == "adopt"; }
};

/// Which store of the cluster is the latest, and how to go on from there.
[[nodiscard]] std::vector<Advice> advise(const Survey& survey, const Cluster& cluster);

/// What to do about one store that has no state, or whose copies are not all whole; may be empty.
[[nodiscard]] std::vector<Advice> advise(const Survey& survey, StoreIndex i);

}  // namespace storemark::cli
