// SPDX-License-Identifier: Apache-2.0
#include "group/local/link.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace storemark::local_group {
namespace {

constexpr std::size_t read_bytes = std::size_t{128} << 10;
constexpr std::size_t most_pieces = 128;

bool would_wait(int error) { return error == EAGAIN; }

}  // namespace

Link::Read Link::read() {
  for (;;) {
    const auto room = frames_.room(read_bytes);
    const ssize_t size = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (size > 0) {
      frames_.came(static_cast<std::size_t>(size));
      return Read::some;
    }
    if (size == 0) return Read::end;
    if (errno == EINTR) continue;
    // The kernel gives what was queued first, then says that the connection was reset.
    return would_wait(errno) ? Read::nothing : Read::end;
  }
}

std::size_t Link::write(const Outgoing& out) {
  if (deaf_) return 0;
  pieces_.clear();
  out.gather(pieces_, most_pieces);
  std::array<iovec, most_pieces> vector{};
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    // sendmsg does not write to it.
    vector.at(i) = {const_cast<std::uint8_t*>(pieces_[i].data()), pieces_[i].size()};
  }
  msghdr message{};
  message.msg_iov = vector.data();
  message.msg_iovlen = pieces_.size();
  for (;;) {
    const ssize_t size = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size >= 0) return static_cast<std::size_t>(size);
    if (errno == EINTR) continue;
    deaf_ = !would_wait(errno) && errno != ENOBUFS && errno != ENOMEM;
    return 0;
  }
}

}  // namespace storemark::local_group
