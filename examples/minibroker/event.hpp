// SPDX-License-Identifier: Apache-2.0
// The changes that the members send each other: what a message of the group carries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace minibroker {

inline constexpr std::size_t max_queue_bytes = 64;

/// Letters, digits, dot, dash and underscore; at least one of them.
[[nodiscard]] bool is_queue_name(std::string_view name) noexcept;

struct Event {
  enum class Kind : std::uint8_t { publish = 'P', acknowledge = 'A' };
  Kind kind = Kind::publish;
  std::string_view queue;  ///< of publish
  std::string_view text;
  std::uint64_t id = 0;  ///< of acknowledge
};

[[nodiscard]] std::vector<std::uint8_t> encode(const Event& event);
/// Nothing where the bytes are not an event that encode() makes. Its views point into `bytes`.
[[nodiscard]] std::optional<Event> decode(std::span<const std::uint8_t> bytes) noexcept;

}  // namespace minibroker
