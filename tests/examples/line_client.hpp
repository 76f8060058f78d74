// SPDX-License-Identifier: Apache-2.0
// A client of minibroker for the tests: lines go out, lines come back.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "sockets.hpp"

namespace minibroker {

/// Waits until poll's `events` are there, at most so long. False: they are not.
[[nodiscard]] bool wait_for(int descriptor, short events, std::chrono::milliseconds time);

/// Every call that waits throws after a generous time.
class LineClient {
 public:
  LineClient();
  explicit LineClient(const std::filesystem::path& socket) : LineClient() { connect(socket); }
  void connect(const std::filesystem::path& socket);

  /// Sends all of it; a line's end is the caller's.
  void send(const std::string& text);
  /// Sends as much as is taken now; returns how much.
  [[nodiscard]] std::size_t offer(const std::string& text);
  /// The next line of the broker, without its end; "(end)" when there are no more.
  [[nodiscard]] std::string line();
  [[nodiscard]] std::vector<std::string> lines(std::size_t count);
  /// The line that a command gets.
  [[nodiscard]] std::string ask(const std::string& command);
  /// No more is sent; answers still come.
  void end_sending();
  [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }

 private:
  Descriptor socket_;
  std::string input_;
};

}  // namespace minibroker
