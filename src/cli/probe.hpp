// SPDX-License-Identifier: Apache-2.0
// How long it takes to write durably in a directory, measured in a file that has no name there.
#pragma once

#include <cstdint>
#include <storemark/error.hpp>
#include <string>
#include <vector>

namespace storemark::cli {

/// Nanoseconds, of a number of equal calls.
struct Timing {
  std::size_t count = 0;
  std::uint64_t median = 0;
  std::uint64_t p99 = 0;
  std::uint64_t most = 0;
};

/// Sorts them. All zero for none.
[[nodiscard]] Timing timing_of(std::vector<std::uint64_t> nanoseconds);

struct Measured {
  bool unnamed = false;    ///< the file never had a name (O_TMPFILE)
  bool direct = false;     ///< O_DIRECT was possible
  bool rwf_dsync = false;  ///< one call for a durable write was possible, and used
  Timing buffered;         ///< 4096 bytes into the page cache, nothing synced
  Timing durable_4k;       ///< 4096 bytes, durable on return as far as the kernel knows
  Timing durable_8k;       ///< 8192 bytes likewise: what one sequence of the journal costs
};

/// Writes `count` times of each kind, and stops a kind after some seconds. Effect: nothing is left
/// in the directory, also where the process is killed; only where the filesystem cannot make a
/// nameless file, and only in the instant before its name is taken away. Errors:
/// directory_missing, no_permission, read_only_filesystem, no_space, io_failed.
[[nodiscard]] Result<Measured> measure(const std::string& directory, std::size_t count);

}  // namespace storemark::cli
