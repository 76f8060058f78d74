// SPDX-License-Identifier: Apache-2.0
// A real process that reports what it did through a pipe, and can be killed at any moment.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "io/descriptor.hpp"

namespace storemark::real {

/// One thing that the child did, or was about to do.
struct Report {
  std::uint64_t what = 0;
  std::uint64_t number = 0;
};

/// The child's end of the pipe. One report is one write: whole, or not made.
class Reporter {
 public:
  explicit Reporter(int fd) noexcept : fd_(fd) {}
  void operator()(std::uint64_t what, std::uint64_t number) const;

 private:
  int fd_;
};

/// How a child ended.
struct Ending {
  bool in_time = false;
  bool killed = false;  ///< by a signal
  int status = -1;      ///< what its body returned
  bool well() const noexcept { return in_time && !killed && status == 0; }
};

class Child {
 public:
  using Body = std::function<int(const Reporter&)>;
  /// Runs `body` in a forked process, which ends with what it returns; 125 where it throws.
  explicit Child(const Body& body);
  /// Kills it, if it still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Collects reports for this long, or until the child ends.
  void listen(std::chrono::microseconds time);
  /// Waits for one more report; nothing where the child ended, or went silent for a minute.
  std::optional<Report> next();
  /// SIGKILL; then collects what was reported before.
  void kill();
  /// Waits for its end, at most so long; then kills it.
  Ending wait(std::chrono::seconds limit = std::chrono::seconds(60));

  [[nodiscard]] const std::vector<Report>& reports() const noexcept { return reports_; }

 private:
  bool read_one(int milliseconds);
  void reap();

  pid_t pid_ = -1;
  io::Descriptor pipe_;
  std::vector<Report> reports_;
  std::size_t taken_ = 0;
};

}  // namespace storemark::real
