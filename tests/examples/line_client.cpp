// SPDX-License-Identifier: Apache-2.0
#include "line_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace minibroker {
namespace {

constexpr std::chrono::seconds patience{60};

}  // namespace

bool wait_for(int descriptor, short events, std::chrono::milliseconds time) {
  pollfd waiting{descriptor, events, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(time.count()));
  if (ready < 0 && errno != EINTR) throw std::runtime_error("cannot wait");
  return ready > 0;
}

LineClient::LineClient()
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}

void LineClient::connect(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
  const auto* at = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(socket_.get(), at, sizeof address) != 0)
    throw std::runtime_error("nobody is there");
}

std::size_t LineClient::offer(const std::string& text) {
  const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) throw std::runtime_error("the broker hung up");
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

void LineClient::send(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    at += offer(text.substr(at));
    if (at < text.size() && !wait_for(socket_.get(), POLLOUT, patience)) {
      throw std::runtime_error("the broker takes nothing");
    }
  }
}

std::string LineClient::line() {
  for (;;) {
    const std::size_t end = input_.find('\n');
    if (end != std::string::npos) {
      const std::string line = input_.substr(0, end);
      input_.erase(0, end + 1);
      return line;
    }
    if (!wait_for(socket_.get(), POLLIN, patience)) throw std::runtime_error("no answer");
    char bytes[65536];
    const ssize_t got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (got <= 0) return "(end)";
    input_.append(bytes, static_cast<std::size_t>(got));
  }
}

std::vector<std::string> LineClient::lines(std::size_t count) {
  std::vector<std::string> lines;
  while (lines.size() < count) lines.push_back(line());
  return lines;
}

std::string LineClient::ask(const std::string& command) {
  send(command + "\n");
  return line();
}

void LineClient::end_sending() { ::shutdown(socket_.get(), SHUT_WR); }

}  // namespace minibroker
