// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <storemark/operator.hpp>
#include <string>

namespace storemark {

/// Takes an adoption back: the adopted journal is moved aside, and the damaged one that it
/// replaced, if there was one, gets its name again.
[[nodiscard]] Result<WordGiven> unadopt(const std::filesystem::path& directory,
                                        const Record& adopted, const std::string& who);

}  // namespace storemark
