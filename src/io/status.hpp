// SPDX-License-Identifier: Apache-2.0
// What the kernel knows of a file, but not its times. fstat() asks for them too, and from Linux
// 6.13 on the next write then gives the file a new one, which costs it a third of a flush more.
#pragma once

#include <sys/stat.h>

#include "io/descriptor.hpp"

namespace storemark::io {

/// `what`: STATX_INO, STATX_SIZE, ... The device is always told.
[[nodiscard]] IoResult<struct statx> status_of(int fd, unsigned what);
/// Of the name in the directory; a symbolic link is not followed.
[[nodiscard]] IoResult<struct statx> status_of(int directory, const char* name, unsigned what);

}  // namespace storemark::io
