// SPDX-License-Identifier: Apache-2.0
// A file descriptor that closes itself, and system calls as results.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/file.hpp"

namespace storemark::io {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

[[nodiscard]] inline tl::unexpected<IoError> failed(const char* call, std::uint64_t offset = 0) {
  return tl::unexpected(IoError{errno, call, offset});
}
[[nodiscard]] inline tl::unexpected<IoError> failed_with(int code, const char* call,
                                                         std::uint64_t offset = 0) {
  return tl::unexpected(IoError{code, call, offset});
}

}  // namespace storemark::io
