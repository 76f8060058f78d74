// SPDX-License-Identifier: Apache-2.0
// What a store would announce if its broker were started. Pure.
#pragma once

#include <optional>
#include <storemark/restart.hpp>

#include "cli/store.hpp"

namespace storemark::cli {

/// Nothing for a store that cannot be reached, or a directory with nothing in it.
[[nodiscard]] std::optional<Announcement> announcement_of(const Store& store);

}  // namespace storemark::cli
