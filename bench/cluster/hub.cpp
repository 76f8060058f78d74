// SPDX-License-Identifier: Apache-2.0
#include "hub.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace storemark::bench {
namespace {

constexpr std::size_t read_bytes = std::size_t{128} << 10;

[[noreturn]] void give_up(const char* call) {
  std::perror(call);
  std::exit(1);
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  if (path.size() >= sizeof out.sun_path) {
    errno = ENAMETOOLONG;
    give_up(path.c_str());
  }
  std::ranges::copy(path, static_cast<char*>(out.sun_path));
  return out;
}

/// A stream of which the reader has not taken everything.
class Waiting {
 public:
  void push(Message bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  [[nodiscard]] bool empty() const { return at_ == bytes_.size(); }
  void write(int socket) {
    while (!empty()) {
      const ssize_t size =
          ::send(socket, &bytes_[at_], bytes_.size() - at_, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (size <= 0) return;
      at_ += static_cast<std::size_t>(size);
    }
    bytes_.clear();
    at_ = 0;
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

class Hub {
 public:
  explicit Hub(int listener) { add(listener); }

  void turn() {
    for (std::size_t i = 0; i < sockets_.size(); ++i) {
      sockets_[i].events = waiting_[i].empty() ? POLLIN : POLLIN | POLLOUT;
    }
    ::poll(sockets_.data(), sockets_.size(), -1);
    for (std::size_t i = 1; i < sockets_.size(); ++i) {
      if ((sockets_[i].revents & (POLLIN | POLLHUP)) != 0) read(sockets_[i].fd);
      if ((sockets_[i].revents & POLLOUT) != 0) waiting_[i].write(sockets_[i].fd);
    }
    if (sockets_[0].revents != 0) add(::accept(sockets_[0].fd, nullptr, nullptr));
  }

 private:
  void add(int socket) {
    sockets_.push_back({socket, POLLIN, 0});
    waiting_.emplace_back();
  }
  void read(int from) {
    const ssize_t size = ::recv(from, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size == 0) std::exit(0);  // the measurement is over
    for (std::size_t i = 1; size > 0 && i < sockets_.size(); ++i) {
      waiting_[i].push({buffer_.data(), static_cast<std::size_t>(size)});
      waiting_[i].write(sockets_[i].fd);
    }
  }

  std::vector<pollfd> sockets_;
  std::vector<Waiting> waiting_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(read_bytes);
};

class HubClient : public Client {
 public:
  explicit HubClient(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    const sockaddr_un address = address_of(path);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      give_up("connect");
    }
  }

  [[nodiscard]] bool send(Message message) override {
    if (!waiting_.empty()) return false;
    waiting_.push(message);
    waiting_.write(socket_);
    return true;
  }
  void take() override {
    pollfd ready{socket_, POLLIN, 0};
    if (!waiting_.empty()) ready.events = POLLIN | POLLOUT;
    ::poll(&ready, 1, -1);
    waiting_.write(socket_);
    const ssize_t size = ::recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size == 0) std::exit(0);
    if (size > 0) returned_ += static_cast<std::uint64_t>(size);
  }
  [[nodiscard]] std::uint64_t returned() const override { return returned_; }
  void await(std::size_t /*members*/) override {}

 private:
  int socket_;
  Waiting waiting_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(read_bytes);
  std::uint64_t returned_ = 0;
};

}  // namespace

void be_hub(const std::string& path) {
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_of(path);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, SOMAXCONN) != 0) {
    give_up("bind");
  }
  std::puts("in");
  std::fflush(stdout);
  Hub hub(listener);
  for (;;) hub.turn();
}

std::shared_ptr<Client> hub_client(const std::string& path) {
  return std::make_shared<HubClient>(path);
}

}  // namespace storemark::bench
