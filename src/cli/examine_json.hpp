// SPDX-License-Identifier: Apache-2.0
// A survey for programs: the schema storemark.examine/1.
#pragma once

#include "cli/json.hpp"
#include "cli/survey.hpp"

namespace storemark::cli {

[[nodiscard]] Json survey_json(const Survey& survey);

}  // namespace storemark::cli
