// SPDX-License-Identifier: Apache-2.0
#include "group/local/hub_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace storemark::local_group {
namespace {

/// Connections that have not said who they are; beyond it the oldest goes.
constexpr std::size_t most_greeting = 64;
constexpr int look_again_ms = 10;
constexpr int accept_again_ms = 100;

}  // namespace

HubServer::HubServer(Ledger& ledger, OwnDescriptor listener, std::uint64_t self, const Mark& mark,
                     bool founding, Notice notice)
    : listener_(std::move(listener)),
      hub_(ledger, self, mark, founding),
      notice_(std::move(notice)) {}

HubServer::~HubServer() = default;

void HubServer::wait_for(std::vector<pollfd>& out) {
  out.push_back({no_descriptors_ ? -1 : listener_.get(), POLLIN, 0});
  waited_for_.clear();
  for (auto& [peer, connection] : links_) {
    const bool writes = !hub_.output(peer).empty() && !connection.link.is_deaf();
    const int events = (hub_.accepting() ? POLLIN : 0) | (writes ? POLLOUT : 0);
    out.push_back({connection.link.descriptor(), static_cast<short>(events), 0});
    waited_for_.push_back(peer);
  }
}

int HubServer::patience() const {
  if (held_back_ && hub_.accepting()) return 0;
  if (hub_.is_waiting()) return look_again_ms;
  return no_descriptors_ ? accept_again_ms : -1;
}

void HubServer::serve(std::span<const pollfd> ready) {
  if (no_descriptors_ || (ready[0].revents & POLLIN) != 0) accept_all();
  hub_.look_again();
  held_back_ = false;
  const auto waited_for = waited_for_;
  for (std::size_t i = 0; i < waited_for.size(); ++i) read(waited_for[i], ready[i + 1].revents);
  // Until nothing is told any more: what the last write brought to all is settled, too, or nobody
  // would come back to it.
  do {
    write_all();
  } while (hub_.settle());
  drop_refused();
}

void HubServer::accept_all() {
  no_descriptors_ = false;
  while (accept_one()) {
  }
}

bool HubServer::accept_one() {
  const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) {
    no_descriptors_ = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return errno == EINTR || errno == ECONNABORTED;
  }
  admit(OwnDescriptor(fd));
  return true;
}

void HubServer::admit(OwnDescriptor socket) {
  const auto other = peer_of(socket.get());
  if (!other) return;
  make_room();
  const Hub::Peer peer = next_++;
  std::string who = "pid " + std::to_string(other->process);
  hub_.connected(peer, who);
  links_.emplace(peer, Connection{Link(std::move(socket)), std::move(who)});
  if (other->user == ::geteuid()) return;
  const std::string user = "user " + std::to_string(other->user);
  hub_.refuse(peer, Refusal::not_welcome,
              "the group is user " + std::to_string(::geteuid()) + "'s, this is " + user);
  drop_refused();
}

void HubServer::make_room() {
  const auto greeting = [&](const auto& entry) { return hub_.is_greeting(entry.first); };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(links_, greeting));
  if (count < most_greeting) return;
  const auto oldest = std::ranges::find_if(links_, greeting);
  hub_.refuse(oldest->first, Refusal::not_welcome, "it did not say who it is, and others wait");
  drop_refused();
}

void HubServer::read(Hub::Peer peer, short events) {
  const auto found = links_.find(peer);
  if (found == links_.end()) return;
  Link& link = found->second.link;
  const bool over = (events & (POLLHUP | POLLERR | POLLNVAL)) != 0 || link.is_deaf();
  if (!take_frames(peer, link)) return;
  while ((over || (events & POLLIN) != 0) && hub_.accepting()) {
    const Link::Read came = link.read();
    if (came == Link::Read::some && !take_frames(peer, link)) return;
    if (came == Link::Read::end) return drop(peer);
    if (!over) return;  // one turn each
    if (came == Link::Read::nothing) break;
  }
  // Where nothing is taken now: what this one still had to say nobody was promised.
  if (over) drop(peer);
}

bool HubServer::take_frames(Hub::Peer peer, Link& link) {
  Frame frame;
  while (hub_.accepting()) {
    switch (link.frames().next(frame)) {
      case FrameReader::Next::more:
        return true;
      case FrameReader::Next::fault:
        hub_.refuse(peer, Refusal::not_welcome, std::string(words_for(link.frames().fault())));
        drop_refused();
        return false;
      case FrameReader::Next::frame:
        if (hub_.frame(peer, frame)) break;
        drop_refused();
        return false;
    }
  }
  held_back_ = true;
  return true;
}

void HubServer::write_all() {
  for (auto& [peer, connection] : links_) {
    Outgoing& out = hub_.output(peer);
    while (!out.empty()) {
      const std::size_t size = connection.link.write(out);
      if (size == 0) break;
      hub_.wrote(peer, size);
    }
  }
}

void HubServer::drop_refused() {
  for (const auto& [peer, reason] : hub_.take_refused()) {
    const auto found = links_.find(peer);
    if (found == links_.end()) continue;
    if (notice_) notice_(found->second.who + " was refused: " + reason);
    // Once: the word is told if there is room for it.
    const std::size_t size = found->second.link.write(hub_.output(peer));
    hub_.wrote(peer, size);
    drop(peer);
  }
}

void HubServer::drop(Hub::Peer peer) {
  links_.erase(peer);
  hub_.closed(peer);
}

}  // namespace storemark::local_group
