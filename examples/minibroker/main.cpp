// SPDX-License-Identifier: Apache-2.0
// A replicated queue broker on storemark's driver and LMDB. One thread serves the clients
// (server.cpp); the driver's thread decides with the other members, and tells the store what to do
// (broker.cpp).
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <storemark/storemark.hpp>
#include <string>
#include <system_error>
#include <utility>

#include "broker.hpp"
#include "must.hpp"
#include "options.hpp"
#include "queue_store.hpp"
#include "send.hpp"
#include "server.hpp"

namespace minibroker {
namespace {

using storemark::Driver;
using storemark::Errc;

int exit_status(Errc code) {
  switch (code) {
    case Errc::wrong_state:
    case Errc::discard_only:
      return 4;
    case Errc::store_lost:
    case Errc::store_hollow:
    case Errc::journal_damaged:
    case Errc::journal_future:
      return 6;
    case Errc::in_use:
      return 7;
    case Errc::group_refused:
    case Errc::member_refused:
      return 8;
    default:
      return 1;
  }
}

/// What the server asks for, done by the driver and the broker.
class Member final : public Backend {
 public:
  Member(Driver& driver, MiniBroker& broker) : driver_(driver), broker_(broker) {}

  storemark::Result<bool> publish(std::span<const std::uint8_t> event,
                                  std::uint64_t token) override {
    return driver_.publish(event, token);
  }
  storemark::Result<void> browse(std::string_view queue, const QueueStore::Visit& visit) override {
    return guarded("the queue cannot be read", std::string(queue), [&] {
      const auto store = broker_.store();
      if (!store || !driver_.status().ready) throw std::runtime_error("this member is not active");
      store->browse(queue, visit);
    });
  }
  std::string status() override { return broker_.describe(); }
  storemark::Result<void> shut_down() override { return driver_.shut_down(); }
  void leave() override { driver_.leave(); }
  bool give(const storemark::Uuid& ticket, Descriptor& joiner) override {
    return broker_.give(ticket, joiner);
  }

 private:
  Driver& driver_;
  MiniBroker& broker_;
};

int serve(const ServeOptions& options) {
  const auto& driver_options = options.driver;
  const bool transient = driver_options.kind == storemark::MemberKind::transient;
  const auto say = [&](const std::string& text) {
    fmt::print(stderr, "minibroker: {}: {}\n", driver_options.label, text);
  };
  Server server(options.socket);  // first: it takes the signals from every thread that follows
  if (transient) std::filesystem::remove_all(driver_options.directory / QueueStore::subdirectory);
  MiniBroker broker(driver_options.directory, transient ? Access::unsynced : Access::durable,
                    server, say);
  const auto driver = must(Driver::start(driver_options, broker, [&] {
    return storemark::join_local_group({.directory = options.group, .name = driver_options.label});
  }));
  Member member(*driver, broker);
  server.run(member);

  const storemark::Stopped how = driver->wait();
  if (how.error) throw LibraryError(*how.error);
  if (how.clean) say(fmt::format("shut down: clean, final UUID {}", to_string(how.final)));
  return 0;
}

int dump(const DumpOptions& options) {
  const QueueStore store(options.directory, Access::read);
  store.for_each([](const Message& message) {
    fmt::print("{} {} {}\n", message.queue, message.id, message.text);
    return true;
  });
  const Head head = store.head();
  fmt::print("# messages {} sequence {} digest {}\n", head.messages, head.sequence,
             to_string(head.digest));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw std::runtime_error("cannot write the messages");
  }
  if (store.counted() == head) return 0;
  fmt::print(stderr, "minibroker: the messages are not those that the store took in\n");
  return 6;
}

int run(const ServeOptions& options) { return serve(options); }
int run(const DumpOptions& options) { return dump(options); }
int run(const SendOptions& options) { return send_lines(options); }
int run(const AskOptions& options) { return ask_lines(options); }
int run(int status) { return status; }

}  // namespace
}  // namespace minibroker

int main(int argc, char** argv) {
  try {
    return std::visit([](const auto& what) { return minibroker::run(what); },
                      minibroker::parse_options(argc, argv));
  } catch (const minibroker::LibraryError& error) {
    fmt::print(stderr, "minibroker: {}\n", error.what());
    return minibroker::exit_status(error.code());
  } catch (const std::system_error& error) {
    fmt::print(stderr, "minibroker: {}\n", error.what());
    return error.code() == std::errc::address_in_use ? 7 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "minibroker: {}\n", error.what());
    return 1;
  }
}
