// SPDX-License-Identifier: Apache-2.0
// A descriptor that a forked child does not keep: were it to, a socket or a lock would live on with
// the child after its owner's death, and the group would wait for the dead.
#pragma once

#include <utility>

namespace storemark {

/// Closes itself, and is closed in every child at fork(). In a child it closes nothing more: by
/// then the number may be another file's.
class OwnDescriptor {
 public:
  OwnDescriptor() = default;
  /// Takes it over, also where this fails for want of memory.
  explicit OwnDescriptor(int fd);
  OwnDescriptor(OwnDescriptor&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), process_(other.process_) {}
  OwnDescriptor& operator=(OwnDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(process_, other.process_);
    return *this;
  }
  OwnDescriptor(const OwnDescriptor&) = delete;
  OwnDescriptor& operator=(const OwnDescriptor&) = delete;
  ~OwnDescriptor();

  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  /// Lets go of it, open: whoever made it closes it. A child made after this keeps it.
  void release() noexcept;

 private:
  int fd_ = -1;
  int process_ = 0;
};

}  // namespace storemark
