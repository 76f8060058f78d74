// SPDX-License-Identifier: Apache-2.0
// Options that several commands have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace storemark::cli {

/// -o table|json, and --json.
void add_format(CLI::App& command, Format& format);
/// STORE...: one or more.
void add_stores(CLI::App& command, std::vector<std::string>& stores);
/// STORE: one data directory of this host, as the commands that write take it.
void add_directory(CLI::App& command, std::string& directory, const std::string& name = "STORE");
/// A whole number in decimal digits; anything else is a usage error.
CLI::Option* add_number(CLI::App& command, const std::string& flag, std::uint64_t& value,
                        const std::string& text);
/// --if-sequence and --reason.
void add_word(CLI::App& command, std::uint64_t& if_sequence, std::string& reason);
void add_reason(CLI::App& command, std::string& reason);

}  // namespace storemark::cli
