// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>

#include "sockets.hpp"

namespace minibroker {

int talk(const std::filesystem::path& socket, std::istream& requests, double rate) {
  Stream stream(call_path(socket));
  std::uint64_t answered = 0;
  std::uint64_t refused = 0;
  std::thread listener([&] {
    while (const auto line = stream.line(2 * Stream::max_line)) {
      fmt::print("{}\n", *line);
      std::fflush(stdout);
      refused += line->starts_with("ERR ") ? 1 : 0;
      answered += line->starts_with("MSG ") || line->starts_with("INFO ") ? 0 : 1;
    }
  });
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t sent = 0;
  for (std::string line; std::getline(requests, line); ++sent) {
    if (rate > 0) {
      const std::chrono::duration<double> due(static_cast<double>(sent) / rate);
      std::this_thread::sleep_until(start + due);
    }
    // The broker takes only so many that it has not answered: then this waits.
    if (!stream.write(line + "\n")) break;
  }
  stream.shut_down(SHUT_WR);  // the broker answers, and hangs up
  listener.join();
  if (requests.eof() && answered == sent) return refused == 0 ? 0 : 1;
  fmt::print(stderr, "minibroker: the broker has gone; of {} requests it is not known\n",
             sent - answered);
  return 1;
}

}  // namespace minibroker
