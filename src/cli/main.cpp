// SPDX-License-Identifier: Apache-2.0
// The tool: reads the command line, runs one command.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <exception>
#include <storemark/version.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "cli/nearest.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

void add_commands(CLI::App& app, Chosen& chosen) {
  add_examine(app, chosen);
  add_plan(app, chosen);
  add_verify(app, chosen);
  add_mark_clean(app, chosen);
  add_discard(app, chosen);
  add_adopt(app, chosen);
  add_undo(app, chosen);
  add_log(app, chosen);
  add_collect(app, chosen);
  add_watch(app, chosen);
  add_probe(app, chosen);
  add_explain(app, chosen);
  for (CLI::App* command : app.get_subcommands({})) command->group("Commands");
}

void set_up(CLI::App& app) {
  app.name("storemark");
  app.description(
      "Tells what the stores of a cluster are worth after it stopped, and which of them "
      "to go on from.");
  app.set_help_flag("-h,--help", "this page; COMMAND --help has more");
  app.set_version_flag("--version",
                       fmt::format("storemark {} (journal format {})", version(), format_version),
                       "the version, and the journal format it writes");
  app.require_subcommand(1);
  app.get_formatter()->column_width(26);
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->label("REQUIRED", "(required)");
  app.footer(std::string(exit_status_help()));
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flag_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The subcommand that the command line names, or null.
const CLI::App* named_command(const CLI::App& app, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.starts_with('-')) continue;
    for (const CLI::App* command : app.get_subcommands({})) {
      if (command->get_name() == word) return command;
    }
    return nullptr;
  }
  return nullptr;
}

ExitStatus report_command(const CLI::App& app, std::string_view word) {
  const std::string near = nearest(word, command_names(app));
  const std::string todo = near.empty()
                               ? fmt::format("the commands are {}", listed(command_names(app)))
                               : fmt::format("did you mean \"storemark {}\"?", near);
  return report_usage(fmt::format("storemark {}", word), fmt::format("no command is \"{}\"", word),
                      todo);
}

/// "storemark COMMAND", or "storemark" for the app itself.
std::string spelt(const CLI::App& command) {
  return command.get_parent() == nullptr ? "storemark"
                                         : fmt::format("storemark {}", command.get_name());
}

/// A flag that the command does not know, or a word too many.
ExitStatus report_extra(const CLI::App& command, const std::string& word) {
  const std::string help = fmt::format("{} --help", spelt(command));
  const std::string near = word.starts_with('-') ? nearest(word, flag_names(command)) : "";
  return report_usage(spelt(command),
                      word.starts_with('-') ? fmt::format("it has no flag {}", word)
                                            : fmt::format("\"{}\" is one argument too many", word),
                      near.empty() ? help : fmt::format("did you mean {}? See {}", near, help));
}

ExitStatus report_parse_error(const CLI::App& app, const std::vector<std::string>& words,
                              const CLI::ParseError& error) {
  const CLI::App* command = named_command(app, words);
  if (command == nullptr) {
    for (const std::string& word : words) {
      return word.starts_with('-') ? report_extra(app, word) : report_command(app, word);
    }
    return report_usage("storemark", "no command was given", "storemark --help lists the commands");
  }
  const std::vector<std::string> extra = command->remaining();
  if (!extra.empty()) return report_extra(*command, extra.front());
  return report_usage(spelt(*command), error.what(), fmt::format("{} --help", spelt(*command)));
}

ExitStatus run(int argc, const char* const* argv) {
  CLI::App app;
  Chosen chosen;
  set_up(app);
  add_commands(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return emit(app.help());
  } catch (const CLI::CallForVersion& version) {
    return emit(fmt::format("{}\n", version.what()));
  } catch (const CLI::ParseError& error) {
    return report_parse_error(app, {argv + 1, argv + argc}, error);
  }
  return chosen();
}

}  // namespace
}  // namespace storemark::cli

int main(int argc, char** argv) {
  using storemark::cli::ExitStatus;
  try {
    return static_cast<int>(storemark::cli::run(argc, argv));
  } catch (const std::exception& problem) {
    storemark::cli::remark(fmt::format("stopped: {}", problem.what()));
    return static_cast<int>(ExitStatus::failure);
  }
}
