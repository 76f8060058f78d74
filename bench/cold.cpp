// SPDX-License-Identifier: Apache-2.0
#include "cold.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "raw_file.hpp"

namespace storemark::bench {
namespace {

void settle_one(const std::filesystem::path& path, bool is_file, Caches caches) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || ::fsync(fd) != 0) give_up(path.c_str());
  if (is_file && caches != Caches::warm) ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  ::close(fd);
}

}  // namespace

void settle(const std::filesystem::path& directory, Caches caches) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) settle_one(entry.path(), true, caches);
  }
  settle_one(directory, false, caches);
  if (caches != Caches::all_cold) return;
  // Where this is not root the files' own pages must do.
  std::ofstream("/proc/sys/vm/drop_caches") << 3 << std::endl;
}

}  // namespace storemark::bench
