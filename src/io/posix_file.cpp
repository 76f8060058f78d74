// SPDX-License-Identifier: Apache-2.0
#include "io/posix_file.hpp"

#include <fcntl.h>
#include <sys/uio.h>

#include <string>

#include "io/status.hpp"

namespace storemark::io {
namespace {

/// Another open of the very file, whatever its name now denotes. A read that moved its access time
/// would make the write after it dearer, as status.hpp says; only the owner may leave it alone.
Descriptor reopen(int fd, int flags) {
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  Descriptor quiet(::open(path.c_str(), flags | O_CLOEXEC | O_NOATIME));
  if (quiet || errno != EPERM) return quiet;
  return Descriptor(::open(path.c_str(), flags | O_CLOEXEC));
}

/// Carries short and interrupted transfers on. `once(done)` moves bytes from `done` on.
template <class Once>
IoResult<void> whole(const char* call, std::uint64_t offset, std::size_t size, Once once) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t moved = once(done);
    if (moved < 0 && errno == EINTR) continue;
    if (moved < 0) return failed(call, offset + done);
    if (moved == 0) return failed_with(ENODATA, call, offset + done);
    done += static_cast<std::size_t>(moved);
  }
  return {};
}

IoResult<void> read_from(int fd, std::uint64_t offset, std::span<std::byte> into) {
  return whole("read", offset, into.size(), [&](std::size_t done) {
    return ::pread(fd, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
  });
}

IoResult<void> write_to(int fd, std::uint64_t offset, std::span<const std::byte> from, int flags) {
  return whole("write", offset, from.size(), [&](std::size_t done) {
    const iovec piece{const_cast<std::byte*>(from.data()) + done, from.size() - done};
    return ::pwritev2(fd, &piece, 1, static_cast<off_t>(offset + done), flags);
  });
}

IoResult<void> sync_data(int fd) {
  while (::fdatasync(fd) != 0) {
    if (errno != EINTR) return failed("fdatasync");
  }
  return {};
}

}  // namespace

IoResult<std::unique_ptr<PosixFile>> PosixFile::for_writing(Descriptor locked,
                                                            DurableWrite wanted) {
  const auto filesystem = filesystem_of(locked.get());
  if (!filesystem) return tl::unexpected(filesystem.error());
  const bool want_direct = wanted == DurableWrite::direct ||
                           (wanted == DurableWrite::automatic && filesystem->direct_by_default);
  Descriptor direct = reopen(locked.get(), O_RDWR | O_DIRECT);
  if (!direct && wanted == DurableWrite::direct) return failed("open with O_DIRECT");
  const bool write_direct = want_direct && direct;
  return std::unique_ptr<PosixFile>(
      new PosixFile(std::move(locked), std::move(direct), *filesystem, write_direct, true));
}

IoResult<std::unique_ptr<PosixFile>> PosixFile::for_looking(Descriptor opened) {
  const auto filesystem = filesystem_of(opened.get());
  if (!filesystem) return tl::unexpected(filesystem.error());
  return std::unique_ptr<PosixFile>(
      new PosixFile(std::move(opened), Descriptor(), *filesystem, false, false));
}

IoResult<void> PosixFile::read(std::uint64_t offset, std::span<std::byte> into) {
  if (direct_) return read_from(direct_.get(), offset, into);
  if (drop_cache_) {
    // Best effort: a page that stays is why mode() says that reads prove nothing.
    static_cast<void>(::posix_fadvise(locked_.get(), static_cast<off_t>(offset),
                                      static_cast<off_t>(into.size()), POSIX_FADV_DONTNEED));
  }
  return read_from(locked_.get(), offset, into);
}

IoResult<void> PosixFile::write(std::uint64_t offset, std::span<const std::byte> from) {
  return write_to(write_direct_ ? direct_.get() : locked_.get(), offset, from, 0);
}

IoResult<void> PosixFile::write_durable(std::uint64_t offset, std::span<const std::byte> from) {
  if (write_direct_) return write_to(direct_.get(), offset, from, RWF_DSYNC);
  if (auto written = write_to(locked_.get(), offset, from, 0); !written) return written;
  return sync_data(locked_.get());
}

IoResult<void> PosixFile::sync() { return sync_data(locked_.get()); }

IoResult<std::uint64_t> PosixFile::size() {
  const auto status = status_of(locked_.get(), STATX_SIZE);
  if (!status) return tl::unexpected(status.error());
  return status->stx_size;
}

Mode PosixFile::mode() const noexcept {
  return {filesystem_.name, write_direct_ ? "direct" : "buffered",
          static_cast<bool>(direct_) && filesystem_.direct_reads};
}

}  // namespace storemark::io
