// SPDX-License-Identifier: Apache-2.0
// What is measured, on a directory of the filesystem in question.
#pragma once

#include <filesystem>

#include "group.hpp"

namespace storemark::bench {

[[nodiscard]] Group sequence_group(const std::filesystem::path& directory, Effort effort);
/// The same with a pause before each write, as a broker with a little to do would have it.
[[nodiscard]] Group paced_sequence_group(const std::filesystem::path& directory, Effort effort);
[[nodiscard]] Group memory_group(const std::filesystem::path& directory, Effort effort,
                                 unsigned threads);
[[nodiscard]] Group open_group(const std::filesystem::path& directory, Effort effort);
[[nodiscard]] Group transition_group(const std::filesystem::path& directory, Effort effort);

/// Touches no disk.
[[nodiscard]] Group decision_group(Effort effort);

}  // namespace storemark::bench
