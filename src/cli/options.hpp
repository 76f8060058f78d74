// SPDX-License-Identifier: Apache-2.0
// Options that several commands have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace storemark::cli {

enum class WithSvg { no, yes };

/// -o table|json, and --json; svg where there is a picture.
void add_format(CLI::App& command, Format& format, WithSvg svg = WithSvg::no);
/// --rsh, which has its default already.
void add_rsh(CLI::App& command, std::string& rsh);
/// STORE...: one or more.
void add_stores(CLI::App& command, std::vector<std::string>& stores);
/// STORE: one data directory of this host, as the commands that write take it.
void add_directory(CLI::App& command, std::string& directory, const std::string& name = "STORE");
/// A whole number in decimal digits; anything else is a usage error.
CLI::Option* add_number(CLI::App& command, const std::string& flag, std::uint64_t& value,
                        const std::string& text);
struct Bounds {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};
/// A whole number within bounds, which the help and the refusal name.
CLI::Option* add_bounded(CLI::App& command, const std::string& flag,
                         std::optional<std::uint64_t>& value, Bounds bounds,
                         const std::string& text);
/// --if-sequence and --reason.
void add_word(CLI::App& command, std::uint64_t& if_sequence, std::string& reason);
void add_reason(CLI::App& command, std::string& reason);

}  // namespace storemark::cli
