// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <storemark/version.hpp>

#include "event.hpp"

namespace minibroker {
namespace {

namespace fs = std::filesystem;
using storemark::FoundPolicy;
using storemark::MemberKind;
using storemark::RestorePolicy;

constexpr int exit_usage = 2;
constexpr std::string_view local = "local:";

/// All that the command line can say.
struct Words {
  ServeOptions serve;
  SendOptions send;
  AskOptions ask;
  fs::path directory;
  std::string group;
  std::string policy = "manual";
  std::string found = "allowed";
  std::int64_t interval = 1000;
  bool transient = false;
  bool dump = false;
};

void add_member_options(CLI::App& app, Words& words) {
  storemark::DriverOptions& driver = words.serve.driver;
  app.add_option("--directory", words.directory, "The data directory, of store and journal")
      ->check(CLI::ExistingDirectory);
  app.add_option("--socket", words.serve.socket,
                 "Where clients call, and members that take an update; default: DIRECTORY/socket");
  app.add_option("--group", words.group,
                 "Where the members meet: local:DIR, a directory of this host that they all name");
  app.add_option("--name", driver.label, "What people call this member; default: DIRECTORY's name")
      ->check([](const std::string& name) {
        return name.empty() || name.size() > storemark::max_label_bytes
                   ? "1 to " + std::to_string(storemark::max_label_bytes) + " bytes"
                   : "";
      });
  app.add_option("--wait-for", driver.wait_for, "How many members start a cluster")
      ->check(CLI::Range(std::uint32_t{1}, storemark::max_wait_for))
      ->capture_default_str();
  app.add_option("--policy", words.policy,
                 "Without a clean store: manual, an operator chooses; latest, where one is proven "
                 "to be the latest, it is chosen")
      ->check(CLI::IsMember({"manual", "latest"}))
      ->capture_default_str();
  app.add_option("--found", words.found, "Whether stores that all hold nothing found a new cluster")
      ->check(CLI::IsMember({"allowed", "never"}))
      ->capture_default_str();
  app.add_option("--interval", words.interval,
                 "Milliseconds between periodic writes of the sequence; 0: none")
      ->check(CLI::Range(0, 3'600'000))
      ->capture_default_str();
  app.add_flag("--transient", words.transient,
               "Keep nothing: no journal, and a store that begins empty at each start");
  app.add_flag("--dump", words.dump, "Print the store in DIRECTORY and do nothing else");
}

CLI::App* add_send(CLI::App& app, SendOptions& options) {
  CLI::App* send = app.add_subcommand(
      "send",
      "Publish each line of standard input; print each that is acknowledged: its number "
      "and the message's id");
  send->add_option("--socket", options.socket, "The broker's")->required();
  send->add_option("QUEUE", options.queue)->required()->check([](const std::string& name) {
    return is_queue_name(name) ? "" : "not a queue's name";
  });
  send->add_option("--rate", options.rate, "At most so many lines per second; 0: no limit")
      ->check(CLI::NonNegativeNumber);
  return send;
}

CLI::App* add_ask(CLI::App& app, AskOptions& options) {
  CLI::App* ask = app.add_subcommand("ask", "Send requests, each a line, and print the answers");
  ask->add_option("--socket", options.socket, "The broker's")->required();
  ask->add_option("LINE", options.lines, "For example STATUS, or 'CONSUME queue 10'")->required();
  return ask;
}

/// What no option alone can be blamed for; empty where nothing is wrong.
std::string complete(Words& words) {
  ServeOptions& serve = words.serve;
  if (words.directory.empty()) return "--directory is required";
  if (words.dump) return "";
  words.directory = fs::canonical(words.directory);
  serve.driver.directory = words.directory;
  serve.driver.journal.interval = std::chrono::milliseconds(words.interval);
  if (words.policy == "latest") serve.driver.restore = RestorePolicy::latest;
  if (words.found == "never") serve.driver.found = FoundPolicy::never;
  if (serve.driver.label.empty()) {
    serve.driver.label = words.directory.filename().string();
    if (serve.driver.label.size() > storemark::max_label_bytes) return "--name is required";
  }
  if (serve.socket.empty()) serve.socket = words.directory / "socket";
  serve.socket = fs::absolute(serve.socket);  // for members with another working directory
  serve.driver.address = serve.socket.string();
  if (!words.group.starts_with(local) || words.group.size() == local.size()) {
    return "--group is required: local:DIR";
  }
  serve.group = words.group.substr(local.size());
  if (words.transient) {
    serve.driver.kind = MemberKind::transient;
    if (fs::exists(words.directory / storemark::journal_file_name)) {
      return "--transient would discard the store of a persistent member: " +
             words.directory.string() + " has a journal";
    }
  }
  return "";
}

}  // namespace

Chosen parse_options(int argc, char** argv) {
  Words words;
  CLI::App app("A small replicated queue broker: every member holds every message.", "minibroker");
  app.set_version_flag("--version", std::string(storemark::version()));
  app.require_subcommand(0, 1);
  add_member_options(app, words);
  const CLI::App* const send = add_send(app, words.send);
  const CLI::App* const ask = add_ask(app, words.ask);
  app.footer(
      "Exit status: 0 left, shut down, or done; 1 failure; 2 usage; 4 needs an operator;\n"
      "6 the journal or its store is lost, hollow or damaged; 7 in use; 8 refused. What happens "
      "is\n"
      "told on standard error. SIGTERM and SIGINT: leave the cluster.");
  try {
    app.parse(argc, argv);
    if (send->parsed()) return words.send;
    if (ask->parsed()) return words.ask;
    if (const std::string wrong = complete(words); !wrong.empty()) {
      throw CLI::ValidationError(wrong);
    }
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? 0 : exit_usage;
  }
  if (words.dump) return DumpOptions{words.directory};
  return words.serve;
}

}  // namespace minibroker
