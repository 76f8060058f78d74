// SPDX-License-Identifier: Apache-2.0
// What an operator may choose between, and what to type for each: one or another, never all. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/plan.hpp"

namespace storemark::cli {

/// The choices that a plan leaves, where there are several: which cluster (R8), which shutdown or
/// mark (R9), the stale clean store or what is ahead of it (R11), which half of a split (R13).
[[nodiscard]] std::vector<Choice> choices(const Survey& survey, const Plan& plan);

}  // namespace storemark::cli
