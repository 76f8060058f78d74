// SPDX-License-Identifier: Apache-2.0
// Filesystems that nobody outside the test sees: mounted in a mount namespace of its own, which
// ends with the process.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace storemark::real {

/// Whether mounts can be made here; if not, `why` says what is missing. Once per process, before
/// there are threads.
[[nodiscard]] bool may_mount(std::string& why);

/// A mounted filesystem; unmounted at the end.
class Mounted {
 public:
  /// A new filesystem of this kind ("tmpfs", "ext4", "xfs", "btrfs") and size, at `at`, which is
  /// made. Its image, where it has one, is at `at`.img.
  Mounted(std::string_view kind, std::filesystem::path at, unsigned megabytes);
  ~Mounted();
  Mounted(const Mounted&) = delete;
  Mounted& operator=(const Mounted&) = delete;

  /// Whether it could be made; else why not.
  [[nodiscard]] bool well() const noexcept { return problem_.empty(); }
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return at_; }

  void make_read_only() const;
  /// Takes all space but this much: returns the file that takes it.
  std::filesystem::path fill(std::size_t leave_bytes = 0) const;

 private:
  void mount_image(std::string_view kind, unsigned megabytes);

  std::filesystem::path at_;
  std::string problem_;
};

}  // namespace storemark::real
