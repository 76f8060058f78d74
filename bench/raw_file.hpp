// SPDX-License-Identifier: Apache-2.0
// The same file without a journal in it: what the system calls alone cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace storemark::bench {

/// Where a journal's slot i stands (src/journal/layout.hpp), so that both touch the same places.
[[nodiscard]] std::uint64_t slot_offset(std::size_t slot);
inline constexpr std::size_t block_bytes = 4096;

class RawFile {
 public:
  enum class How {
    buffered,  ///< pwrite and fdatasync
    direct,    ///< O_DIRECT and RWF_DSYNC
  };
  /// A new file of a journal's size, written with zeros and synced. Ends the program where it
  /// cannot: there is nothing to measure then.
  RawFile(const std::filesystem::path& path, How how);
  ~RawFile();
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  /// Durable on return. The content differs from write to write.
  void write(std::uint64_t offset, std::size_t bytes);
  /// As a pair of slots is written: two copies of a block, each with the hash of what is in it.
  void write_hashed_pair(std::uint64_t offset);
  void read(std::uint64_t offset, std::size_t bytes);
  /// Bytes in any file that were never written, and synced.
  static void spoil(const std::filesystem::path& path, std::uint64_t offset);

 private:
  struct Free {
    void operator()(std::byte* data) const noexcept;
  };
  How how_;
  int fd_;
  std::unique_ptr<std::byte, Free> buffer_;
};

/// Ends the program with what errno says.
[[noreturn]] void give_up(const char* what);

}  // namespace storemark::bench
