// SPDX-License-Identifier: Apache-2.0
// A child of this process, and what it says, line by line. It ends with its parent.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace storemark::bench {

using Command = std::vector<std::string>;

class Process {
 public:
  explicit Process(Command command);
  ~Process() { kill(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void tell(const std::string& line) const;
  /// The next line. Where none comes within a minute this program ends: there is nothing to
  /// measure.
  [[nodiscard]] std::string line();
  /// Returns at once.
  void strike() const;
  /// Strikes it, and waits for its end.
  void kill();
  /// Waits until it ends by itself.
  void join();

 private:
  [[noreturn]] void give_up(const char* why) const;

  Command command_;
  pid_t id_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string said_;
};

/// To the end, without a word.
void run(const Command& command);

}  // namespace storemark::bench
