// SPDX-License-Identifier: Apache-2.0
// A plan on one screen, and as JSON. Pure.
#pragma once

#include "cli/json.hpp"
#include "cli/plan.hpp"

namespace storemark::cli {

[[nodiscard]] std::string plan_text(const Plan& plan);
[[nodiscard]] Json plan_json(const Plan& plan);

}  // namespace storemark::cli
