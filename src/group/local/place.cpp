// SPDX-License-Identifier: Apache-2.0
#include "group/local/place.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "group/local/errors.hpp"
#include "group/local/mark_codec.hpp"
#include "io/descriptor.hpp"

namespace storemark::local_group {
namespace {

constexpr off_t hubs_byte = 0;
/// More than a group's nodes: some die and come again at once.
constexpr int backlog = 512;

struct flock on(short type, off_t from, off_t length) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = from;
  lock.l_len = length;
  return lock;
}

io::IoResult<bool> take(int fd, off_t byte) {
  // Of the open file description, so that two groups in one process are two.
  struct flock lock = on(F_WRLCK, byte, 1);
  if (::fcntl(fd, F_OFD_SETLK, &lock) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  return io::failed("lock");
}

void give_back(int fd, off_t byte) {
  struct flock lock = on(F_UNLCK, byte, 1);
  static_cast<void>(::fcntl(fd, F_OFD_SETLK, &lock));
}

io::IoResult<bool> is_locked(int fd, off_t from, off_t length) {
  struct flock lock = on(F_WRLCK, from, length);
  if (::fcntl(fd, F_OFD_GETLK, &lock) != 0) return io::failed("F_OFD_GETLK");
  return lock.l_type != F_UNLCK;
}

/// However long the directory's path: its descriptor has a short name.
io::IoResult<sockaddr_un> address_in(int directory) {
  const std::string path = "/proc/self/fd/" + std::to_string(directory) + "/" + Place::socket_name;
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  if (path.size() >= sizeof out.sun_path)
    return io::failed_with(ENAMETOOLONG, "name of the socket");
  std::memcpy(out.sun_path, path.c_str(), path.size() + 1);
  return out;
}

io::IoResult<OwnDescriptor> new_socket() {
  OwnDescriptor out(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!out) return io::failed("socket");
  return out;
}

const sockaddr* general(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

tl::unexpected<Error> refuse(const std::string& path, std::string why, std::string todo) {
  return tl::unexpected(not_joined(Errc::group_refused, path, std::move(why), std::move(todo)));
}

Result<void> check_directory(int fd, const std::string& path, Place::FilesystemOf filesystem_of) {
  struct stat stat {};
  if (::fstat(fd, &stat) != 0) return tl::unexpected(not_joined({errno, "fstat", 0}, path));
  if (stat.st_uid != ::geteuid()) {
    return refuse(path, "the directory belongs to user " + std::to_string(stat.st_uid),
                  "run all nodes as the user that owns it");
  }
  if ((stat.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return refuse(path, "others than its owner may write the directory", "chmod go-w " + path);
  }
  const auto filesystem = filesystem_of(fd);
  if (!filesystem) return tl::unexpected(not_joined(filesystem.error(), path));
  if (filesystem->network) {
    return refuse(path,
                  "it is on a network filesystem (" + std::string(filesystem->name) +
                      "), and this group is one host's",
                  "name a directory on this host, such as one under /run");
  }
  if (::access("/proc/self/fd", X_OK) != 0) {
    return refuse(path, "/proc is not mounted here", "mount it");
  }
  return {};
}

}  // namespace

io::IoResult<Peer> peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return io::failed("SO_PEERCRED");
  }
  return Peer{credentials.uid, credentials.pid};
}

Result<std::unique_ptr<Place>> Place::open(const std::filesystem::path& path,
                                           FilesystemOf filesystem_of) {
  const std::string name = path.string();
  const auto failed = [&](const char* call) {
    return tl::unexpected(not_joined({errno, call, 0}, name));
  };
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed("mkdir");
  OwnDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return failed("open the directory");
  if (auto fit = check_directory(directory.get(), name, filesystem_of); !fit) {
    return tl::unexpected(fit.error());
  }
  OwnDescriptor lock(::openat(directory.get(), lock_name,
                              O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  if (!lock) return failed("open the lock file");
  struct stat stat {};
  if (::fstat(lock.get(), &stat) != 0) return failed("fstat");
  if (!S_ISREG(stat.st_mode) || stat.st_uid != ::geteuid()) {
    return refuse(name, std::string(lock_name).append(" there is not a file of this user's"),
                  "see who put it there, and remove it while no node runs");
  }
  return std::unique_ptr<Place>(new Place(name, std::move(directory), std::move(lock)));
}

io::IoResult<bool> Place::lead() { return take(lock_.get(), hubs_byte); }
void Place::lead_no_more() { give_back(lock_.get(), hubs_byte); }

io::IoResult<bool> Place::hold(std::uint64_t node) {
  return take(lock_.get(), static_cast<off_t>(node));
}
void Place::release(std::uint64_t node) { give_back(lock_.get(), static_cast<off_t>(node)); }

bool Place::lives(std::uint64_t node) {
  // Where it cannot be asked it is waited for: nobody is taken for dead in error.
  return is_locked(lock_.get(), static_cast<off_t>(node), 1).value_or(true);
}

io::IoResult<bool> Place::others_live() { return is_locked(lock_.get(), hubs_byte + 1, 0); }

io::IoResult<bool> Place::is_in_place() {
  struct stat here {};
  struct stat there {};
  if (::fstat(lock_.get(), &here) != 0) return io::failed("fstat");
  if (::fstatat(directory_.get(), lock_name, &there, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return false;
    return io::failed("fstatat");
  }
  return here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

io::IoResult<Mark> Place::mark() {
  MarkBytes bytes{};
  const ssize_t size = ::pread(lock_.get(), bytes.data(), bytes.size(), 0);
  if (size < 0) return io::failed("read the mark");
  // Whatever else stands there marks no group: a survivor then finds itself out, and says so.
  if (static_cast<std::size_t>(size) != bytes.size()) return Mark{};
  return decode_mark(bytes).value_or(Mark{});
}

bool Place::keep(const Mark& mark) {
  // Not synced: with the host all nodes die, and their group with them.
  const MarkBytes bytes = encode_mark(mark);
  return ::pwrite(lock_.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
}

void Place::remove_socket() { static_cast<void>(::unlinkat(directory_.get(), socket_name, 0)); }

io::IoResult<OwnDescriptor> Place::listen() {
  const auto address = address_in(directory_.get());
  if (!address) return tl::unexpected(address.error());
  auto socket = new_socket();
  if (!socket) return socket;
  remove_socket();  // that of a hub that died
  if (::bind(socket->get(), general(*address), sizeof *address) != 0) return io::failed("bind");
  if (::listen(socket->get(), backlog) != 0) return io::failed("listen");
  return socket;
}

io::IoResult<OwnDescriptor> Place::connect() {
  const auto address = address_in(directory_.get());
  if (!address) return tl::unexpected(address.error());
  auto socket = new_socket();
  if (!socket) return socket;
  if (::connect(socket->get(), general(*address), sizeof *address) != 0) {
    return io::failed("connect");
  }
  return socket;
}

}  // namespace storemark::local_group
