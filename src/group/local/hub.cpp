// SPDX-License-Identifier: Apache-2.0
// The hub at work; hub_takeover.cpp has how it begins where another ended.
#include "group/local/hub.hpp"

#include <algorithm>

namespace storemark::local_group {
namespace {

/// What an item takes beside its bytes, so that many empty ones are not free.
constexpr std::size_t item_overhead = 192;

/// What a node calls itself is shown to people.
std::string printable(std::string name) {
  for (char& c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return name;
}

}  // namespace

Hub::Hub(Ledger& ledger, std::uint64_t self, const Mark& mark, bool founding)
    : ledger_(ledger),
      self_(self),
      mark_(mark),
      phase_(founding ? Phase::ordering : Phase::collecting) {}

void Hub::connected(Peer peer, std::string who) { peers_[peer].who = std::move(who); }

bool Hub::is_greeting(Peer peer) const {
  const auto found = peers_.find(peer);
  return found != peers_.end() && found->second.role == Role::greeting;
}

void Hub::refuse(Peer peer, Refusal refusal, std::string reason) {
  Member& member = peers_.at(peer);
  if (member.role == Role::refused) return;
  const Role before = std::exchange(member.role, Role::refused);
  member.out.push(share(encode_refused({refusal, reason})));
  refused_.push_back({peer, std::move(reason)});
  if (before == Role::member) leave_view(member.hello.node);
  if (before == Role::leaving) barrier_ = std::max(barrier_, member.goes_with.number);
}

void Hub::closed(Peer peer) {
  const auto found = peers_.find(peer);
  if (found == peers_.end()) return;
  const Member gone = std::move(found->second);
  peers_.erase(found);
  std::erase_if(refused_, [&](const RefusedPeer& refused) { return refused.peer == peer; });
  if (phase_ != Phase::ordering) {
    if (phase_ == Phase::fetching && peer == source_) phase_ = Phase::collecting;
    look_again();
    return;
  }
  if (gone.role == Role::member) leave_view(gone.hello.node);
  // It may live, and not have the view in which it left.
  if (gone.role == Role::leaving) barrier_ = std::max(barrier_, gone.goes_with.number);
}

bool Hub::frame(Peer peer, const Frame& frame) {
  Member& member = peers_.at(peer);
  if (member.role == Role::refused) return false;
  bool understood = false;
  switch (frame.type) {
    case FrameType::hello:
      understood = hello(peer, member, frame);
      break;
    case FrameType::data:
      understood = take_data(member, frame);
      break;
    case FrameType::leave:
      understood = frame.body.empty() && take_leave(member);
      break;
    case FrameType::held:
      understood = take_held(peer, frame);
      break;
    default:
      break;
  }
  if (!understood) refuse(peer, Refusal::not_welcome, "it said what has no place here");
  const auto now = peers_.find(peer);
  return now != peers_.end() && now->second.role != Role::refused;
}

bool Hub::hello(Peer peer, Member& member, const Frame& frame) {
  auto said = decode_hello(frame.body);
  if (!said || member.role != Role::greeting) return false;
  member.hello = std::move(*said);
  const std::uint64_t node = member.hello.node;
  const auto same = [&](const auto& other) {
    return other.first != peer && other.second.hello.node == node &&
           other.second.role != Role::refused;
  };
  if (view_.contains(node) || std::ranges::any_of(peers_, same)) {
    refuse(peer, Refusal::not_welcome, "a node with its number is there already");
  } else if (!member.hello.group.is_nil()) {
    greet_survivor(peer, member);
  } else if (view_.size() >= max_nodes) {
    refuse(peer, Refusal::not_welcome, "the group has as many nodes as it takes");
  } else {
    member.role = Role::joining;
    if (phase_ == Phase::ordering) enter_all();
  }
  return true;
}

void Hub::greet_survivor(Peer peer, Member& member) {
  if (phase_ == Phase::ordering || member.hello.group != mark_.group) {
    refuse(peer, Refusal::outsider, "the group went on without it");
    return;
  }
  member.role = Role::reporting;
  look_again();
}

bool Hub::take_data(Member& member, const Frame& frame) {
  const auto data = decode_data(frame.body);
  if (!data || member.role != Role::member) return false;
  if (member.count != 0 && data->count != member.count + 1) return false;
  member.count = data->count;
  append(message_item(last_.number + 1, member.hello.node, *data));
  return true;
}

bool Hub::take_leave(Member& member) {
  if (member.role != Role::member) return false;
  view_.erase(member.hello.node);
  // It is told of the view without it, as all are; then no more.
  append_view();
  member.role = Role::leaving;
  member.goes_with = last_;
  return true;
}

void Hub::append(const Item& item) {
  const auto frame = share(encode_item(item));
  note_open(item, frame);
  last_ = {item.number(), open_.back().chain};
  for (auto& [peer, member] : peers_) {
    if (member.role == Role::member) member.out.push(frame, item.number());
  }
}

void Hub::note_open(const Item& item, const SharedFrame& frame) {
  const std::uint64_t before = open_.empty() ? committed_.chain : open_.back().chain;
  const std::size_t cost = frame->size() + item_overhead;
  open_.push_back({item.number(), chained(before, item.body), cost, item.is_view()});
  cost_ += cost;
}

void Hub::append_view() {
  GroupView view;
  view.id = new_uuid();
  for (const auto& [node, name] : view_) {
    view.nodes.push_back(GroupNode{node});
    view.names.push_back(name);
  }
  append(view_item(last_.number + 1, view));
}

void Hub::enter(Member& member) {
  member.role = Role::member;
  member.written = last_.number;  // nothing before its first view is owed to it
  member.out.push(share(encode_sync({mark_.group, mark_.term, last_})));
  const std::string name = printable(member.hello.name);
  view_[member.hello.node] = name.empty() ? member.who : name + " (" + member.who + ")";
}

void Hub::enter_all() {
  for (auto& [peer, member] : peers_) {
    if (member.role == Role::joining && view_.size() < max_nodes) enter(member);
  }
  append_view();
}

void Hub::leave_view(std::uint64_t node) {
  view_.erase(node);
  append_view();
  // It may live, and not have what the others have: until the view without it is with everyone, and
  // in the mark, it could take over and not know.
  barrier_ = last_.number;
}

void Hub::wrote(Peer peer, std::size_t bytes) {
  Member& member = peers_.at(peer);
  member.written = std::max(member.written, member.out.wrote(bytes));
}

std::uint64_t Hub::with_everyone() const {
  std::uint64_t least = last_.number;
  for (const auto& [peer, member] : peers_) {
    if (member.role == Role::member) least = std::min(least, member.written);
    if (member.role == Role::leaving && member.written < member.goes_with.number) {
      least = std::min(least, member.written);
    }
  }
  return least;
}

bool Hub::settle() {
  if (phase_ != Phase::ordering || over_) return false;
  const std::uint64_t all_have = with_everyone();
  const bool news = all_have > committed_.number || (untold_ && all_have == committed_.number);
  if (!news || all_have < barrier_) return false;
  if (!keep_newest_view(all_have)) {
    over_ = true;
    return false;
  }
  untold_ = false;
  while (!open_.empty() && open_.front().number <= all_have) {
    committed_ = {open_.front().number, open_.front().chain};
    cost_ -= open_.front().cost;
    open_.pop_front();
  }
  for (auto& [peer, member] : peers_) push_commit(member);
  return true;
}

/// Before anybody delivers a view it is in the mark: whoever does not have it then is not in it.
bool Hub::keep_newest_view(std::uint64_t up_to) {
  const auto in_reach = [&](const Open& open) { return open.is_view && open.number <= up_to; };
  const auto view = std::find_if(open_.rbegin(), open_.rend(), in_reach);
  if (view != open_.rend()) newest_view_ = view->number;
  if (mark_.view_term == mark_.term && mark_.view_number == newest_view_) return true;
  mark_.view_term = mark_.term;
  mark_.view_number = newest_view_;
  return ledger_.keep(mark_);
}

void Hub::push_commit(Member& member) {
  const bool goes = member.role == Role::leaving;
  if (!goes && member.role != Role::member) return;
  if (!goes || committed_.number < member.goes_with.number) {
    member.out.push(share(encode_commit(committed_)));
  } else if (member.goes_with.number != 0) {
    member.out.push(share(encode_commit(member.goes_with)));
    member.goes_with = {};  // told; it closes the connection
  }
}

}  // namespace storemark::local_group
