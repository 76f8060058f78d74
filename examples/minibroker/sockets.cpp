// SPDX-License-Identifier: Apache-2.0
#include "sockets.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

namespace minibroker {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

Descriptor checked(int descriptor, const std::string& what) {
  if (descriptor < 0) fail(errno, what);
  return Descriptor(descriptor);
}

sockaddr_un address_of(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& name = path.native();
  if (name.empty() || name.size() >= sizeof address.sun_path) {
    fail(ENAMETOOLONG, "cannot have a socket at \"" + name + "\"");
  }
  std::memcpy(address.sun_path, name.data(), name.size());
  return address;
}

bool bind_to(int descriptor, const sockaddr_un& address) {
  return ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// 0, or why nobody can be reached there.
int connect_to(int descriptor, const sockaddr_un& address) {
  const auto* at = reinterpret_cast<const sockaddr*>(&address);
  return ::connect(descriptor, at, sizeof address) == 0 ? 0 : errno;
}

Descriptor make_socket(int flags) {
  return checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0), "cannot make a socket");
}

}  // namespace

Descriptor listen_at(const fs::path& path) {
  const sockaddr_un address = address_of(path);
  const std::string what = "cannot take calls at " + path.string();
  Descriptor listener = make_socket(SOCK_NONBLOCK);
  // The mode of a socket is asked when it is called: nobody else may, from the first moment on.
  if (::fchmod(listener.get(), 0600) != 0) fail(errno, what);
  if (!bind_to(listener.get(), address)) {
    if (errno != EADDRINUSE) fail(errno, what);
    const int refused = connect_to(make_socket(SOCK_NONBLOCK).get(), address);
    if (refused != ECONNREFUSED) fail(EADDRINUSE, what + ", where another broker does");
    if (!fs::is_socket(fs::symlink_status(path))) fail(ENOTSOCK, what);
    fs::remove(path);
    if (!bind_to(listener.get(), address)) fail(errno, what);
  }
  if (::listen(listener.get(), SOMAXCONN) != 0) fail(errno, what);
  return listener;
}

Descriptor call(const fs::path& path, bool blocking) {
  Descriptor caller = make_socket(blocking ? 0 : SOCK_NONBLOCK);
  const int refused = connect_to(caller.get(), address_of(path));
  if (refused != 0) fail(refused, "cannot call " + path.string());
  return caller;
}

Descriptor accept_from(int listener) {
  return Descriptor(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

Descriptor stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (const int error = pthread_sigmask(SIG_BLOCK, &signals, nullptr); error != 0) {
    fail(error, "cannot wait for signals");
  }
  return checked(::signalfd(-1, &signals, SFD_CLOEXEC), "cannot wait for signals");
}

Descriptor wakeable() {
  return checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "cannot make an event");
}

void wake(int descriptor) noexcept { (void)::eventfd_write(descriptor, 1); }

void calm(int descriptor) noexcept {
  eventfd_t count = 0;
  (void)::eventfd_read(descriptor, &count);
}

bool wait_for(int descriptor, short events, std::chrono::milliseconds time) {
  pollfd waiting{descriptor, events, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(time.count()));
  if (ready < 0 && errno != EINTR) fail(errno, "cannot wait");
  return ready > 0;
}

}  // namespace minibroker
