// SPDX-License-Identifier: Apache-2.0
// Who types, and where.
#pragma once

#include <string>

namespace storemark::cli {

/// user@host of the person who typed the command, also through sudo.
[[nodiscard]] std::string who_is_asking();

/// This host's own name.
[[nodiscard]] std::string host_name();

}  // namespace storemark::cli
