// SPDX-License-Identifier: Apache-2.0
#include "send.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "sockets.hpp"

namespace minibroker {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t window = 256;  ///< lines that were sent and not answered

/// False: the broker has gone.
bool send_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// One connection: requests go out, answers come back in their order.
class Sender {
 public:
  explicit Sender(const SendOptions& options)
      : socket_(call(options.socket, true)), queue_(options.queue) {}

  /// False: the broker has gone.
  bool send(std::string_view line) {
    if (!send_all(socket_.get(), fmt::format("PUB {} {}\n", queue_, line))) return false;
    ++sent_;
    return true;
  }

  [[nodiscard]] std::uint64_t unanswered() const { return sent_ - answered_; }

  /// Takes answers until `due`, or until fewer than `most` lines are unanswered. False: the broker
  /// has gone.
  bool listen(Clock::time_point due, std::uint64_t most) {
    while (unanswered() >= most || Clock::now() < due) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now()).count() + 1;
      const auto patience = unanswered() >= most ? 60'000 : left;
      if (!wait_for(socket_.get(), POLLIN, std::chrono::milliseconds(patience))) continue;
      std::array<char, 4096> bytes;
      const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
      if (got <= 0) return false;
      input_.append(bytes.data(), static_cast<std::size_t>(got));
      take_answers();
    }
    return true;
  }

  [[nodiscard]] bool all_acknowledged() const { return refused_ == 0 && unanswered() == 0; }

 private:
  void take_answers() {
    std::size_t at = 0;
    for (std::size_t end = 0; (end = input_.find('\n', at)) != std::string::npos; at = end + 1) {
      const std::string_view answer = std::string_view(input_).substr(at, end - at);
      ++answered_;
      if (answer.starts_with("OK ")) {
        fmt::print("{} {}\n", answered_, answer.substr(3));
      } else {
        ++refused_;
        fmt::print(stderr, "minibroker: line {}: {}\n", answered_, answer);
      }
    }
    input_.erase(0, at);
    std::fflush(stdout);
  }

  Descriptor socket_;
  const std::string queue_;
  std::string input_;
  std::uint64_t sent_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace

int send_lines(const SendOptions& options) {
  Sender sender(options);
  const auto start = Clock::now();
  const auto step = std::chrono::duration<double>(options.rate > 0 ? 1 / options.rate : 0);
  bool there = true;
  std::string line;
  for (std::uint64_t number = 0; there && std::getline(std::cin, line); ++number) {
    const auto due = start + step * static_cast<double>(number);
    there = sender.listen(std::chrono::time_point_cast<Clock::duration>(due), window) &&
            sender.send(line);
  }
  // Also what a broker that has gone said last.
  there = sender.listen(Clock::now(), 1) && there;
  if (!there) {
    fmt::print(stderr, "minibroker: the broker has gone; of {} lines it is not known\n",
               sender.unanswered());
  }
  return there && sender.all_acknowledged() ? 0 : 1;
}

int ask_lines(const AskOptions& options) {
  const Descriptor socket = call(options.socket, true);
  std::string requests;
  for (const std::string& line : options.lines) requests += line + "\n";
  const bool sent = send_all(socket.get(), requests);
  ::shutdown(socket.get(), SHUT_WR);  // the broker answers, and hangs up
  std::string answers;
  std::array<char, 4096> bytes;
  for (ssize_t got = 0; (got = ::recv(socket.get(), bytes.data(), bytes.size(), 0)) > 0;) {
    answers.append(bytes.data(), static_cast<std::size_t>(got));
  }
  fmt::print("{}", answers);
  const bool refused = answers.starts_with("ERR ") || answers.find("\nERR ") != std::string::npos;
  return sent && !refused && !answers.empty() ? 0 : 1;
}

}  // namespace minibroker
