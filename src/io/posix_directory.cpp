// SPDX-License-Identifier: Apache-2.0
#include "io/posix_directory.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <string>

#include "io/posix_file.hpp"
#include "io/status.hpp"

namespace storemark::io {
namespace {

const char* journal_name() { return journal_file_name.data(); }

int descriptor_of(const File& file) { return static_cast<const PosixFile&>(file).descriptor(); }

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

IoResult<void> take_lock(int fd) {
  // Of the open file description: a second open in this very process is refused too, and closing
  // some other descriptor of the file gives nothing away.
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(fd, F_OFD_SETLK, &lock) == 0) return {};
  return failed_with(errno == EACCES || errno == EAGAIN ? EWOULDBLOCK : errno, "lock");
}

IoResult<bool> denotes(int directory, const char* name, int fd) {
  const auto own = status_of(fd, STATX_INO);
  if (!own) return tl::unexpected(own.error());
  const auto named = status_of(directory, name, STATX_INO);
  if (!named && named.error().code == ENOENT) return false;
  if (!named) return tl::unexpected(named.error());
  return named->stx_dev_major == own->stx_dev_major && named->stx_dev_minor == own->stx_dev_minor &&
         named->stx_ino == own->stx_ino;
}

/// O_NONBLOCK so that a FIFO in the journal's place does not hold the open up.
constexpr int open_flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

IoResult<Descriptor> open_regular(int directory, int access) {
  Descriptor file(::openat(directory, journal_name(), access | open_flags | O_NOATIME));
  // Only the owner may leave the access time alone.
  if (!file && errno == EPERM) {
    file = Descriptor(::openat(directory, journal_name(), access | open_flags));
  }
  if (!file) return failed("open");
  const auto status = status_of(file.get(), STATX_TYPE);
  if (!status) return tl::unexpected(status.error());
  if (S_ISDIR(status->stx_mode)) return failed_with(EISDIR, "open");
  if (!S_ISREG(status->stx_mode)) return failed_with(ENXIO, "open: not a regular file");
  return file;
}

/// On btrfs a block is else written to a new place each time, and two trees with it. Our hash takes
/// the place of the checksum that goes with it.
void forgo_copy_on_write(int fd) {
  const auto filesystem = filesystem_of(fd);
  if (!filesystem || !filesystem->copy_on_write) return;
  int flags = 0;
  if (::ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0) return;
  flags |= FS_NOCOW_FL;
  static_cast<void>(::ioctl(fd, FS_IOC_SETFLAGS, &flags));
}

/// Makes it if it is missing; then the parent, opened, whose entry is to be synced.
IoResult<Descriptor> make_directory(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno == EEXIST) return Descriptor();
    return failed("mkdir");
  }
  auto whole = std::filesystem::absolute(path).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();  // "x/" names x
  Descriptor parent(::open(whole.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent) return failed("open the parent directory");
  return parent;
}

std::string temporary_name() {
  return "." + std::string(journal_file_name) + "." + to_string(new_uuid());
}

}  // namespace

IoResult<std::unique_ptr<PosixDirectory>> PosixDirectory::open_directory(
    const std::filesystem::path& path, const Options& options) {
  Descriptor parent;
  if (options.make_directory) {
    auto made = make_directory(path);
    if (!made) return tl::unexpected(made.error());
    parent = std::move(*made);
  }
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return failed("open the directory");
  return std::unique_ptr<PosixDirectory>(
      new PosixDirectory(std::move(directory), std::move(parent), options.durable_write));
}

PosixDirectory::~PosixDirectory() { forget_temporary(); }

void PosixDirectory::forget_temporary() {
  if (!temporary_.empty()) static_cast<void>(::unlinkat(directory_.get(), temporary_.c_str(), 0));
  temporary_.clear();
}

IoResult<std::unique_ptr<File>> PosixDirectory::open(Access access) {
  if (access == Access::read_only) {
    auto file = open_regular(directory_.get(), O_RDONLY);
    if (!file) return tl::unexpected(file.error());
    return PosixFile::for_looking(std::move(*file));
  }
  auto file = open_regular(directory_.get(), O_RDWR);
  if (!file) return tl::unexpected(file.error());
  if (auto locked = take_lock(file->get()); !locked) return tl::unexpected(locked.error());
  const auto same = denotes(directory_.get(), journal_name(), file->get());
  if (!same) return tl::unexpected(same.error());
  if (!*same) return failed_with(ESTALE, "open: replaced meanwhile");
  return PosixFile::for_writing(std::move(*file), durable_write_);
}

IoResult<std::unique_ptr<File>> PosixDirectory::create() {
  Descriptor file(::openat(directory_.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file) {
    // A filesystem without unnamed files: a name that nobody else has.
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT) return failed("create");
    temporary_ = temporary_name();
    file = Descriptor(::openat(directory_.get(), temporary_.c_str(),
                               O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
    if (!file) return failed("create");
  }
  forgo_copy_on_write(file.get());
  if (auto locked = take_lock(file.get()); !locked) return tl::unexpected(locked.error());
  return PosixFile::for_writing(std::move(file), durable_write_);
}

IoResult<void> PosixDirectory::link_as(const File& created, const char* name) {
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor_of(created));
  if (::linkat(AT_FDCWD, path.c_str(), directory_.get(), name, AT_SYMLINK_FOLLOW) != 0) {
    return failed("link");
  }
  forget_temporary();
  return {};
}

IoResult<void> PosixDirectory::link(File& created) { return link_as(created, journal_name()); }

IoResult<void> PosixDirectory::exchange(File& created, const std::string& keep_as) {
  const int at = directory_.get();
  const std::string fresh = temporary_name();
  if (auto linked = link_as(created, fresh.c_str()); !linked) return linked;
  if (::renameat2(at, fresh.c_str(), at, journal_name(), RENAME_EXCHANGE) == 0) {
    if (::renameat2(at, fresh.c_str(), at, keep_as.c_str(), RENAME_NOREPLACE) == 0) return {};
    return failed("rename");
  }
  // A filesystem without exchange: a second name for the old file, then the new one over the first.
  if (::linkat(at, journal_name(), at, keep_as.c_str(), 0) != 0) return failed("link");
  if (::renameat(at, fresh.c_str(), at, journal_name()) != 0) return failed("rename");
  return {};
}

IoResult<void> PosixDirectory::sync() {
  if (::fsync(directory_.get()) != 0) return failed("fsync the directory");
  if (parent_ && ::fsync(parent_.get()) != 0) return failed("fsync the parent directory");
  return {};
}

IoResult<bool> PosixDirectory::names(File& file) {
  return denotes(directory_.get(), journal_name(), descriptor_of(file));
}

IoResult<bool> PosixDirectory::locked(File& file) {
  struct flock lock = whole_file(F_RDLCK);
  if (::fcntl(descriptor_of(file), F_OFD_GETLK, &lock) != 0) return failed("F_OFD_GETLK");
  return lock.l_type != F_UNLCK;
}

}  // namespace storemark::io
