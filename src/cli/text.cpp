// SPDX-License-Identifier: Apache-2.0
#include "cli/text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iterator>

namespace storemark::cli {
namespace {

/// The length of the UTF-8 sequence at the front of `text`, or 0 if it is none or would be a
/// control character.
std::size_t plain_sequence(std::string_view text) noexcept {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xC0U) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
  const bool beyond = (lead == 0xF4 && at(1) > 0x8F) || (lead == 0xED && at(1) > 0x9F);
  const bool control = lead == 0xC2 && at(1) < 0xA0;
  // Marks that turn the direction of the line can make it read as another one.
  const bool turning = lead == 0xE2 && ((at(1) == 0x80 && at(2) >= 0x8E && at(2) <= 0xAE) ||
                                        (at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9));
  return overlong || beyond || control || turning ? 0 : size;
}

bool needs_no_quotes(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_./:=+,@%").find(c) != std::string_view::npos;
}

/// Calls put(bytes, whether they are plain text) for each piece of the text.
template <class Put>
void for_each_piece(std::string_view text, Put put) {
  while (!text.empty()) {
    const std::size_t size = plain_sequence(text);
    put(text.substr(0, std::max<std::size_t>(size, 1)), size != 0);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
}

std::string spelt(std::string_view byte) {
  return fmt::format("\\x{:02x}", static_cast<unsigned char>(byte[0]));
}

/// Plain text in the quotes that every shell knows; anything else in those of bash, ksh and zsh, so
/// that it does not reach the terminal.
std::string in_quotes(std::string_view word) {
  std::string plain;
  std::string escaped;
  bool all_plain = true;
  for_each_piece(word, [&](std::string_view piece, bool is_plain) {
    all_plain = all_plain && is_plain;
    plain += piece == "'" ? "'\\''" : piece;
    if (piece == "'" || piece == "\\") escaped += '\\';
    escaped += is_plain ? std::string(piece) : spelt(piece);
  });
  return all_plain ? "'" + plain + "'" : "$'" + escaped + "'";
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for_each_piece(text, [&out](std::string_view piece, bool is_plain) {
    out += is_plain ? std::string(piece) : spelt(piece);
  });
  return out;
}

std::size_t columns(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  }));
}

std::string keep_end(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  constexpr std::string_view dots = "...";
  while (!text.empty() && columns(text) + dots.size() > width) {
    text.remove_prefix(1);
    while (!text.empty() && (static_cast<unsigned char>(text[0]) & 0xC0U) == 0x80) {
      text.remove_prefix(1);
    }
  }
  return std::string(dots) + std::string(text);
}

std::string rfc3339(std::int64_t nanoseconds_since_1970) {
  if (nanoseconds_since_1970 == 0) return "-";
  const std::chrono::sys_time<std::chrono::nanoseconds> time{
      std::chrono::nanoseconds{nanoseconds_since_1970}};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds.time_since_epoch().count()));
}

std::string rfc3339_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return rfc3339(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

std::string short_id(const Uuid& id) { return id.is_nil() ? "-" : to_string(id).substr(0, 8); }

std::string hex(const std::uint8_t* bytes, std::size_t size) {
  return fmt::format("{:02x}", fmt::join(bytes, bytes + size, ""));
}

std::string counted(std::uint64_t n, std::string_view singular) {
  return fmt::format("{} {}{}", n, singular, n == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? " and " : ", ";
    out += items[i];
  }
  return out;
}

std::string sequence_text(const Verdict& verdict) {
  switch (verdict.certainty) {
    case Certainty::exact:
      return fmt::format("{} exact", verdict.floor);
    case Certainty::between:
      return fmt::format("{} to {}", verdict.floor, verdict.ceiling);
    case Certainty::at_least:
      break;
  }
  return fmt::format("at least {}", verdict.floor);
}

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_seconds(std::string_view text) noexcept {
  constexpr std::uint64_t most_seconds = 1'000'000'000;
  const std::size_t point = text.find('.');
  const auto whole = parse_number(text.substr(0, point));
  if (!whole || *whole > most_seconds) return std::nullopt;
  if (point == std::string_view::npos) return *whole * 1000;
  const std::string_view decimals = text.substr(point + 1);
  const auto part = parse_number(decimals);
  if (!part || decimals.size() > 3) return std::nullopt;
  const std::uint64_t scale = decimals.size() == 1 ? 100 : decimals.size() == 2 ? 10 : 1;
  return *whole * 1000 + *part * scale;
}

std::string command_line(const std::vector<std::string>& argv) {
  std::string out;
  for (const std::string& word : argv) {
    if (!out.empty()) out += ' ';
    const bool bare = !word.empty() && std::all_of(word.begin(), word.end(), needs_no_quotes);
    out += bare ? word : in_quotes(word);
  }
  return out;
}

}  // namespace storemark::cli
