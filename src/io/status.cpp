// SPDX-License-Identifier: Apache-2.0
#include "io/status.hpp"

#include <fcntl.h>

namespace storemark::io {

IoResult<struct statx> status_of(int fd, unsigned what) {
  struct statx out {};
  if (::statx(fd, "", AT_EMPTY_PATH, what, &out) != 0) return failed("statx");
  return out;
}

IoResult<struct statx> status_of(int directory, const char* name, unsigned what) {
  struct statx out {};
  if (::statx(directory, name, AT_SYMLINK_NOFOLLOW, what, &out) != 0) return failed("statx");
  return out;
}

}  // namespace storemark::io
