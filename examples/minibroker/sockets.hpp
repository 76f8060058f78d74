// SPDX-License-Identifier: Apache-2.0
// Sockets that block. SIGPIPE must be ignored.
#pragma once

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace minibroker {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int value) noexcept : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const noexcept { return value_; }

 private:
  int value_;
};

[[noreturn]] void fail(const std::string& what);  ///< throws std::system_error, with errno

/// Takes calls at a path, from this user's processes alone; in the place of the socket of a broker
/// that was killed; EADDRINUSE where a live one has it. The path goes with it. Throws
/// std::system_error.
class Listener {
 public:
  explicit Listener(const std::filesystem::path& path);
  explicit Listener(Descriptor socket) : socket_(std::move(socket)) {}  ///< takes calls already
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  [[nodiscard]] int get() const noexcept { return socket_.get(); }

 private:
  const std::filesystem::path path_;
  const Descriptor socket_;
};

/// A call to the socket at `path`. Throws std::system_error.
Descriptor call_path(const std::filesystem::path& path);

/// A connection, of one thread, or of one that reads and one that only calls write(); any may shut
/// it down.
class Stream {
 public:
  static constexpr std::size_t max_line = 65536;                   ///< bytes, without its end
  static constexpr std::size_t max_output = std::size_t{1} << 20;  ///< bytes that put() keeps
  /// Told how long the other end has not moved. What it throws ends the call that waits.
  using Idle = std::function<void(std::chrono::milliseconds waited)>;

  explicit Stream(Descriptor socket) : socket_(std::move(socket)) {}
  /// From now on `idle` is called, about ten times a second, while a call waits. None: it only
  /// waits.
  void set_idle(Idle idle);
  void shut_down(int how) const noexcept;  ///< as shutdown() has it

  /// The next line without its end; of one that is too long (the end of which is still to come) as
  /// much as has come, which is more than `most`. None: no more come. Half a line is none.
  [[nodiscard]] std::optional<std::string> line(std::size_t most = max_line);
  [[nodiscard]] bool has_line();  ///< without waiting
  /// Exactly so many bytes. False: so many do not come.
  [[nodiscard]] bool read(void* to, std::size_t size);
  /// False: nobody reads them any more.
  [[nodiscard]] bool write(const void* bytes, std::size_t size);
  [[nodiscard]] bool write(const std::string& text) { return write(text.data(), text.size()); }
  /// As write(), but what is not taken now goes out while line() waits, or with the next write().
  /// It waits where that is more than max_output.
  [[nodiscard]] bool put(const std::string& text);

 private:
  [[nodiscard]] bool flush(int flags);
  [[nodiscard]] bool receive(int flags);
  [[nodiscard]] bool moved(std::ptrdiff_t bytes);
  Descriptor socket_;
  Idle idle_;
  std::chrono::milliseconds waited_{};  // since something moved, as far as somebody waited for it
  std::string input_;
  std::string output_;
  bool skipping_ = false;  // the rest of a line that was too long
};

}  // namespace minibroker
