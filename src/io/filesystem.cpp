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
constexpr long cifs_magic = 0xff534d42;
constexpr long smb2_magic = 0xfe534d42;
constexpr long lustre_magic = 0x0bd00bd0;
constexpr long gpfs_magic = 0x47504653;
constexpr long gfs2_magic = 0x01161970;

Filesystem on_network(std::string_view name) noexcept { return {name, false, false, false, true}; }
}  // namespace

Filesystem filesystem_of_type(long type) noexcept {
  switch (type) {
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
      return on_network("nfs");
    case SMB_SUPER_MAGIC:
    case cifs_magic:
    case smb2_magic:
      return on_network("smb");
    case CEPH_SUPER_MAGIC:
      return on_network("ceph");
    case AFS_SUPER_MAGIC:
    case AFS_FS_MAGIC:
      return on_network("afs");
    case V9FS_MAGIC:
      return on_network("9p");
    case CODA_SUPER_MAGIC:
      return on_network("coda");
    case lustre_magic:
      return on_network("lustre");
    case gpfs_magic:
      return on_network("gpfs");
    case gfs2_magic:
      return on_network("gfs2");
    case OCFS2_SUPER_MAGIC:
      return on_network("ocfs2");
    case FUSE_SUPER_MAGIC:
      return Filesystem{"fuse", false, false, false};
    case zfs_magic:
      return Filesystem{"zfs", false, false, false};
    default:
      return Filesystem{"other", false, false, false};
  }
}

IoResult<Filesystem> filesystem_of(int fd) {
  struct statfs stat {};
  if (::fstatfs(fd, &stat) != 0) return failed("fstatfs");
  return filesystem_of_type(static_cast<long>(stat.f_type));
}

}  // namespace storemark::io
