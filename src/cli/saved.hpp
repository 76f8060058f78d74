// SPDX-License-Identifier: Apache-2.0
// Stores as `examine -o json` printed them, read back. Any text is safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/store.hpp"

namespace storemark::cli {

/// A file with more is refused.
inline constexpr std::size_t most_saved_stores = 256;

/// The stores in a file that was saved. Errors: invalid_argument (no such answer), io_failed.
[[nodiscard]] Result<std::vector<Store>> read_saved(const std::string& path);

/// The stores in an answer that came from elsewhere; `where` is for the error.
[[nodiscard]] Result<std::vector<Store>> parse_saved(std::string_view text,
                                                     const std::string& where);

}  // namespace storemark::cli
