// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <fmt/format.h>

#include <storemark/record.hpp>

#include "cli/text.hpp"

namespace storemark::cli {

void add_format(CLI::App& command, Format& format, WithSvg svg) {
  const bool draws = svg == WithSvg::yes;
  const auto take = [&format, draws](const std::string& word) {
    if (word == "json") {
      format = Format::json;
    } else if (word == "svg" && draws) {
      format = Format::svg;
    } else if (word == "table") {
      format = Format::table;
    } else {
      throw CLI::ValidationError("--output", fmt::format("\"{}\" is {}", word,
                                                         draws ? "none of table, json and svg"
                                                               : "neither table nor json"));
    }
  };
  command.add_option_function<std::string>("-o,--output", take, "how to print the answer")
      ->type_name(draws ? "table|json|svg" : "table|json");
  command.add_flag_callback(
      "--json", [&format] { format = Format::json; }, "the same as -o json");
}

void add_rsh(CLI::App& command, std::string& rsh) {
  command.add_option("--rsh", rsh, "reaches HOST in place of ssh")->type_name("COMMAND");
}

void add_stores(CLI::App& command, std::vector<std::string>& stores) {
  command
      .add_option("STORE", stores, "a data directory, HOST:DIR, or what examine or collect saved")
      ->type_name("")
      ->required();
}

void add_directory(CLI::App& command, std::string& directory, const std::string& name) {
  command.add_option(name, directory, "a data directory on this host")->type_name("")->required();
}

CLI::Option* add_number(CLI::App& command, const std::string& flag, std::uint64_t& value,
                        const std::string& text) {
  const auto take = [&value, flag](const std::string& word) {
    const auto number = parse_number(word);
    if (!number) {
      throw CLI::ValidationError(
          flag, fmt::format("\"{}\" is not a whole number in decimal digits", word));
    }
    value = *number;
  };
  return command.add_option_function<std::string>(flag, take, text)->type_name("N");
}

CLI::Option* add_bounded(CLI::App& command, const std::string& flag,
                         std::optional<std::uint64_t>& value, Bounds bounds,
                         const std::string& text) {
  const auto take = [&value, flag, bounds](const std::string& word) {
    const auto number = parse_number(word);
    if (!number || *number < bounds.least || *number > bounds.most) {
      throw CLI::ValidationError(flag, fmt::format("\"{}\" is not a whole number from {} to {}",
                                                   word, bounds.least, bounds.most));
    }
    value = *number;
  };
  return command.add_option_function<std::string>(flag, take, text)->type_name("N");
}

void add_reason(CLI::App& command, std::string& reason) {
  command
      .add_option("--reason", reason,
                  fmt::format("why, for those who come after; 1 to {} bytes", max_reason_bytes))
      ->type_name("TEXT")
      ->required();
}

void add_word(CLI::App& command, std::uint64_t& if_sequence, std::string& reason) {
  add_number(command, "--if-sequence", if_sequence,
             "the sequence that examine showed; refused if it is another by now")
      ->required();
  add_reason(command, reason);
}

}  // namespace storemark::cli
