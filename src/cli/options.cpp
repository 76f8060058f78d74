// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <storemark/record.hpp>
#include <utility>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

void describe(CLI::Option& option, const OptionText& as) {
  option.type_name(as.value);
  if (as.needed == Needed::yes) option.required();
}

}  // namespace

CLI::App& add_command(CLI::App& app, Chosen& chosen, const std::string& name,
                      const std::string& text, const std::string& footer, Chosen run) {
  CLI::App& command = *app.add_subcommand(name, text);
  command.footer(footer);
  command.callback([&chosen, run = std::move(run)] { chosen = run; });
  return command;
}

void add_text(CLI::App& command, const OptionText& option, std::string& into) {
  describe(*command.add_option(option.name, into, option.text), option);
}

void add_texts(CLI::App& command, const OptionText& option, std::vector<std::string>& into) {
  describe(*command.add_option(option.name, into, option.text), option);
}

void add_each(CLI::App& command, const OptionText& option, std::vector<std::string>& into) {
  CLI::Option& made = *command.add_option(option.name, into, option.text);
  describe(made, option);
  made.expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_word_for(CLI::App& command, const OptionText& option,
                  const std::function<void(const std::string&)>& take) {
  describe(*command.add_option_function<std::string>(option.name, take, option.text), option);
}

void refuse_word(const std::string& name, const std::string& why) {
  throw CLI::ValidationError(name, why);
}

void add_flag(CLI::App& command, const std::string& name, bool& into, const std::string& text) {
  command.add_flag(name, into, text);
}

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
      refuse_word("--output",
                  fmt::format("\"{}\" is {}", word,
                              draws ? "none of table, json and svg" : "neither table nor json"));
    }
  };
  const std::string forms = draws ? "table|json|svg" : "table|json";
  add_word_for(command, {"-o,--output", forms, "how to print the answer"}, take);
  command.add_flag_callback(
      "--json", [&format] { format = Format::json; }, "the same as -o json");
}

void add_rsh(CLI::App& command, std::string& rsh) {
  add_text(command, {"--rsh", "COMMAND", "reaches HOST in place of ssh"}, rsh);
}

void add_stores(CLI::App& command, std::vector<std::string>& stores, Needed needed) {
  const std::string text = "a data directory, HOST:DIR, or what examine or collect saved";
  add_texts(command, {"STORE", "", text, needed}, stores);
}

void add_directory(CLI::App& command, std::string& directory, const std::string& name) {
  add_text(command, {name, "", "a data directory on this host", Needed::yes}, directory);
}

void add_number(CLI::App& command, const std::string& flag, std::uint64_t& value,
                const std::string& text) {
  const auto take = [&value, flag](const std::string& word) {
    const auto number = parse_number(word);
    if (!number) {
      refuse_word(flag, fmt::format("\"{}\" is not a whole number in decimal digits", word));
    }
    value = *number;
  };
  add_word_for(command, {flag, "N", text, Needed::yes}, take);
}

void add_bounded(CLI::App& command, const std::string& flag, std::optional<std::uint64_t>& value,
                 Bounds bounds, const std::string& text) {
  const auto take = [&value, flag, bounds](const std::string& word) {
    const auto number = parse_number(word);
    if (!number || *number < bounds.least || *number > bounds.most) {
      refuse_word(flag, fmt::format("\"{}\" is not a whole number from {} to {}", word,
                                    bounds.least, bounds.most));
    }
    value = *number;
  };
  add_word_for(command, {flag, "N", text}, take);
}

void add_reason(CLI::App& command, std::string& reason) {
  const std::string text =
      fmt::format("why, for those who come after; 1 to {} bytes", max_reason_bytes);
  add_text(command, {"--reason", "TEXT", text, Needed::yes}, reason);
}

void add_word(CLI::App& command, std::uint64_t& if_sequence, std::string& reason) {
  add_number(command, "--if-sequence", if_sequence,
             "the sequence that examine showed; refused if it is another by now");
  add_reason(command, reason);
}

}  // namespace storemark::cli
