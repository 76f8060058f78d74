// SPDX-License-Identifier: Apache-2.0
// Another process that keeps the filesystem busy, as a broker's store and its neighbours would.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace storemark::bench {

/// While it lives: about 16 MiB a second appended to a file, which begins anew at 64 MiB, and as
/// many small files made and removed; nothing of it is synced.
class Dirtier {
 public:
  explicit Dirtier(const std::filesystem::path& directory);
  ~Dirtier();
  Dirtier(const Dirtier&) = delete;
  Dirtier& operator=(const Dirtier&) = delete;

 private:
  pid_t child_;
};

}  // namespace storemark::bench
