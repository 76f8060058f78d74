// SPDX-License-Identifier: Apache-2.0
// Files as a restart finds them: on the medium, and in the caches or not.
#pragma once

#include <filesystem>

namespace storemark::bench {

enum class Caches {
  warm,            ///< as they are
  own_files_cold,  ///< the files' pages are gone
  all_cold,        ///< as root, all that the kernel can do without: of everybody
};

/// Syncs every file below `directory`, and empties caches.
void settle(const std::filesystem::path& directory, Caches caches);

}  // namespace storemark::bench
