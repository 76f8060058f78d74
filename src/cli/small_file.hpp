// SPDX-License-Identifier: Apache-2.0
// Reads a bounded part of a file that somebody else wrote: no link, device or pipe is followed or
// waited for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace storemark::cli {

struct FilePart {
  std::string bytes;
  bool whole = true;  ///< nothing was left out
};

/// The last `most` bytes of a regular file; nothing where there is none that may be read.
[[nodiscard]] std::optional<FilePart> read_end(const std::string& path, std::size_t most);

/// `size` bytes from `offset` on, fewer where the file ends.
[[nodiscard]] std::optional<std::string> read_at(const std::string& path, std::uint64_t offset,
                                                 std::size_t size);

}  // namespace storemark::cli
