// SPDX-License-Identifier: Apache-2.0
// How a hub begins where another ended. It waits until every living node of the last view has said
// how far it came, fetches from the one that came furthest what others lack, brings all to the same
// point, and only then numbers anything new.
#include <algorithm>
#include <tuple>

#include "group/local/hub.hpp"

namespace storemark::local_group {

std::map<Hub::Peer, Hub::Member>::iterator Hub::longest() {
  auto best = peers_.end();
  const auto reach = [](const Member& member) {
    return std::tuple(member.hello.term, member.hello.received.number);
  };
  for (auto at = peers_.begin(); at != peers_.end(); ++at) {
    if (at->second.role != Role::reporting) continue;
    if (best == peers_.end() || reach(best->second) < reach(at->second)) best = at;
  }
  return best;
}

bool Hub::reports(std::uint64_t node) const {
  return std::ranges::any_of(peers_, [&](const auto& entry) {
    return entry.second.role == Role::reporting && entry.second.hello.node == node;
  });
}

bool Hub::all_have_reported(const GroupView& view) {
  return std::ranges::all_of(view.nodes, [&](const GroupNode node) {
    return reports(node.value) || !ledger_.lives(node.value);
  });
}

void Hub::look_again() {
  if (phase_ != Phase::collecting || over_ || !reports(self_)) return;
  const auto winner = longest();
  const GroupView view = winner->second.hello.view;
  if (!all_have_reported(view)) return;
  const Peer peer = winner->first;
  refuse_outsiders(view);
  begin_fetching(peer, peers_.at(peer));
}

void Hub::refuse_outsiders(const GroupView& view) {
  std::vector<Peer> outsiders;
  for (const auto& [peer, member] : peers_) {
    if (member.role != Role::reporting || is_in(view, member.hello.node)) continue;
    // Who knows that it has left is told once more, by the commit of that view.
    if (is_in(member.hello.view, member.hello.node)) outsiders.push_back(peer);
  }
  for (const Peer peer : outsiders) {
    refuse(peer, Refusal::outsider, "the group went on without it");
  }
}

void Hub::begin_fetching(Peer peer, Member& winner) {
  phase_ = Phase::fetching;
  source_ = peer;
  fetched_.clear();
  furthest_ = winner.hello;
  base_ = furthest_.received;
  for (const auto& [other, member] : peers_) {
    // One that has left may be further behind than anybody remembers.
    if (member.role != Role::reporting || !is_in(furthest_.view, member.hello.node)) continue;
    if (member.hello.received.number < base_.number) base_ = member.hello.received;
  }
  if (base_ == furthest_.received) return complete();
  winner.out.push(share(encode_request(base_.number + 1)));
}

bool Hub::take_held(Peer peer, const Frame& frame) {
  auto held = decode_held(frame.body);
  if (!held || phase_ != Phase::fetching || peer != source_) return false;
  if (held->item.number() != base_.number + fetched_.size() + 1) return false;
  // The course of the one that came furthest is the group's; whoever is not on it is refused.
  if (fetched_.empty()) base_.chain = held->chain_before;
  fetched_.push_back(std::move(held->item));
  if (fetched_.back().number() == furthest_.received.number) complete();
  return true;
}

void Hub::refuse_diverged() {
  std::map<std::uint64_t, std::uint64_t> chains{{base_.number, base_.chain}};
  for (const Item& item : fetched_) {
    chains[item.number()] = chained(chains.rbegin()->second, item.body);
  }
  std::vector<Peer> diverged;
  for (const auto& [peer, member] : peers_) {
    if (member.role != Role::reporting) continue;
    const auto at = chains.find(member.hello.received.number);
    const bool same = at != chains.end() && at->second == member.hello.received.chain;
    if (!same) diverged.push_back(peer);
  }
  for (const Peer peer : diverged) {
    refuse(peer, Refusal::outsider, "it has seen another order than the group");
  }
}

void Hub::complete() {
  refuse_outsiders(furthest_.view);  // some may have come meanwhile
  refuse_diverged();
  phase_ = Phase::ordering;
  committed_ = base_;
  untold_ = true;
  newest_view_ = furthest_.view_number;
  for (const Item& item : fetched_) note_open(item, share(encode_item(item)));
  last_ = open_.empty() ? base_ : Point{open_.back().number, open_.back().chain};
  bring_all_up();
  fetched_.clear();
}

void Hub::bring_all_up() {
  const GroupView& view = furthest_.view;
  bool changes = false;
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    const std::uint64_t node = view.nodes[i].value;
    if (reports(node)) view_[node] = view.names[i];
  }
  const bool somebody_is_gone = view_.size() < view.nodes.size();
  for (auto& [peer, member] : peers_) {
    if (member.role == Role::reporting) bring_up(member, view_.contains(member.hello.node));
    changes = changes || member.role == Role::joining;
  }
  if (changes || somebody_is_gone) enter_all();
  if (somebody_is_gone) barrier_ = last_.number;
}

/// What it lacks, then the word that it is on the new hub's course. Nothing counts as with it
/// before that word is: until then it could only be asked as a member of the old one.
void Hub::bring_up(Member& member, bool stays) {
  const std::uint64_t has = member.hello.received.number;
  for (const Item& item : fetched_) {
    if (item.number() > has) member.out.push(share(encode_item(item)));
  }
  member.out.push(share(encode_sync({mark_.group, mark_.term, last_})), last_.number);
  member.role = stays ? Role::member : Role::leaving;
  if (!stays) member.goes_with = last_;
}

}  // namespace storemark::local_group
