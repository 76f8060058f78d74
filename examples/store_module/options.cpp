// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <storemark/version.hpp>

namespace store_module {
namespace {

constexpr int exit_usage = 2;

std::string check_uuid(const std::string& text) {
  const auto uuid = storemark::parse_uuid(text);
  if (!uuid) return uuid.error().why;
  return uuid->is_nil() ? "the nil UUID means none" : "";
}

template <class Id>
void read_id(const std::string& text, std::optional<Id>& id) {
  if (!text.empty()) id = Id(storemark::parse_uuid(text).value());
}

}  // namespace

std::variant<Options, int> parse_options(int argc, char** argv) {
  Options options;
  std::string initial;
  std::string shutdown;
  std::int64_t interval = options.interval.count();

  CLI::App app(
      "Keeps each line of a text as a message in a store, and says after a crash what the "
      "store is worth.\nLine n of the input is event n: after a restart, give it the same "
      "text from the start.",
      "store_module");
  app.set_version_flag("--version", std::string(storemark::version()));
  app.add_option("DIR", options.directory, "The data directory")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--input", options.input, "The text to take in, - for standard input")
      ->capture_default_str();
  app.add_option("--initial", initial,
                 "The UUID of the cluster, which its members agreed on; at the first start")
      ->check(check_uuid);
  app.add_option("--shutdown", shutdown,
                 "Shut down cleanly with this final UUID, which is the same at every member, at "
                 "the end of the input or on SIGTERM; without it the store is left dirty")
      ->check(check_uuid);
  app.add_option("--view-members", options.members,
                 "The members of the view, by the names of their data directories, which stand "
                 "beside DIR; default: this one alone")
      ->delimiter(',');
  app.add_option("--update-from", options.update_from,
                 "First replace the store by a copy of the one in this data directory")
      ->check(CLI::ExistingDirectory);
  app.add_option("--interval", interval,
                 "Milliseconds between periodic writes of the sequence; 0: none")
      ->check(CLI::Range(0, 3'600'000))
      ->capture_default_str();
  app.add_flag("--every-event", options.every_event,
               "Make the sequence durable with every event: exact after a crash, one flush dearer");
  app.add_option("--rate", options.rate, "Take in at most so many lines per second; 0: no limit")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--skip-existing,!--no-skip-existing", options.skip_existing,
               "Pass over the lines that the store holds already, after checking that they are the "
               "same (default); without it, every line is new");
  app.add_flag("--check-messages", options.check_messages,
               "Read every message at the start and take the store's digest from them");
  app.add_flag("--open-only", options.open_only,
               "Record the cluster's UUID, if given, and what the store holds; then stop, without "
               "dirtying it");
  app.add_flag("--dump", options.dump, "Print the messages and do nothing else");
  app.footer(
      "Exit status: 0 done; 1 failure; 2 usage; 4 needs an operator; 6 the journal is lost, "
      "hollow or damaged;\n7 in use. Status is told on standard error.");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? 0 : exit_usage;
  }
  read_id(initial, options.initial);
  read_id(shutdown, options.shutdown);
  options.interval = std::chrono::milliseconds(interval);
  return options;
}

}  // namespace store_module
