// SPDX-License-Identifier: Apache-2.0
// A scenario file of this directory, what it expects, and a decision in the same words, so that the
// two are compared as text and a difference can be read.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/scenario.hpp"

namespace storemark::restart_test {

/// One line for each thing that is said: "verdict", "rule", a member's name and so on.
using Lines = std::map<std::string, std::string>;

struct Case {
  std::string name;  ///< of the file, without ".json"
  std::string what;
  cli::Scenario scenario;
  Lines expected;
};

/// The names of all scenario files, sorted.
[[nodiscard]] std::vector<std::string> all_names();
/// Throws std::exception where the file is not a scenario with an expectation.
[[nodiscard]] Case read_case(const std::string& name);

/// Of the decision, what `expected` has an entry for; and of each member, always.
[[nodiscard]] Lines said(const Decision& decision, const Case& about);
/// All that the decision holds.
[[nodiscard]] std::string everything(const Decision& decision);
/// Lines as one text, for a readable difference.
[[nodiscard]] std::string text_of(const Lines& lines);

}  // namespace storemark::restart_test
