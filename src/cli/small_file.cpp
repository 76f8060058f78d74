// SPDX-License-Identifier: Apache-2.0
#include "cli/small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace storemark::cli {
namespace {

/// An open regular file, closed at the end.
class RegularFile {
 public:
  explicit RegularFile(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)) {
    struct stat stat {};
    if (fd_ < 0 || fstat(fd_, &stat) != 0 || !S_ISREG(stat.st_mode)) return;
    size_ = static_cast<std::uint64_t>(stat.st_size);
    is_open_ = true;
  }
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;
  ~RegularFile() {
    if (fd_ >= 0) close(fd_);
  }

  [[nodiscard]] bool is_open() const noexcept { return is_open_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// Nothing where the device gives an error.
  [[nodiscard]] std::optional<std::string> read(std::uint64_t offset, std::size_t size) const {
    std::string out(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t got =
          pread(fd_, out.data() + have, size - have, static_cast<off_t>(offset + have));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return std::nullopt;
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    out.resize(have);
    return out;
  }

 private:
  int fd_;
  std::uint64_t size_ = 0;
  bool is_open_ = false;
};

}  // namespace

std::optional<FilePart> read_end(const std::string& path, std::size_t most) {
  const RegularFile file(path);
  if (!file.is_open()) return std::nullopt;
  const std::uint64_t from = file.size() > most ? file.size() - most : 0;
  auto bytes = file.read(from, most);
  if (!bytes) return std::nullopt;
  return FilePart{std::move(*bytes), from == 0};
}

std::optional<std::string> read_at(const std::string& path, std::uint64_t offset,
                                   std::size_t size) {
  const RegularFile file(path);
  if (!file.is_open()) return std::nullopt;
  return file.read(offset, size);
}

}  // namespace storemark::cli
