// SPDX-License-Identifier: Apache-2.0
// What a record can be at all: a saved answer that says more was not printed by this tool. Pure.
#pragma once

#include <storemark/record.hpp>
#include <string>

namespace storemark::cli {

/// Which bound it breaks, or nothing.
[[nodiscard]] std::string broken_bound(const Record& record);

}  // namespace storemark::cli
