// SPDX-License-Identifier: Apache-2.0
// The mark as it stands at the beginning of the lock file. Pure.
#pragma once

#include <array>
#include <optional>

#include "group/local/hub.hpp"

namespace storemark::local_group {

using MarkBytes = std::array<std::uint8_t, 56>;

[[nodiscard]] MarkBytes encode_mark(const Mark& mark);
/// Nothing where the bytes are no mark.
[[nodiscard]] std::optional<Mark> decode_mark(const MarkBytes& bytes);

}  // namespace storemark::local_group
