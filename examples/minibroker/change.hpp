// SPDX-License-Identifier: Apache-2.0
// A change of the queues: one line, as a client asks for it, and as members send it each other.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace minibroker {

inline constexpr std::size_t max_queue_bytes = 64;
inline constexpr const char* no_queue_name =
    "a queue's name has 1 to 64 letters, digits, dots, dashes or underscores";

/// "PUB queue text" or "ACK id". The views point into the line.
struct Change {
  std::string_view queue;  ///< of PUB
  std::string_view text;
  std::uint64_t id = 0;  ///< of ACK; 0: it is a PUB
};

/// What stands before the first space, and what after it: where there is none, nothing.
inline std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, space), text.substr(space + 1)};
}

/// A decimal number from 1 without sign and without more; else 0.
inline std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

/// Letters, digits, dot, dash and underscore; at least one of them.
inline bool is_queue_name(std::string_view name) {
  return !name.empty() && name.size() <= max_queue_bytes && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

/// The change that a line without its end asks for, or why it is none. Total.
inline tl::expected<Change, std::string> parse_change(std::string_view line) {
  const auto [word, rest] = split(line);
  if (word == "ACK") {
    const std::uint64_t id = number_of(rest.value_or(""));
    if (id == 0) return tl::unexpected<std::string>("no id: ACK id, as MSG gave it");
    return Change{{}, {}, id};
  }
  if (word != "PUB") return tl::unexpected<std::string>("no such command: HELP lists them");
  const auto [queue, text] = split(rest.value_or(""));
  if (!is_queue_name(queue)) return tl::unexpected<std::string>(no_queue_name);
  if (!text) return tl::unexpected<std::string>("no text: PUB queue text");
  return Change{queue, *text, 0};
}

}  // namespace minibroker
