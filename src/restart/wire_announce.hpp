// SPDX-License-Identifier: Apache-2.0
// The body of an announcement. Pure.
#pragma once

#include "restart/wire.hpp"
#include "restart/wire_bytes.hpp"

namespace storemark::wire {

void write_announce(const Announce& announce, Writer& out);

/// Any bytes, at most max_control_bytes.
[[nodiscard]] tl::expected<Message, std::string> read_announce(std::span<const std::uint8_t> body);

}  // namespace storemark::wire
