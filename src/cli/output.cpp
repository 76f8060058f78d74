// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

constexpr std::size_t least_columns = 60;  // of what stands in columns itself, no less can be made
constexpr std::size_t most_columns = 100;

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool use_colour(int descriptor) {
  if (is_set("NO_COLOR") || isatty(descriptor) == 0) return false;
  const char* terminal = std::getenv("TERM");
  return terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

std::string_view escape_code(Colour colour) {
  switch (colour) {
    case Colour::good:
      return "\x1b[32m";
    case Colour::care:
      return "\x1b[33m";
    case Colour::bad:
      return "\x1b[31m";
    case Colour::strong:
      return "\x1b[1m";
    case Colour::none:
      break;
  }
  return {};
}

std::string painted(int descriptor, Colour colour, std::string_view text) {
  const std::string_view code = escape_code(colour);
  if (code.empty() || !use_colour(descriptor)) return std::string(text);
  return fmt::format("{}{}\x1b[0m", code, text);
}

/// What cannot be said on stderr cannot be said at all.
void to_stderr(const std::string& text) { std::fputs(text.c_str(), stderr); }

void print_line(std::string& out, std::string_view label, std::string_view text) {
  if (!text.empty()) out += fmt::format("  {:<7}{}\n", label, printable(text));
}

}  // namespace

std::size_t screen_columns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return most_columns;
  return std::clamp<std::size_t>(size.ws_col, least_columns, most_columns);
}

std::string coloured(Colour colour, std::string_view text) {
  return painted(STDOUT_FILENO, colour, text);
}

ExitStatus emit(std::string_view data, ExitStatus wanted) {
  const bool written = std::fwrite(data.data(), 1, data.size(), stdout) == data.size();
  if (written && std::fflush(stdout) == 0) return wanted;
  const int cause = errno;
  return report(Error{Errc::io_failed, "the answer could not be printed", "standard output",
                      std::generic_category().message(cause),
                      "give it a place that takes it, and ask again", cause});
}

ExitStatus report(const Error& error) {
  const std::string_view id = error_id(error.code);
  std::string out = fmt::format("{} {} {}\n", painted(STDERR_FILENO, Colour::bad, "storemark:"), id,
                                error_name(error.code));
  print_line(out, "what", error.what);
  print_line(out, "where", error.where);
  print_line(out, "why", error.why);
  print_line(out, "to do", error.todo);
  print_line(out, "more", fmt::format("storemark explain {}", id));
  to_stderr(out);
  return exit_status(error.code);
}

void remark(std::string_view text) { to_stderr(fmt::format("storemark: {}\n", printable(text))); }

ExitStatus report_usage(std::string_view where, std::string_view why, std::string_view todo) {
  return report(Error{Errc::invalid_argument, "the command line was not understood",
                      std::string(where), std::string(why), std::string(todo), 0});
}

}  // namespace storemark::cli
