// SPDX-License-Identifier: Apache-2.0
#include "io/filesystem.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include "io/descriptor.hpp"

namespace storemark::io {
namespace {
// Not in linux/magic.h of Debian 12.
constexpr long xfs_magic = 0x58465342;
constexpr long zfs_magic = 0x2fc12fc1;
}  // namespace

IoResult<Filesystem> filesystem_of(int fd) {
  struct statfs stat {};
  if (::fstatfs(fd, &stat) != 0) return failed("fstatfs");
  switch (static_cast<long>(stat.f_type)) {
    case EXT4_SUPER_MAGIC:
      return Filesystem{"ext4", true, true, false};
    case xfs_magic:
      return Filesystem{"xfs", true, true, false};
    // RWF_DSYNC commits btrfs's log twice; fdatasync once.
    case BTRFS_SUPER_MAGIC:
      return Filesystem{"btrfs", false, true, true};
    case F2FS_SUPER_MAGIC:
      return Filesystem{"f2fs", false, true, false};
    case TMPFS_MAGIC:
      return Filesystem{"tmpfs", false, false, false};
    case OVERLAYFS_SUPER_MAGIC:
      return Filesystem{"overlay", false, false, false};
    case NFS_SUPER_MAGIC:
      return Filesystem{"nfs", false, false, false};
    case FUSE_SUPER_MAGIC:
      return Filesystem{"fuse", false, false, false};
    case zfs_magic:
      return Filesystem{"zfs", false, false, false};
    default:
      return Filesystem{"other", false, false, false};
  }
}

}  // namespace storemark::io
