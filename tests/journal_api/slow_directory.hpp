// SPDX-License-Identifier: Apache-2.0
// A real data directory whose durable writes take a while, as on a slow disk, so that callers meet.
#pragma once

#include <chrono>
#include <filesystem>

#include "journal/environment.hpp"

namespace storemark::real {

/// The system's environment, each durable write taking at least so long.
[[nodiscard]] Environment slow_environment(const std::filesystem::path& directory,
                                           std::chrono::microseconds each_write);

}  // namespace storemark::real
