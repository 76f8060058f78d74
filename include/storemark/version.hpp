// SPDX-License-Identifier: Apache-2.0
#pragma once

#define STOREMARK_VERSION_MAJOR 0
#define STOREMARK_VERSION_MINOR 1
#define STOREMARK_VERSION_PATCH 0

#include <string_view>

namespace storemark {

/// The library's version, for example "0.1.0"; static storage.
[[nodiscard]] std::string_view version() noexcept;
/// The format version it writes.
inline constexpr unsigned format_version = 1;

}  // namespace storemark
