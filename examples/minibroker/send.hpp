// SPDX-License-Identifier: Apache-2.0
// Two small clients: one publishes lines, many of them on their way at once; one asks, and prints
// the answers.
#pragma once

#include "options.hpp"

namespace minibroker {

/// Publishes each line of standard input and prints the number of each that was acknowledged, with
/// its message's id. Returns 0 when all were, else 1; throws std::exception when the system says
/// no.
[[nodiscard]] int send_lines(const SendOptions& options);

/// Sends the requests and prints every answer. Returns 0 if none is an error, else 1; throws as
/// above.
[[nodiscard]] int ask_lines(const AskOptions& options);

}  // namespace minibroker
