// SPDX-License-Identifier: Apache-2.0
// What comes in, and who is believed.
#include "restart/session.hpp"

#include <algorithm>
#include <array>

namespace storemark::restart {

std::string_view to_string(Role role) noexcept {
  constexpr std::array<std::string_view, 5> names{"joining", "starting", "following", "active",
                                                  "stopped"};
  return names.at(static_cast<std::size_t>(role));
}

void Session::own_store(Announcement own, std::uint64_t held, const BodyHash& folded_digest) {
  own_ = std::move(own);
  held_ = held;
  folded_digest_ = folded_digest;
}

std::vector<Step> Session::take_steps() { return std::exchange(steps_, {}); }

void Session::view_changed(const GroupView& view) {
  if (role_ == Role::stopped) return;
  peers_.clear();
  quorum_ = view.quorum;
  knows_quorum_ = knows_quorum_ || quorum_ != Quorum::unknown;
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    peers_.push_back({view.nodes[i], i < view.names.size() ? view.names[i] : "", {}, {}, false, 0});
  }
  begin_round(view.id);
}

void Session::delivered(GroupNode from, std::span<const std::uint8_t> bytes) {
  Peer* sender = peer(from);
  if (role_ == Role::stopped || sender == nullptr || !sender->refused.empty()) return;
  auto message = wire::decode(bytes);
  if (!message) return refuse(*sender, std::move(message.error()));
  std::visit([&](auto& one) { heard(*sender, std::move(one)); }, *message);
}

Session::Peer* Session::peer(GroupNode node) {
  const auto found = std::ranges::find(peers_, node, &Peer::node);
  return found == peers_.end() ? nullptr : &*found;
}

const Session::Peer* Session::peer(const Incarnation& incarnation) const {
  const auto found = std::ranges::find_if(peers_, [&](const Peer& peer) {
    return peer.refused.empty() && peer.said && peer.said->member.incarnation == incarnation;
  });
  return found == peers_.end() ? nullptr : &*found;
}

std::vector<GroupNode> Session::accepted() const {
  std::vector<GroupNode> out;
  for (const Peer& peer : peers_) {
    if (peer.refused.empty()) out.push_back(peer.node);
  }
  return out;
}

ReplicaMember Session::member_of(const Peer& peer) const {
  const Announcement& member = peer.said->member;
  return {peer.node, member.id, member.incarnation, member.label, 0};
}

// Everybody in the view sees the same bytes, so everybody goes on without the sender, from the same
// message on: as if it had left.
void Session::refuse(Peer& peer, std::string why) {
  peer.refused = std::move(why);
  if (peer.node == options_.self) {
    return fail({Errc::group_refused, "this member has left the group", peer.name,
                 "the others do not understand it: " + peer.refused,
                 "run one version of the broker on all members"});
  }
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(peer.node.value >> (8 * i));
  }
  const Incarnation without(Uuid{bytes});
  begin_round(derive_view(ViewId(round_), {&without, 1}));
}

void Session::fail(Error why) {
  act(Stop{std::move(why)});
  role_ = Role::stopped;
}

std::vector<std::string> Session::silent() const {
  std::vector<std::string> out;
  for (const Peer& peer : peers_) {
    if (peer.refused.empty() && !peer.said) out.push_back(peer.name);
  }
  return out;
}

std::vector<std::string> Session::refused() const {
  std::vector<std::string> out;
  for (const Peer& peer : peers_) {
    if (!peer.refused.empty()) out.push_back(peer.name + ": " + peer.refused);
  }
  return out;
}

std::vector<Announcement> Session::announced() const {
  std::vector<Announcement> out;
  for (const Peer& peer : peers_) {
    if (peer.refused.empty() && peer.said) out.push_back(peer.said->member);
  }
  return out;
}

}  // namespace storemark::restart
