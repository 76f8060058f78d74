// SPDX-License-Identifier: Apache-2.0
// A subject's results as JSON, "storemark.bench/1": context; tables; in each its rows, with their
// numbers, the quantiles of their latencies, and series. README.md describes it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "machine.hpp"
#include "table.hpp"

namespace storemark::bench {

/// False, and a line on stderr, where the file cannot be written.
[[nodiscard]] bool write_json(const std::filesystem::path& file, const std::string& subject,
                              const Context& context, std::vector<Table>& tables);

}  // namespace storemark::bench
