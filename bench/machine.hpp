// SPDX-License-Identifier: Apache-2.0
// Where a result comes from.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace storemark::bench {

using Context = std::vector<std::pair<std::string, std::string>>;

/// Processor, kernel, filesystem and device of `directory`, versions of what is measured.
[[nodiscard]] Context describe_machine(const std::filesystem::path& directory);

}  // namespace storemark::bench
