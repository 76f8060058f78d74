// SPDX-License-Identifier: Apache-2.0
// Whether this process may use all the processors that it sees.
#pragma once

#include <filesystem>

namespace storemark::io {

/// Whether its control group, or one above that, has a quota of processor time that is less than
/// all of them: then what is used up for nothing is missed a moment later. What cannot be read is
/// none. `root` has proc and sys.
[[nodiscard]] bool has_processor_quota(const std::filesystem::path& root = "/");

}  // namespace storemark::io
