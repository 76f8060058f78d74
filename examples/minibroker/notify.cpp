// SPDX-License-Identifier: Apache-2.0
#include "notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

#include "sockets.hpp"

namespace minibroker {
namespace {

void send(const std::string& words) {
  const char* const path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  const std::size_t length = path == nullptr ? 0 : std::strlen(path);
  if (length == 0 || length >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::copy_n(path, length, address.sun_path);
  if (*path == '@') address.sun_path[0] = '\0';  // an abstract one
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  static_cast<void>(::sendto(socket.get(), words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&address), size));
}

}  // namespace

void notify(const storemark::Status& status) {
  const char* const more = status.ready ? "\nREADY=1" : "\nEXTEND_TIMEOUT_USEC=10000000";
  send("STATUS=" + status.text + more);
}

void notify_stopping() { send("STOPPING=1\nEXTEND_TIMEOUT_USEC=60000000"); }

}  // namespace minibroker
