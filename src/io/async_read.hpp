// SPDX-License-Identifier: Apache-2.0
// One read that goes on beside a write: Linux's asynchronous I/O, without a thread. Where the
// kernel refuses it, the read is done when it is asked for.
#pragma once

#include <linux/aio_abi.h>
#include <sys/types.h>

#include "io/file.hpp"

namespace storemark::io {

class AsyncRead {
 public:
  explicit AsyncRead(int fd) noexcept;
  ~AsyncRead();
  AsyncRead(const AsyncRead&) = delete;
  AsyncRead& operator=(const AsyncRead&) = delete;

  void start(std::uint64_t offset, std::span<std::byte> into);
  /// Whether the kernel took it; if not, the caller reads by itself.
  [[nodiscard]] bool under_way() const noexcept { return under_way_; }
  [[nodiscard]] IoResult<void> finish();

  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
  [[nodiscard]] std::span<std::byte> into() const noexcept { return into_; }

 private:
  int fd_;
  pid_t process_;
  aio_context_t context_ = 0;
  bool refused_ = false;
  bool under_way_ = false;
  iocb request_{};
  std::uint64_t offset_ = 0;
  std::span<std::byte> into_;
};

}  // namespace storemark::io
