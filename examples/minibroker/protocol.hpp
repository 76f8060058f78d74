// SPDX-License-Identifier: Apache-2.0
// The line protocol, as README.md has it: one line is one command. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <storemark/ids.hpp>
#include <string>
#include <string_view>
#include <variant>

namespace minibroker {

inline constexpr std::size_t max_line_bytes = 64 * 1024;  ///< without the line's end
inline constexpr std::size_t max_consume = 1000;

struct PublishCommand {
  std::string_view queue;
  std::string_view text;
};
struct ConsumeCommand {
  std::string_view queue;
  std::size_t count = 1;
};
struct AcknowledgeCommand {
  std::uint64_t id = 0;
};
struct StatusCommand {};
struct ShutdownCommand {};
struct HelpCommand {};
/// Not for people: a joiner's first and only line.
struct UpdateCommand {
  storemark::Uuid ticket;
};
struct BadCommand {
  std::string why;
};

using Command = std::variant<PublishCommand, ConsumeCommand, AcknowledgeCommand, StatusCommand,
                             ShutdownCommand, HelpCommand, UpdateCommand, BadCommand>;

/// What a line, without its end, asks for. Total. The views point into `line`.
[[nodiscard]] Command parse(std::string_view line);

/// The answer to HELP.
[[nodiscard]] std::string_view help() noexcept;

}  // namespace minibroker
