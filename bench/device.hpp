// SPDX-License-Identifier: Apache-2.0
// The block device under a directory, and what the kernel counts of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace storemark::bench {

/// Since the device was there; of everybody who uses it.
struct DeviceCounts {
  std::uint64_t writes = 0;
  std::uint64_t sectors = 0;  ///< written, of 512 bytes
  std::uint64_t flushes = 0;
};

struct Device {
  std::string filesystem;     ///< "ext4"
  std::string options;        ///< of the mount
  std::string source;         ///< "/dev/loop0"
  std::filesystem::path sys;  ///< its directory in /sys; empty: no block device that we can see
};

[[nodiscard]] Device device_of(const std::filesystem::path& directory);
[[nodiscard]] std::optional<DeviceCounts> counts(const Device& device);
/// A word from the device's queue/ in /sys, for example "write_cache"; "unknown" without one.
[[nodiscard]] std::string queue_word(const Device& device, const std::string& name);

}  // namespace storemark::bench
