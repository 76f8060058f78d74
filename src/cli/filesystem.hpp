// SPDX-License-Identifier: Apache-2.0
// What a directory stands on: the filesystem, the device below it as far as the kernel tells, and
// the room that is left.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <storemark/error.hpp>
#include <string>
#include <string_view>

namespace storemark::cli {

/// Who it is that has to honour a sync.
enum class Medium {
  device,   ///< a block device of this host
  network,  ///< a server
  program,  ///< FUSE: whatever the program behind it does
  stacked,  ///< overlay: the filesystem below
  memory,   ///< nobody: a power cut takes it all
  unknown,
};
[[nodiscard]] std::string_view to_string(Medium medium) noexcept;

struct FilesystemFacts {
  std::string type;  ///< "ext4"
  Medium medium = Medium::unknown;
  bool copy_on_write = false;
  std::string mount_point;
  std::string source;   ///< what is mounted there
  std::string options;  ///< how
  std::uint64_t free_bytes = 0;
  std::uint64_t total_bytes = 0;
  std::string device;              ///< "8:1"; empty where there is none
  std::optional<bool> rotational;  ///< nothing: the kernel does not say
  std::string write_cache;         ///< "write back", "write through", or empty
};

/// Errors: directory_missing, no_permission, io_failed.
[[nodiscard]] Result<FilesystemFacts> filesystem_facts(const std::string& directory);

[[nodiscard]] nlohmann::ordered_json to_json(const FilesystemFacts& facts);

/// By the name that /proc/self/mountinfo has for it.
[[nodiscard]] Medium medium_of(std::string_view type) noexcept;

}  // namespace storemark::cli
