// SPDX-License-Identifier: Apache-2.0
// Lines from a file or a pipe, at a chosen rate, until a signal asks to stop.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace store_module {

/// A descriptor that is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int value) noexcept : value_(value) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return value_; }

 private:
  int value_;
};

/// SIGTERM and SIGINT as something to wait for. To be made before the first thread.
class StopSignal {
 public:
  StopSignal();
  /// True if asked to stop. Waits until then, until `descriptor` (if not -1) can be read, or until
  /// the time is over (if not negative).
  [[nodiscard]] bool wait(int descriptor, std::chrono::milliseconds time) const;

 private:
  Descriptor signals_;
};

class LineSource {
 public:
  /// `path` is a file, or - for standard input. Throws std::system_error.
  LineSource(const std::filesystem::path& path, const StopSignal& stop);

  enum class Got { line, end, stop };
  /// The next line, without its end. A last line need not have one. Throws std::system_error, and
  /// std::length_error for a line of more than 64 MiB.
  [[nodiscard]] Got next(std::string& line);

 private:
  [[nodiscard]] bool take_line(std::string& line);
  [[nodiscard]] bool fill();

  const StopSignal& stop_;
  Descriptor input_;
  std::string buffer_;
  std::size_t at_ = 0;        // where the next line begins in the buffer
  std::size_t searched_ = 0;  // no line end before this
  bool ended_ = false;
};

/// Lets so many turns per second pass, or all, if zero.
class Pace {
 public:
  Pace(double per_second, const StopSignal& stop) : per_second_(per_second), stop_(stop) {}
  /// Waits for the next turn; false if asked to stop before.
  [[nodiscard]] bool wait();

 private:
  double per_second_;
  const StopSignal& stop_;
  double turns_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace store_module
