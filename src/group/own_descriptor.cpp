// SPDX-License-Identifier: Apache-2.0
#include "group/own_descriptor.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

#include "io/process.hpp"

namespace storemark {
namespace {

/// What this process has open. Never destroyed: a thread may outlive main().
struct Open {
  std::mutex mutex;
  std::vector<int> descriptors;
};

Open& open_here() {
  static Open& open = *new Open;
  return open;
}

// fork() waits until nobody is in between; the child starts with nothing open and the mutex free.
void before_fork() { open_here().mutex.lock(); }
void in_parent() { open_here().mutex.unlock(); }
void in_child() {
  for (const int fd : open_here().descriptors) ::close(fd);
  open_here().descriptors.clear();
  open_here().mutex.unlock();
}

void watch_forks() {
  static const int failed = ::pthread_atfork(before_fork, in_parent, in_child);
  if (failed != 0) throw std::bad_alloc();  // its only reason
}

}  // namespace

OwnDescriptor::OwnDescriptor(int fd) {
  if (fd < 0) return;
  try {
    watch_forks();
    const std::lock_guard lock(open_here().mutex);
    open_here().descriptors.push_back(fd);
  } catch (const std::bad_alloc&) {
    ::close(fd);
    throw;
  }
  fd_ = fd;
  process_ = io::this_process();
}

OwnDescriptor::~OwnDescriptor() {
  if (fd_ < 0 || process_ != io::this_process()) return;
  const std::lock_guard lock(open_here().mutex);
  std::erase(open_here().descriptors, fd_);
  ::close(fd_);
}

void OwnDescriptor::release() noexcept {
  const int fd = std::exchange(fd_, -1);
  if (fd < 0 || process_ != io::this_process()) return;
  const std::lock_guard lock(open_here().mutex);
  std::erase(open_here().descriptors, fd);
}

}  // namespace storemark
