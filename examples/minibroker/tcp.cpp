// SPDX-License-Identifier: Apache-2.0
#include "tcp.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <stdexcept>

namespace minibroker {
namespace {

constexpr std::chrono::milliseconds look_period{100};

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (colon == std::string::npos || host.empty()) {
    throw std::runtime_error("no address: " + address + ": HOST:PORT is wanted");
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int result =
      ::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &wanted, &found);
  if (result == 0) return {found, ::freeaddrinfo};
  throw std::runtime_error("no address: " + address + ": " + ::gai_strerror(result));
}

Descriptor make_socket(const addrinfo& at) {
  Descriptor made(::socket(at.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (made.get() < 0) fail("cannot make a socket");
  return made;
}

/// As connect(), which cannot be told to give up.
bool connects(int socket, const addrinfo& to, const Stream::Idle& idle) {
  const int flags = ::fcntl(socket, F_GETFL);
  if (flags < 0 || ::fcntl(socket, F_SETFL, flags | O_NONBLOCK) != 0) return false;
  if (::connect(socket, to.ai_addr, to.ai_addrlen) != 0 && errno != EINPROGRESS) return false;
  pollfd one{socket, POLLOUT, 0};
  std::chrono::milliseconds waited{};
  while (::poll(&one, 1, static_cast<int>(look_period.count())) == 0) idle(waited += look_period);
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return false;
  errno = error;
  return error == 0 && ::fcntl(socket, F_SETFL, flags) == 0;
}

}  // namespace

Descriptor listen_at(const std::string& address) {
  const Addresses found = resolve(address);
  Descriptor made = make_socket(*found);
  const int yes = 1;  // what a broker that was killed has left of its calls does not matter
  if (::setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(made.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(made.get(), SOMAXCONN) != 0) {
    fail("cannot take calls at " + address);
  }
  return made;
}

Descriptor call_to(const std::string& address, const Stream::Idle& idle) {
  if (address.starts_with('/')) return call_path(address);
  const Addresses found = resolve(address);
  for (const addrinfo* at = found.get(); at != nullptr; at = at->ai_next) {
    Descriptor made = make_socket(*at);
    if (connects(made.get(), *at, idle)) return made;
  }
  fail("cannot call " + address);
}

}  // namespace minibroker
