// SPDX-License-Identifier: Apache-2.0
// What the kernel says of this process.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace storemark::bench {

/// Memory of this process that is in use, in bytes.
inline std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

inline std::uint64_t entries_of(const char* directory) {
  const std::filesystem::directory_iterator begin(directory);
  return static_cast<std::uint64_t>(std::distance(begin, {}));
}
inline std::uint64_t thread_count() { return entries_of("/proc/self/task"); }
inline std::uint64_t descriptor_count() { return entries_of("/proc/self/fd"); }

}  // namespace storemark::bench
