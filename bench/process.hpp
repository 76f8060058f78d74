// SPDX-License-Identifier: Apache-2.0
// What the kernel says of this process.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <ctime>
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

/// Processor time of this process, kernel and all.
inline std::chrono::nanoseconds processor_time() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

inline std::uint64_t entries_of(const char* directory) {
  const std::filesystem::directory_iterator begin(directory);
  return static_cast<std::uint64_t>(std::distance(begin, {}));
}
inline std::uint64_t thread_count() { return entries_of("/proc/self/task"); }
inline std::uint64_t descriptor_count() { return entries_of("/proc/self/fd"); }

}  // namespace storemark::bench
