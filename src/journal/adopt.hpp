// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <storemark/operator.hpp>
#include <string>

#include "journal/environment.hpp"

namespace storemark {

/// The first record of a journal that is made for a store which has none.
[[nodiscard]] Record adopted_record(const Environment& environment, const AdoptRequest& request);

/// Takes an adoption back: the adopted journal is moved aside, and the damaged one that it
/// replaced, if there was one, gets its name again.
[[nodiscard]] Result<WordGiven> unadopt(const std::filesystem::path& directory,
                                        const Record& adopted, const std::string& who);

}  // namespace storemark
