// SPDX-License-Identifier: Apache-2.0
// The seam: everything the journal does to its file goes through these calls, so that the fault
// model of the tests stands where the kernel does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <storemark/journal.hpp>

namespace storemark::io {

/// A system call that failed.
struct IoError {
  int code = 0;           ///< errno
  const char* call = "";  ///< static storage
  std::uint64_t offset = 0;
};
template <class T>
using IoResult = tl::expected<T, IoError>;

/// The journal's file. Buffers and offsets are multiples of 4096 and aligned so. A read may overlap
/// a write elsewhere in the file; other calls must not overlap. Short and interrupted calls are
/// carried on; a short read at the end of the file is ENODATA.
class File {
 public:
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  virtual ~File() = default;

  /// From the device, past the page cache, where mode() says so. At the end of the file the bytes
  /// before it are there, and the error is ENODATA or EINVAL.
  [[nodiscard]] virtual IoResult<void> read(std::uint64_t offset, std::span<std::byte> into) = 0;
  /// Durable only after sync().
  [[nodiscard]] virtual IoResult<void> write(std::uint64_t offset,
                                             std::span<const std::byte> from) = 0;
  /// Durable on return: data, not times. One command to the device where the mode is direct.
  [[nodiscard]] virtual IoResult<void> write_durable(std::uint64_t offset,
                                                     std::span<const std::byte> from) = 0;
  /// All earlier writes, and the size, are durable on return.
  [[nodiscard]] virtual IoResult<void> sync() = 0;
  [[nodiscard]] virtual IoResult<std::uint64_t> size() = 0;

  [[nodiscard]] virtual Mode mode() const noexcept = 0;
};

}  // namespace storemark::io
