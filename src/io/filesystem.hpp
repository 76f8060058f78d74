// SPDX-License-Identifier: Apache-2.0
// What the filesystem under a file is known to do.
#pragma once

#include <string_view>

#include "io/file.hpp"

namespace storemark::io {

struct Filesystem {
  std::string_view name;           ///< static storage
  bool direct_by_default = false;  ///< O_DIRECT with RWF_DSYNC costs one flush here
  bool direct_reads = false;       ///< O_DIRECT reads come from the device
  bool copy_on_write = false;      ///< a file wants the no-copy-on-write flag at creation
  bool network = false;            ///< other hosts may have it too; FUSE does not tell
};

/// By the number that statfs() gives it.
[[nodiscard]] Filesystem filesystem_of_type(long type) noexcept;
[[nodiscard]] IoResult<Filesystem> filesystem_of(int fd);

}  // namespace storemark::io
