// SPDX-License-Identifier: Apache-2.0
// The questions that an operator has at night, answered from a plan. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/plan.hpp"

namespace storemark::cli {

struct Answer {
  std::string id;        ///< for programs: "start", "latest", "lost", "missing", "type", "undo"
  std::string question;  ///< short
  std::string text;      ///< as it was recorded: not yet printable
};

/// In the order in which they are asked; "missing" only where somebody is.
[[nodiscard]] std::vector<Answer> answers(const Plan& plan);

}  // namespace storemark::cli
