// SPDX-License-Identifier: Apache-2.0
#include "protocol.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "event.hpp"

namespace minibroker {
namespace {

/// The first word; what follows its space stays in `rest`. No space, no rest.
std::string_view take_word(std::optional<std::string_view>& rest) {
  if (!rest) return {};
  const std::size_t space = rest->find(' ');
  const std::string_view word = rest->substr(0, space);
  rest = space == std::string_view::npos ? std::nullopt : std::optional(rest->substr(space + 1));
  return word;
}

/// A decimal number without sign and without more.
std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

BadCommand bad_queue() {
  return {fmt::format("a queue's name has 1 to {} letters, digits, dots, dashes or underscores",
                      max_queue_bytes)};
}

Command parse_publish(std::optional<std::string_view> rest) {
  const std::string_view queue = take_word(rest);
  if (!is_queue_name(queue)) return bad_queue();
  if (!rest) return BadCommand{"no text: PUB queue text"};
  return PublishCommand{queue, *rest};
}

Command parse_consume(std::optional<std::string_view> rest) {
  const std::string_view queue = take_word(rest);
  if (!is_queue_name(queue)) return bad_queue();
  if (!rest) return ConsumeCommand{queue, 1};
  const auto count = number_of(*rest);
  if (!count || *count == 0 || *count > max_consume) {
    return BadCommand{fmt::format("the count is a number from 1 to {}", max_consume)};
  }
  return ConsumeCommand{queue, static_cast<std::size_t>(*count)};
}

Command parse_acknowledge(std::optional<std::string_view> rest) {
  const auto id = rest ? number_of(*rest) : std::nullopt;
  if (!id || *id == 0) return BadCommand{"no id: ACK id, as MSG gave it"};
  return AcknowledgeCommand{*id};
}

Command parse_update(std::optional<std::string_view> rest) {
  const auto ticket = storemark::parse_uuid(rest.value_or(""));
  if (!ticket) return BadCommand{"no ticket: UPDATE is for members, not for clients"};
  return UpdateCommand{*ticket};
}

/// A command that takes nothing.
Command alone(const std::optional<std::string_view>& rest, Command command) {
  if (rest) return BadCommand{"it takes no argument"};
  return command;
}

}  // namespace

Command parse(std::string_view line) {
  if (line.size() > max_line_bytes) {
    return BadCommand{fmt::format("a line has at most {} bytes", max_line_bytes)};
  }
  std::optional<std::string_view> rest = line;
  const std::string_view word = take_word(rest);
  if (word == "PUB") return parse_publish(rest);
  if (word == "CONSUME") return parse_consume(rest);
  if (word == "ACK") return parse_acknowledge(rest);
  if (word == "UPDATE") return parse_update(rest);
  if (word == "STATUS") return alone(rest, StatusCommand{});
  if (word == "SHUTDOWN") return alone(rest, ShutdownCommand{});
  if (word == "HELP") return alone(rest, HelpCommand{});
  return BadCommand{"no such command: HELP lists them"};
}

std::string_view help() noexcept {
  return "INFO PUB queue text       OK n: it is message n, on two members' disks\n"
         "INFO CONSUME queue [n]    MSG id text, at most n times; then END and how many\n"
         "INFO ACK id               OK n: the message is gone, or was before\n"
         "INFO STATUS               STATUS phase sequence N messages N and the member's own words\n"
         "INFO SHUTDOWN             stops the whole cluster cleanly; OK once this member has "
         "stopped\n"
         "INFO HELP                 this\n"
         "END 6\n";
}

}  // namespace minibroker
