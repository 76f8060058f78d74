// SPDX-License-Identifier: Apache-2.0
#include "sockets.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace minibroker {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds idle_period{100};

Descriptor make_socket() {
  Descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (made.get() < 0) fail("cannot make a socket");
  return made;
}

/// bind() or connect(), by path. False: errno says why.
template <class Call>
bool at_path(Call call, int socket, const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return false;
  }
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return call(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// Of who reads and who writes.
void set_patience(int socket, std::chrono::milliseconds patience) {
  const timeval time{0, patience.count() * 1000};
  (void)::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  (void)::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

}  // namespace

void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

Listener::Listener(const fs::path& path) : path_(path), socket_(make_socket()) {
  const std::string what = "cannot take calls at " + path.string();
  // The mode of a socket is asked when it is called: nobody else may, from the first moment on.
  if (::fchmod(get(), 0600) != 0) fail(what);
  if (!at_path(::bind, get(), path)) {
    // Nobody listens at a socket that refuses; what is no socket is not ours to remove.
    if (errno != EADDRINUSE || !fs::is_socket(fs::symlink_status(path))) fail(what);
    const Descriptor caller = make_socket();
    set_patience(caller.get(), idle_period);  // a live one may be busy
    const bool refused = !at_path(::connect, caller.get(), path) && errno == ECONNREFUSED;
    errno = EADDRINUSE;
    if (!refused) fail(what);
    fs::remove(path);
    if (!at_path(::bind, get(), path)) fail(what);
  }
  if (::listen(get(), SOMAXCONN) != 0) fail(what);
}

Listener::~Listener() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove(path_, ignored);
}

Descriptor call_path(const fs::path& path) {
  Descriptor made = make_socket();
  if (!at_path(::connect, made.get(), path)) fail("cannot call " + path.string());
  return made;
}

void Stream::set_idle(Idle idle) {
  idle_ = std::move(idle);
  set_patience(socket_.get(), idle_ ? idle_period : idle_period * 0);
  waited_ = {};
}

void Stream::shut_down(int how) const noexcept { ::shutdown(socket_.get(), how); }

/// What recv() or send() returned. False: that was the end.
bool Stream::moved(std::ptrdiff_t bytes) {
  if (bytes > 0 && idle_) waited_ = {};
  if (bytes >= 0) return bytes > 0;
  if (errno != EAGAIN || !idle_) return errno == EINTR;
  waited_ += idle_period;
  idle_(waited_);
  return true;
}

bool Stream::write(const void* bytes, std::size_t size) {
  if (!flush(0)) return false;
  for (std::size_t at = 0; at < size;) {
    const ssize_t sent = ::send(socket_.get(), static_cast<const char*>(bytes) + at, size - at, 0);
    if (!moved(sent)) return false;
    at += static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
  }
  return true;
}

bool Stream::put(const std::string& text) {
  output_ += text;
  return flush(output_.size() > max_output ? 0 : MSG_DONTWAIT);
}

bool Stream::flush(int flags) {
  while (!output_.empty()) {
    const ssize_t sent = ::send(socket_.get(), output_.data(), output_.size(), flags);
    if (sent < 0 && errno == EAGAIN && flags == MSG_DONTWAIT) break;
    if (!moved(sent)) return false;
    output_.erase(0, static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
  }
  return true;
}

bool Stream::receive(int flags) {
  pollfd both{socket_.get(), POLLIN | POLLOUT, 0};
  while (flags == 0 && !output_.empty() && ::poll(&both, 1, -1) > 0 && both.revents == POLLOUT) {
    if (!flush(MSG_DONTWAIT)) return false;
  }
  std::array<char, 16 * 1024> bytes;
  const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), flags);
  if (!moved(got)) return false;
  input_.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return true;
}

bool Stream::read(void* to, std::size_t size) {
  while (input_.size() < size) {
    if (!receive(0)) return false;
  }
  std::memcpy(to, input_.data(), size);
  input_.erase(0, size);
  return true;
}

bool Stream::has_line() {
  const auto here = [&] { return !skipping_ && input_.find('\n') != std::string::npos; };
  return here() || (receive(MSG_DONTWAIT) && here());
}

std::optional<std::string> Stream::line(std::size_t most) {
  for (;;) {
    const std::size_t end = input_.find('\n');
    if (end != std::string::npos || (input_.size() > most && !skipping_)) {
      std::string line = input_.substr(0, end);
      input_.erase(0, end == std::string::npos ? end : end + 1);
      if (std::exchange(skipping_, end == std::string::npos)) continue;
      return line;
    }
    if (skipping_) input_.clear();
    if (!receive(0)) return std::nullopt;
  }
}

}  // namespace minibroker
