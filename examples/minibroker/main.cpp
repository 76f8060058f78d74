// SPDX-License-Identifier: Apache-2.0
// A replicated queue broker on storemark's driver and LMDB. Clients have threads of their own
// (server.cpp); the driver's thread decides with the other members, and tells the store what to do
// (broker.cpp).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <sstream>
#include <stop_token>
#include <storemark/storemark.hpp>
#include <string>
#include <system_error>
#include <utility>

#include "broker.hpp"
#include "client.hpp"
#include "notify.hpp"
#include "queue_store.hpp"
#include "server.hpp"
#include "signalled.hpp"
#include "sockets.hpp"
#include "tcp.hpp"

#ifdef MINIBROKER_WITH_COROSYNC
#include <storemark/corosync_group.hpp>
#endif

namespace minibroker {
namespace {

namespace fs = std::filesystem;
using storemark::Driver;
using storemark::Errc;

struct Options {
  storemark::DriverOptions driver;  ///< its directory is also that of the store
  std::string group;
  std::string policy = "manual";
  std::string found = "allowed";
  int interval = 1000;
  fs::path socket;
  std::string update_address;
  std::string quorum = "automatic";
  bool transient = false;
  bool dump = false;
  double rate = 0;  ///< of a client, and its lines
  std::vector<std::string> lines;
};

void add_member_options(CLI::App& app, Options& options) {
  storemark::DriverOptions& driver = options.driver;
  app.add_option("--directory", driver.directory, "The data directory, of store and journal")
      ->check(CLI::ExistingDirectory);
  app.add_option("--socket", options.socket,
                 "Where clients call, and members of a local group that take an update; default: "
                 "DIRECTORY/socket");
  app.add_option(
      "--group", options.group,
      "Where the members meet: local:DIR, a directory of this host that they all name; or "
      "corosync[:NAME], a group of the Corosync cluster that this host is in");
  app.add_option("--update-address", options.update_address,
                 "HOST:PORT, where members on other hosts take an update; needed with corosync");
  app.add_option("--quorum", options.quorum,
                 "Whether a member without a quorum is suspended: automatic, where one is "
                 "configured; required; ignored")
      ->check(CLI::IsMember({"automatic", "required", "ignored"}))
      ->capture_default_str();
  app.add_option("--name", driver.label, "What people call this member; default: DIRECTORY's name");
  app.add_option("--wait-for", driver.wait_for, "How many members start a cluster")
      ->check(CLI::Range(std::uint32_t{1}, storemark::max_wait_for))
      ->capture_default_str();
  app.add_option("--policy", options.policy,
                 "Without a clean store: manual, an operator chooses; latest, where one is proven "
                 "to be the latest, it is chosen")
      ->check(CLI::IsMember({"manual", "latest"}))
      ->capture_default_str();
  app.add_option("--found", options.found,
                 "Whether stores that all hold nothing found a new cluster")
      ->check(CLI::IsMember({"allowed", "never"}))
      ->capture_default_str();
  app.add_option("--interval", options.interval,
                 "Milliseconds between periodic writes of the sequence; 0: none")
      ->check(CLI::Range(0, 3'600'000))
      ->capture_default_str();
  app.add_flag("--transient", options.transient,
               "Keep nothing: no journal, and a store that begins empty at each start");
  app.add_flag("--dump", options.dump, "Print the store in DIRECTORY and do nothing else");
}

void add_client(CLI::App& app, Options& options) {
  CLI::App* const client = app.add_subcommand(
      "client",
      "Send requests, each a line, and print the answers: those of the command line, "
      "else of standard input");
  client->add_option("--socket", options.socket, "The broker's")->required();
  client->add_option("LINE", options.lines, "For example STATUS, or 'CONSUME queue 10'");
  client->add_option("--rate", options.rate, "At most so many lines per second; 0: no limit")
      ->check(CLI::NonNegativeNumber);
}

using Say = MiniBroker::Say;

#ifdef MINIBROKER_WITH_COROSYNC
Driver::Join join_corosync(std::string group, std::string name, Say notice, std::stop_token stop) {
  return [options = storemark::CorosyncGroupOptions{.group = std::move(group),
                                                    .name = std::move(name),
                                                    .notice = std::move(notice),
                                                    .stop = std::move(stop)}] {
    return storemark::join_corosync_group(options);
  };
}
#else
Driver::Join join_corosync(const std::string&, const std::string&, const Say&, std::stop_token) {
  throw CLI::ValidationError("--group", "this program was built without STOREMARK_WITH_COROSYNC");
}
#endif

/// Where the members meet: the one place where the kind of group is chosen.
Driver::Join join_of(const Options& options, const Say& say, const std::stop_token& stop) {
  const std::size_t colon = options.group.find(':');
  const std::string kind = options.group.substr(0, colon);
  const std::string where = colon == std::string::npos ? "" : options.group.substr(colon + 1);
  const std::string& name = options.driver.label;
  if (kind == "local" && !where.empty()) {
    return [where, name, stop] {
      return storemark::join_local_group({.directory = where, .name = name, .stop = stop});
    };
  }
  if (kind != "corosync" || (colon != std::string::npos && where.empty())) {
    throw CLI::ValidationError("--group", "local:DIR or corosync[:NAME] is required");
  }
  if (options.update_address.empty()) {
    throw CLI::ValidationError(
        "--update-address", "HOST:PORT is required with corosync: the members are on many hosts");
  }
  return join_corosync(where.empty() ? "storemark" : where, name, say, stop);
}

/// What was not said, and what no option alone can be blamed for.
void complete(Options& options) {
  storemark::DriverOptions& driver = options.driver;
  driver.directory = fs::canonical(driver.directory);
  if (options.policy == "latest") driver.restore = storemark::RestorePolicy::latest;
  if (options.found == "never") driver.found = storemark::FoundPolicy::never;
  driver.journal.interval = std::chrono::milliseconds(options.interval);
  if (driver.label.empty()) driver.label = driver.directory.filename().string();
  if (options.socket.empty()) options.socket = driver.directory / "socket";
  if (options.quorum == "required") driver.quorum = storemark::QuorumPolicy::required;
  if (options.quorum == "ignored") driver.quorum = storemark::QuorumPolicy::ignored;
  options.socket = fs::absolute(options.socket);  // members may stand elsewhere
  driver.address =
      options.update_address.empty() ? options.socket.string() : options.update_address;
  if (!options.transient) return;
  driver.kind = storemark::MemberKind::transient;
  if (fs::exists(driver.directory / storemark::journal_file_name)) {
    throw CLI::ValidationError("--transient", "it would discard the store of a persistent member");
  }
}

int failed(const storemark::Error& error) {
  fmt::print(stderr, "minibroker: {}\n", to_string(error));
  const auto is = [&](auto... codes) { return ((error.code == codes) || ...); };
  if (is(Errc::invalid_argument)) return 2;
  if (is(Errc::wrong_state, Errc::discard_only)) return 4;
  if (is(Errc::store_lost, Errc::store_hollow, Errc::journal_damaged, Errc::journal_future)) {
    return 6;
  }
  if (is(Errc::in_use)) return 7;
  return is(Errc::group_refused, Errc::member_refused) ? 8 : 1;
}

int serve(const Options& options) {
  const Say say = [&](const std::string& text) {
    fmt::print(stderr, "minibroker: {}: {}\n", options.driver.label, text);
  };
  std::stop_source stop;
  const Driver::Join join = join_of(options, say, stop.get_token());
  const Signalled signalled([&] {
    notify_stopping();
    stop.request_stop();
  });

  const fs::path& directory = options.driver.directory;
  const Listener listener(options.socket);
  std::optional<Listener> update_listener;
  if (!options.update_address.empty()) update_listener.emplace(listen_at(options.update_address));
  if (options.transient) fs::remove_all(directory / QueueStore::subdirectory);
  Answers answers;
  MiniBroker broker(directory, options.transient ? Access::unsynced : Access::durable, answers,
                    say);
  const auto driver = Driver::start(options.driver, broker, join);
  if (!driver) {
    const bool asked = driver.error().code == Errc::cancelled && stop.stop_requested();
    return asked ? 0 : failed(driver.error());
  }
  std::optional<Server> updates;
  if (update_listener) {
    updates.emplace(*update_listener, **driver, broker, answers, Callers::members);
  }
  Server server(listener, **driver, broker, answers);

  const std::stop_callback leave(stop.get_token(), [&] { (*driver)->leave(); });
  const storemark::Stopped how = (*driver)->wait();
  notify_stopping();
  server.end(how.clean);
  if (how.error) return failed(*how.error);
  if (how.clean) say(fmt::format("shut down: clean, final UUID {}", to_string(how.final)));
  return 0;
}

int dump(const fs::path& directory) {
  const QueueStore store(directory, Access::read);
  store.for_each([](const Message& message) {
    fmt::print("{} {} {}\n", message.queue, message.id, message.text);
    return true;
  });
  const Head head = store.head();
  fmt::print("# messages {} sequence {} digest {:016x}{:016x}\n", head.messages, head.sequence,
             head.digest_high, head.digest_low);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) fail("cannot write the messages");
  if (store.counted() == head) return 0;
  fmt::print(stderr, "minibroker: the messages are not those that the store took in\n");
  return 6;
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app("A small replicated queue broker: every member holds every message.", "minibroker");
  app.set_version_flag("--version", std::string(storemark::version()));
  app.require_subcommand(0, 1);
  add_member_options(app, options);
  add_client(app, options);
  app.footer(
      "Exit status: 0 left, shut down, or done; 1 failure; 2 usage; 4 needs an operator;\n"
      "6 the journal or its store is lost, hollow or damaged; 7 in use; 8 refused. What happens "
      "is\n"
      "told on standard error. SIGTERM and SIGINT: leave the cluster.");
  try {
    app.parse(argc, argv);
    if (app.got_subcommand("client")) {
      std::istringstream lines(fmt::format("{}", fmt::join(options.lines, "\n")));
      return talk(options.socket, options.lines.empty() ? std::cin : lines, options.rate);
    }
    if (options.driver.directory.empty()) throw CLI::RequiredError("--directory");
    if (options.dump) return dump(options.driver.directory);
    complete(options);
    return serve(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
  }
}

}  // namespace
}  // namespace minibroker

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // who has gone is an error of the call
  try {
    return minibroker::run(argc, argv);
  } catch (const std::system_error& error) {
    fmt::print(stderr, "minibroker: {}\n", error.what());
    return error.code() == std::errc::address_in_use ? 7 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "minibroker: {}\n", error.what());
    return 1;
  }
}
