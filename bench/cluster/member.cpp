// SPDX-License-Identifier: Apache-2.0
#include "member.hpp"

#include <chrono>
#include <cstdio>
#include <iostream>
#include <storemark/driver.hpp>

#include "../active_journal.hpp"
#include "store.hpp"

namespace storemark::bench {
namespace {

/// One write, so that words of two threads stay whole.
void say(const std::string& word) {
  const std::string line = word + " " + std::to_string(steady_nanoseconds()) + "\n";
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

std::int64_t steady_nanoseconds() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int be_member(const MemberArguments& arguments, const JoinKind& join) {
  const std::filesystem::path directory = arguments.directory;
  CountingStore store(directory / "count");
  store.on_status = [last = ViewId()](const Status& status) mutable {
    if (!status.ready || status.view == last) return;
    last = status.view;
    say("view " + std::to_string(status.members.size()));
  };
  store.on_stopped = [](const Stopped& how) {
    say("stopped");
    if (how.error) std::fprintf(stderr, "%s\n", to_string(*how.error).c_str());
  };
  DriverOptions options;
  options.directory = directory;
  options.label = directory.filename();
  options.address = directory / "count";
  options.wait_for = static_cast<std::uint32_t>(std::stoul(arguments.wait_for));
  const auto driver =
      must(Driver::start(options, store, [&] { return join(arguments.kind, arguments.group); }));
  say("joined");
  const std::vector<std::uint8_t> event(100, 0x5a);
  for (std::string order; std::getline(std::cin, order);) {
    if (order == "publish") static_cast<void>(must(driver->publish(event, 0)));
    if (order == "shutdown") must(driver->shut_down());
  }
  return 0;
}

}  // namespace storemark::bench
