// SPDX-License-Identifier: Apache-2.0
// How a command says what it is called and what it takes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace storemark::cli {

enum class WithSvg { no, yes };
enum class Needed { no, yes };

/// A command of this name; `run` is what is chosen with it.
CLI::App& add_command(CLI::App& app, Chosen& chosen, const std::string& name,
                      const std::string& text, const std::string& footer, Chosen run);

/// What an option is called, what its value is called in the help, and what it is for. A name
/// without dashes takes a word by its place.
struct OptionText {
  std::string name;
  std::string value;
  std::string text;
  Needed needed = Needed::no;
};
void add_text(CLI::App& command, const OptionText& option, std::string& into);
/// Any number of words behind it.
void add_texts(CLI::App& command, const OptionText& option, std::vector<std::string>& into);
/// One word each time it is given.
void add_each(CLI::App& command, const OptionText& option, std::vector<std::string>& into);
/// A word that `take` understands, or refuses with refuse_word().
void add_word_for(CLI::App& command, const OptionText& option,
                  const std::function<void(const std::string&)>& take);
[[noreturn]] void refuse_word(const std::string& name, const std::string& why);
void add_flag(CLI::App& command, const std::string& name, bool& into, const std::string& text);

/// -o table|json, and --json; svg where there is a picture.
void add_format(CLI::App& command, Format& format, WithSvg svg = WithSvg::no);
/// --rsh, which has its default already.
void add_rsh(CLI::App& command, std::string& rsh);
/// STORE...: one or more.
void add_stores(CLI::App& command, std::vector<std::string>& stores, Needed needed = Needed::yes);
/// STORE: one data directory of this host, as the commands that write take it.
void add_directory(CLI::App& command, std::string& directory, const std::string& name = "STORE");
/// A whole number in decimal digits; anything else is a usage error.
void add_number(CLI::App& command, const std::string& flag, std::uint64_t& value,
                const std::string& text);
struct Bounds {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};
/// A whole number within bounds, which the help and the refusal name.
void add_bounded(CLI::App& command, const std::string& flag, std::optional<std::uint64_t>& value,
                 Bounds bounds, const std::string& text);
/// --if-sequence and --reason.
void add_word(CLI::App& command, std::uint64_t& if_sequence, std::string& reason);
void add_reason(CLI::App& command, std::string& reason);

}  // namespace storemark::cli
