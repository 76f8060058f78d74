// SPDX-License-Identifier: Apache-2.0
#include "own_calls.hpp"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

// What glibc's own functions are called inside of it.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}
// NOLINTEND(bugprone-reserved-identifier)

namespace storemark::bench {
namespace {

using Clock = std::chrono::steady_clock;

thread_local std::uint64_t allocated = 0;
thread_local Clock::duration in_writes{};

/// Counts the time of one call, and leaves its errno alone.
template <class... Arguments>
long timed_call(long number, Arguments... arguments) {
  const auto began = Clock::now();
  const long out = ::syscall(number, arguments...);
  const int error = errno;
  in_writes += Clock::now() - began;
  errno = error;
  return out;
}

}  // namespace

std::uint64_t allocations() noexcept { return allocated; }
std::chrono::nanoseconds time_in_writes() noexcept { return in_writes; }

}  // namespace storemark::bench

// The names that the linker finds before the C library's.
using storemark::bench::allocated;
using storemark::bench::timed_call;

extern "C" {

void* malloc(std::size_t size) noexcept {
  ++allocated;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  ++allocated;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  ++allocated;
  return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  ++allocated;
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return memalign(alignment, size);
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  *out = memalign(alignment, size);
  return *out == nullptr ? ENOMEM : 0;
}

ssize_t pwritev2(int fd, const iovec* pieces, int count, off_t offset, int flags) {
  return timed_call(SYS_pwritev2, fd, pieces, count, offset, 0L, flags);
}
ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset) {
  return timed_call(SYS_pwrite64, fd, data, size, offset);
}
ssize_t pwrite64(int fd, const void* data, std::size_t size, off64_t offset) {
  return timed_call(SYS_pwrite64, fd, data, size, offset);
}
ssize_t write(int fd, const void* data, std::size_t size) {
  return timed_call(SYS_write, fd, data, size);
}
int fdatasync(int fd) { return static_cast<int>(timed_call(SYS_fdatasync, fd)); }
int fsync(int fd) { return static_cast<int>(timed_call(SYS_fsync, fd)); }

}  // extern "C"
