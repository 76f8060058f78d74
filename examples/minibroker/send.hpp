// SPDX-License-Identifier: Apache-2.0
// A client that publishes lines, many of them on their way at once.
#pragma once

#include "options.hpp"

namespace minibroker {

/// Publishes each line of standard input and prints the number of each that was acknowledged, with
/// its message's id. Returns 0 when all were, else 1; throws std::exception when the system says
/// no.
[[nodiscard]] int send_lines(const SendOptions& options);

}  // namespace minibroker
