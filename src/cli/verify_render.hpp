// SPDX-License-Identifier: Apache-2.0
// A verification for the screen, and for programs.
#pragma once

#include <optional>
#include <storemark/operator.hpp>
#include <string>

#include "cli/json.hpp"
#include "cli/verify_checks.hpp"

namespace storemark::cli {

/// What --repair did with a store; nothing where it was not asked for.
using Repaired = std::optional<Result<Repair>>;

[[nodiscard]] std::string verify_text(const Verification& verification, const Repaired& repaired);
[[nodiscard]] Json verify_json(const Verification& verification, const Repaired& repaired);

}  // namespace storemark::cli
