// SPDX-License-Identifier: Apache-2.0
#include "cli/probe.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "cli/system_error.hpp"

namespace storemark::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t file_bytes = 256 * 1024;
constexpr std::size_t block = 4096;
constexpr auto longest = std::chrono::seconds(4);  // for one kind of write
constexpr const char* what = "the directory was not probed";

struct Unaligned {
  void operator()(void* bytes) const noexcept { std::free(bytes); }
};
using Buffer = std::unique_ptr<char, Unaligned>;

Buffer aligned_buffer(std::size_t size) {
  Buffer out(static_cast<char*>(std::aligned_alloc(block, size)));
  if (out) std::memset(out.get(), 0x5a, size);
  return out;
}

/// The file that is written to; it goes when this goes.
class ProbeFile {
 public:
  ProbeFile() = default;
  ProbeFile(const ProbeFile&) = delete;
  ProbeFile& operator=(const ProbeFile&) = delete;
  ~ProbeFile() {
    if (fd_ >= 0) close(fd_);
  }

  /// 0, or an errno.
  int open_in(const std::string& directory) {
    fd_ = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    unnamed_ = fd_ >= 0;
    if (fd_ >= 0) return 0;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return errno;
    std::string name = directory + "/storemark.probe.XXXXXX";
    fd_ = mkostemp(name.data(), O_CLOEXEC);
    if (fd_ < 0) return errno;
    return unlink(name.c_str()) == 0 ? 0 : errno;
  }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool unnamed() const noexcept { return unnamed_; }

 private:
  int fd_ = -1;
  bool unnamed_ = false;
};

int write_at(int fd, const char* bytes, std::size_t size, std::size_t offset, int flags) {
  const iovec part{const_cast<char*>(bytes), size};
  for (;;) {
    const ssize_t written = flags == 0 ? pwritev(fd, &part, 1, static_cast<off_t>(offset))
                                       : pwritev2(fd, &part, 1, static_cast<off_t>(offset), flags);
    if (written == static_cast<ssize_t>(size)) return 0;
    if (written < 0 && errno == EINTR) continue;
    return written < 0 ? errno : EIO;
  }
}

/// One write of one kind; 0, or an errno.
struct Writing {
  int fd = -1;
  std::size_t size = block;
  bool durable = false;
  bool rwf_dsync = false;

  int once(const char* bytes, std::size_t turn) const {
    const std::size_t offset = (turn * size) % file_bytes;
    const int flags = durable && rwf_dsync ? RWF_DSYNC : 0;
    if (const int error = write_at(fd, bytes, size, offset, flags); error != 0) return error;
    if (!durable || rwf_dsync) return 0;
    return fdatasync(fd) == 0 ? 0 : errno;
  }
};

/// 0, or an errno.
int run(const Writing& writing, const char* bytes, std::size_t count, Timing& out) {
  std::vector<std::uint64_t> taken;
  taken.reserve(count);
  const auto began = Clock::now();
  for (std::size_t turn = 0; turn < count; ++turn) {
    const auto before = Clock::now();
    if (const int error = writing.once(bytes, turn); error != 0) return error;
    const auto after = Clock::now();
    taken.push_back(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(after - before).count()));
    if (after - began > longest) break;
  }
  out = timing_of(std::move(taken));
  return 0;
}

/// As the journal's own file: real zeros, synced, so that a later write changes no size.
int fill(int fd, const char* bytes) {
  for (std::size_t at = 0; at < file_bytes; at += block) {
    if (const int error = write_at(fd, bytes, block, at, 0); error != 0) return error;
  }
  return fsync(fd) == 0 ? 0 : errno;
}

int run_all(int fd, std::size_t count, const char* bytes, Measured& out) {
  if (const int error = fill(fd, bytes); error != 0) return error;
  if (const int error = run({fd, block, false, false}, bytes, count, out.buffered); error != 0) {
    return error;
  }
  if (fsync(fd) != 0) return errno;
  const int flags = fcntl(fd, F_GETFL);
  out.direct = flags >= 0 && fcntl(fd, F_SETFL, flags | O_DIRECT) == 0 &&
               write_at(fd, bytes, block, 0, 0) == 0;
  if (!out.direct) fcntl(fd, F_SETFL, flags);
  out.rwf_dsync = write_at(fd, bytes, block, 0, RWF_DSYNC) == 0;
  if (const int error = run({fd, block, true, out.rwf_dsync}, bytes, count, out.durable_4k);
      error != 0) {
    return error;
  }
  return run({fd, 2 * block, true, out.rwf_dsync}, bytes, count, out.durable_8k);
}

}  // namespace

Timing timing_of(std::vector<std::uint64_t> nanoseconds) {
  if (nanoseconds.empty()) return {};
  std::sort(nanoseconds.begin(), nanoseconds.end());
  const std::size_t last = nanoseconds.size() - 1;
  return {nanoseconds.size(), nanoseconds[last / 2], nanoseconds[(last * 99 + 99) / 100],
          nanoseconds[last]};
}

Result<Measured> measure(const std::string& directory, std::size_t count) {
  ProbeFile file;
  if (const int error = file.open_in(directory); error != 0) {
    return tl::unexpected(system_error(error, what, directory));
  }
  const Buffer bytes = aligned_buffer(2 * block);
  if (!bytes) return tl::unexpected(system_error(ENOMEM, what, directory));
  Measured out;
  out.unnamed = file.unnamed();
  if (const int error = run_all(file.fd(), count, bytes.get(), out); error != 0) {
    return tl::unexpected(system_error(error, what, directory));
  }
  return out;
}

}  // namespace storemark::cli
