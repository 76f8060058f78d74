// SPDX-License-Identifier: Apache-2.0
// Small pieces of text: what a person reads, and what a shell takes.
#pragma once

#include <cstdint>
#include <optional>
#include <storemark/examine.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace storemark::cli {

/// Text from a file or a command line, made safe for a terminal: control characters and bytes that
/// are no UTF-8 are spelt \xNN.
[[nodiscard]] std::string printable(std::string_view text);

/// How many columns a printable text takes: its code points.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

/// At most `width` columns, the front cut off; "..." says so.
[[nodiscard]] std::string keep_end(std::string_view text, std::size_t width);

/// Seconds in UTC, as RFC 3339 spells them; "-" for 0, which means that nobody recorded a time.
[[nodiscard]] std::string rfc3339(std::int64_t nanoseconds_since_1970);
[[nodiscard]] std::string rfc3339_now();

/// The first eight digits: enough for a person to tell ids apart; "-" for nil.
[[nodiscard]] std::string short_id(const Uuid& id);
[[nodiscard]] std::string hex(const std::uint8_t* bytes, std::size_t size);

/// "1 slot", "2 slots".
[[nodiscard]] std::string counted(std::uint64_t n, std::string_view singular);
/// "a", "a and b", "a, b and c".
[[nodiscard]] std::string listed(const std::vector<std::string>& items);

/// "1042 exact", "990 to 1010", "at least 990".
[[nodiscard]] std::string sequence_text(const Verdict& verdict);

/// A decimal number and nothing else: no sign, no space, no other base.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

/// Seconds with at most three decimals, "2" or "0.25", in milliseconds.
[[nodiscard]] std::optional<std::uint64_t> parse_seconds(std::string_view text) noexcept;

/// A command line that a shell reads back as exactly these arguments.
[[nodiscard]] std::string command_line(const std::vector<std::string>& argv);

}  // namespace storemark::cli
