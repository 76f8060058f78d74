// SPDX-License-Identifier: Apache-2.0
#include "group/simulation.hpp"

#include <algorithm>
#include <set>

namespace storemark::local_group {
namespace {

constexpr std::size_t queue_bytes = 4000;
constexpr unsigned kinds_of_move = 6;

void append(Bytes& to, std::span<const std::uint8_t> from) {
  to.insert(to.end(), from.begin(), from.end());
}

bool is_prefix(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.size() <= b.size() && std::equal(a.begin(), a.end(), b.begin());
}

std::string text_of(const Item& item) {
  if (item.is_view()) return "v:" + to_string(decode_view(item.rest())->id);
  const auto rest = item.rest();
  return std::to_string(item.from()) + ":" + std::string(rest.begin(), rest.end());
}

/// Where the shorter begins in the longer: nodes join at different points.
std::optional<std::size_t> begins_at(const std::vector<std::string>& whole,
                                     const std::string& first) {
  const auto at = std::ranges::find(whole, first);
  if (at == whole.end()) return std::nullopt;
  return static_cast<std::size_t>(at - whole.begin());
}

}  // namespace

Simulation::Simulation(std::uint64_t seed, std::size_t wire_bytes)
    : engine_(seed), wire_bytes_(wire_bytes) {}

bool Simulation::keep(const Mark& mark) {
  mark_ = mark;
  return true;
}

bool Simulation::lives(std::uint64_t node) {
  return std::ranges::any_of(nodes_, [&](const auto& n) { return n->alive && n->holds == node; });
}

std::size_t Simulation::add() {
  nodes_.push_back(
      std::make_unique<Node>(Member("n", queue_bytes, [this] { return next_node_++; })));
  return nodes_.size() - 1;
}

void Simulation::cut(Node& node) {
  node.connected = false;
  node.down = {};
  node.up = {};
  node.from_hub = {};
  node.peer = 0;
  node.member.disconnected();
}

void Simulation::end_hub(std::size_t index) {
  if (leader_ != index) return;
  ++count_.hubs;
  if (nodes_[index]->hub->is_waiting()) ++count_.hubs_in_takeover;
  nodes_[index]->hub.reset();
  leader_.reset();
  for (const std::size_t other : attached_) nodes_[other]->down.ended = true;
  attached_.clear();
  at_hub_.clear();
}

void Simulation::kill(std::size_t index) {
  Node& node = *nodes_[index];
  if (!node.alive) return;
  node.alive = false;
  node.holds = 0;
  end_hub(index);
  node.up.ended = true;
}

void Simulation::cut_off(std::size_t index) {
  if (std::erase(attached_, index) == 0) return;
  Node& node = *nodes_[index];
  at_hub_.erase(index);
  node.down.ended = true;
  nodes_[*leader_]->hub->closed(node.peer);
  nodes_[*leader_]->hub->settle();
}

/// As the engine does it: join a hub that is there, else try to lead.
void Simulation::seek(std::size_t index) {
  Node& node = *nodes_[index];
  if (!node.member.survives()) node.holds = 0;
  if (leader_ && nodes_[*leader_]->hub) {
    attach(index);
    return;
  }
  if (!leader_) lead(index);
}

void Simulation::lead(std::size_t index) {
  Node& node = *nodes_[index];
  const bool survives = node.member.survives();
  if (survives && node.member.is_left_behind(mark_)) return;
  const auto holds_another = [&](const auto& other) { return other->alive && other->holds != 0; };
  if (!survives && std::ranges::any_of(nodes_, holds_another)) return;
  if (!survives) mark_ = {new_uuid(), 0, 0, 0};
  ++mark_.term;
  leader_ = index;
  node.hub = std::make_unique<Hub>(*this, node.member.node(), mark_, !survives);
  attach(index);
}

void Simulation::attach(std::size_t index) {
  Node& node = *nodes_[index];
  node.down = {};
  node.up = {};
  node.from_hub = {};
  node.connected = true;
  node.holds = node.member.node();
  node.peer = next_peer_++;
  attached_.push_back(index);
  at_hub_[index] = {};
  nodes_[*leader_]->hub->connected(node.peer, "pid 1");
  node.member.connected();
}

bool Simulation::write_up(Node& node) {
  std::vector<ByteView> pieces;
  node.member.output().gather(pieces, 3);
  if (pieces.empty() || node.up.bytes.size() >= wire_bytes_ || node.down.ended) return false;
  const std::size_t room = wire_bytes_ - node.up.bytes.size();
  const auto piece = pieces.front().first(std::min(pieces.front().size(), 1 + below(room)));
  append(node.up.bytes, piece);
  static_cast<void>(node.member.output().wrote(piece.size()));
  return true;
}

bool Simulation::read_down(Node& node) {
  if (node.down.bytes.empty()) {
    if (!node.down.ended) return false;
    cut(node);
    return true;
  }
  if (node.member.is_full() && !node.down.ended) return false;
  const std::size_t size = 1 + below(node.down.bytes.size());
  std::ranges::copy_n(node.down.bytes.begin(), static_cast<std::ptrdiff_t>(size),
                      node.from_hub.room(size).begin());
  node.from_hub.came(size);
  node.down.bytes.erase(node.down.bytes.begin(),
                        node.down.bytes.begin() + static_cast<std::ptrdiff_t>(size));
  Frame frame;
  while (node.connected && node.from_hub.next(frame) == FrameReader::Next::frame) {
    if (frame.type == FrameType::request) ++count_.requests;
    if (frame.type == FrameType::refused) ++count_.refused;
    if (!node.member.frame(frame)) {
      node.member.lose({Refusal::not_welcome, "nonsense"});
      node.up.ended = true;
      node.down.ended = true;
    }
  }
  return true;
}

void Simulation::drop_refused() {
  Hub& hub = *nodes_[*leader_]->hub;
  for (const auto& [peer, reason] : hub.take_refused()) {
    const Hub::Peer refused = peer;
    const auto at =
        std::ranges::find_if(attached_, [&](auto i) { return nodes_[i]->peer == refused; });
    if (at == attached_.end()) continue;
    Node& node = *nodes_[*at];
    std::vector<ByteView> pieces;
    hub.output(peer).gather(pieces, 100);
    for (const auto piece : pieces) append(node.down.bytes, piece);
    node.down.ended = true;
    at_hub_.erase(*at);
    attached_.erase(at);
    hub.closed(peer);
  }
}

bool Simulation::hub_reads(Node& node) {
  Hub& hub = *nodes_[*leader_]->hub;
  const auto index = static_cast<std::size_t>(
      std::ranges::find_if(nodes_, [&](const auto& n) { return n.get() == &node; }) -
      nodes_.begin());
  if (std::ranges::find(attached_, index) == attached_.end()) return false;
  // The end is seen (POLLHUP) also where nothing is read.
  if (!hub.accepting() && !node.up.ended) return false;
  if (node.up.bytes.empty() || !hub.accepting()) {
    if (!node.up.ended) return false;
    std::erase(attached_, index);
    at_hub_.erase(index);
    node.down.ended = true;
    hub.closed(node.peer);
    return true;
  }
  const std::size_t size = 1 + below(node.up.bytes.size());
  FrameReader& reader = at_hub_[index];
  std::ranges::copy_n(node.up.bytes.begin(), static_cast<std::ptrdiff_t>(size),
                      reader.room(size).begin());
  reader.came(size);
  node.up.bytes.erase(node.up.bytes.begin(),
                      node.up.bytes.begin() + static_cast<std::ptrdiff_t>(size));
  Frame frame;
  while (reader.next(frame) == FrameReader::Next::frame && hub.frame(node.peer, frame)) {
  }
  return true;
}

bool Simulation::hub_writes(Node& node) {
  Hub& hub = *nodes_[*leader_]->hub;
  const bool attached =
      std::ranges::any_of(attached_, [&](auto i) { return nodes_[i].get() == &node; });
  if (!attached || node.down.bytes.size() >= wire_bytes_) return false;
  std::vector<ByteView> pieces;
  hub.output(node.peer).gather(pieces, 1);
  if (pieces.empty()) return false;
  const std::size_t room = wire_bytes_ - node.down.bytes.size();
  const auto piece = pieces.front().first(std::min(pieces.front().size(), 1 + below(room)));
  append(node.down.bytes, piece);
  hub.wrote(node.peer, piece.size());
  return true;
}

void Simulation::take(Node& node) {
  while (const auto item = node.member.take()) {
    node.delivered.push_back(text_of(*item));
    ++count_.delivered;
  }
}

bool Simulation::move(std::size_t index, unsigned what) {
  Node& node = *nodes_[index];
  const bool out =
      node.member.stage() == Member::Stage::lost || node.member.stage() == Member::Stage::left;
  if (what >= 4 && leader_ && !nodes_[*leader_]->stopped && nodes_[*leader_]->hub) {
    Hub& hub = *nodes_[*leader_]->hub;
    const bool moved = what == 4 ? hub_reads(node) : hub_writes(node);
    hub.settle();
    if (below(4) == 0) hub.look_again();
    drop_refused();
    if (hub.is_over()) {
      nodes_[*leader_]->member.lose({Refusal::not_welcome, "its hub is over"});
      end_hub(*leader_);
    }
    return moved;
  }
  if (!node.alive || node.stopped || what >= 4) return false;
  if (out) {
    const bool was = node.holds != 0 || node.connected;
    end_hub(index);
    node.holds = 0;
    node.up.ended = true;
    node.connected = false;
    return was;
  }
  if (what == 0) return node.connected && write_up(node);
  if (what == 1) return node.connected && read_down(node);
  if (what == 2) {
    const bool had = node.member.has_deliveries();
    take(node);
    return had;
  }
  if (node.connected) return false;
  seek(index);
  return true;
}

void Simulation::step() {
  std::size_t index = below(nodes_.size());
  // The dead have little to do: what they wrote is read.
  if (!nodes_[index]->alive && below(4) != 0) index = below(nodes_.size());
  static_cast<void>(move(index, static_cast<unsigned>(below(kinds_of_move))));
}

void Simulation::send(std::size_t index) {
  Node& node = *nodes_[index];
  const bool in = node.member.stage() == Member::Stage::in;
  if (!in || !node.alive) return;
  std::string text = std::to_string(node.sent) + std::string(below(90), '.');
  const Bytes message(text.begin(), text.end());
  if (node.member.offer(message)) ++node.sent;
}

bool Simulation::settles() {
  for (int rounds = 0; rounds < 20'000; ++rounds) {
    bool moved = false;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (unsigned what = 0; what < kinds_of_move; ++what) {
        while (move(i, what)) {
          moved = moved || what != 3 || nodes_[i]->connected;
          if (what == 3) break;
        }
      }
    }
    const auto at_rest = [](const auto& n) {
      const auto stage = n->member.stage();
      return !n->alive || n->stopped || stage == Member::Stage::lost ||
             stage == Member::Stage::left || (n->connected && stage == Member::Stage::in);
    };
    const bool led = leader_ && nodes_[*leader_]->hub;
    if (led) nodes_[*leader_]->hub->look_again();
    const bool waits = led && nodes_[*leader_]->hub->is_waiting();
    if (!moved && !waits && std::ranges::all_of(nodes_, at_rest)) return true;
  }
  return false;
}

std::string Simulation::check_orders() const {
  for (const auto& a : nodes_) {
    std::set<std::string> seen;
    for (const auto& text : a->delivered) {
      if (!seen.insert(text).second) return "delivered twice: " + text;
    }
    std::map<std::string, std::uint64_t> next;
    for (const auto& text : a->delivered) {
      if (text[0] == 'v') continue;
      const auto colon = text.find(':');
      const std::uint64_t number = std::stoull(text.substr(colon + 1));
      const auto at = next.try_emplace(text.substr(0, colon), number).first;
      if (at->second != number) return "a sender's messages are not in order: " + text;
      ++at->second;
    }
    for (const auto& b : nodes_) {
      if (a->delivered.empty() || b->delivered.empty()) continue;
      const auto at = begins_at(a->delivered, b->delivered.front());
      if (!at) continue;
      const std::vector<std::string> tail(a->delivered.begin() + static_cast<std::ptrdiff_t>(*at),
                                          a->delivered.end());
      if (!is_prefix(tail, b->delivered) && !is_prefix(b->delivered, tail)) {
        return "two orders";
      }
    }
  }
  return {};
}

std::string Simulation::check_agreement() const {
  const Node* longest = nullptr;
  for (const auto& n : nodes_) {
    if (!n->alive || n->member.stage() != Member::Stage::in) continue;
    if (longest == nullptr || n->delivered.size() > longest->delivered.size()) longest = n.get();
  }
  if (longest == nullptr) return {};
  for (const auto& n : nodes_) {
    if (n->delivered.empty()) continue;
    const bool in = n->alive && n->member.stage() == Member::Stage::in;
    const bool same_group = n->member.group() == longest->member.group();
    if (in && !same_group) return "two groups";
    if (!same_group) continue;
    if (in && n->delivered.back() != longest->delivered.back()) return "one lags";
    if (in && n->delivered.size() > 1 && n->member.cost() > 0) return "something waits for ever";
    // Who died or was put out: a prefix, as far as it came.
    const auto at = begins_at(longest->delivered, n->delivered.front());
    const auto last = begins_at(longest->delivered, n->delivered.back());
    if (at && !last) return "one delivered what the others never saw";
    const std::string own = std::to_string(n->member.node()) + ":";
    const auto count = std::ranges::count_if(
        n->delivered, [&](const auto& text) { return text.starts_with(own); });
    if (in && static_cast<std::uint64_t>(count) != n->sent) {
      return "a message was lost: " + own + " sent " + std::to_string(n->sent) + ", came " +
             std::to_string(count);
    }
  }
  return {};
}

}  // namespace storemark::local_group
