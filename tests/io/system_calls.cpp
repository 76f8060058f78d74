// SPDX-License-Identifier: Apache-2.0
// These functions take the place of the C library's in this program.
#include "system_calls.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>

namespace storemark::io {

SystemCalls& system_calls() {
  static SystemCalls calls;
  return calls;
}

namespace {

/// True: the call fails with errno as it is now.
bool fails_with(int code) {
  if (code != 0) errno = code;
  return code != 0;
}

bool is_interrupted() {
  if (system_calls().interruptions == 0) return false;
  --system_calls().interruptions;
  errno = EINTR;
  return true;
}

std::size_t limited(std::size_t size) {
  ++system_calls().transfers;
  const std::size_t most = system_calls().at_most;
  return most == 0 ? size : std::min(most, size);
}

bool is_unknown(int flags) {
  if ((flags & O_TMPFILE) == O_TMPFILE && !system_calls().knows_unnamed_files) {
    return fails_with(EOPNOTSUPP);
  }
  return (flags & O_DIRECT) != 0 && !system_calls().knows_direct && fails_with(EINVAL);
}

template <class... Args>
auto kernel(long number, Args... args) {
  return ::syscall(number, args...);
}

}  // namespace
}  // namespace storemark::io

using storemark::io::system_calls;

extern "C" {

ssize_t pread(int fd, void* into, std::size_t size, off_t offset) {
  if (storemark::io::is_interrupted()) return -1;
  if (system_calls().moves_nothing) return 0;
  return storemark::io::kernel(SYS_pread64, fd, into, storemark::io::limited(size), offset);
}

ssize_t pwritev2(int fd, const iovec* pieces, int, off_t offset, int flags) {
  if (storemark::io::is_interrupted()) return -1;
  if (storemark::io::fails_with(system_calls().write_error)) return -1;
  if (system_calls().moves_nothing) return 0;
  const iovec piece{pieces->iov_base, storemark::io::limited(pieces->iov_len)};
  return storemark::io::kernel(SYS_pwritev2, fd, &piece, 1L, offset, 0L, flags);
}

int fdatasync(int fd) {
  if (storemark::io::is_interrupted()) return -1;
  if (storemark::io::fails_with(system_calls().sync_error)) return -1;
  return static_cast<int>(storemark::io::kernel(SYS_fdatasync, fd));
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = va_arg(rest, unsigned);
  va_end(rest);
  if (storemark::io::is_unknown(flags)) return -1;
  return static_cast<int>(storemark::io::kernel(SYS_openat, AT_FDCWD, path, flags, mode));
}

int openat(int directory, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = va_arg(rest, unsigned);
  va_end(rest);
  if (storemark::io::is_unknown(flags)) return -1;
  return static_cast<int>(storemark::io::kernel(SYS_openat, directory, path, flags, mode));
}

int fcntl(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* argument = va_arg(rest, void*);
  va_end(rest);
  if (command == F_OFD_SETLK && system_calls().before_lock) system_calls().before_lock();
  return static_cast<int>(storemark::io::kernel(SYS_fcntl, fd, command, argument));
}

int statx(int directory, const char* path, int flags, unsigned what, struct statx* out) noexcept {
  system_calls().status_asked |= what;
  return static_cast<int>(storemark::io::kernel(SYS_statx, directory, path, flags, what, out));
}

int fstat(int fd, struct stat* out) noexcept { return fstatat(fd, "", out, AT_EMPTY_PATH); }

int fstatat(int directory, const char* path, struct stat* out, int flags) noexcept {
  ++system_calls().whole_status_asked;
  return static_cast<int>(storemark::io::kernel(SYS_newfstatat, directory, path, out, flags));
}

int renameat2(int from_directory, const char* from, int to_directory, const char* to,
              unsigned flags) noexcept {
  if ((flags & RENAME_EXCHANGE) != 0 && !system_calls().knows_exchange) {
    errno = EINVAL;
    return -1;
  }
  return static_cast<int>(
      storemark::io::kernel(SYS_renameat2, from_directory, from, to_directory, to, flags));
}

}  // extern "C"
