// SPDX-License-Identifier: Apache-2.0
// A survey for the screen.
#pragma once

#include <string>

#include "cli/survey.hpp"

namespace storemark::cli {

/// A row per store, by cluster and rank; what else there is to know; what to type next.
[[nodiscard]] std::string examine_table(const Survey& survey);

/// Every slot of a store, decoded, and the newest record in full.
[[nodiscard]] std::string slots_table(const Store& store);

}  // namespace storemark::cli
