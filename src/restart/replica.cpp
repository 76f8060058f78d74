// SPDX-License-Identifier: Apache-2.0
#include "restart/replica.hpp"

#include <algorithm>
#include <functional>

namespace storemark::restart {

Replica Replica::start(const InitialUuid& initial, const ViewId& before,
                       std::vector<ReplicaMember> members, std::vector<HistoryEntry> history,
                       const FoldedHistory& folded, std::uint64_t sequence) {
  Replica out = follow(initial, before, std::move(members), std::move(history), folded);
  out.has_base_ = true;
  out.sequence_ = sequence;
  out.enter_new_view();
  return out;
}

Replica Replica::follow(const InitialUuid& initial, const ViewId& view,
                        std::vector<ReplicaMember> members, std::vector<HistoryEntry> history,
                        const FoldedHistory& folded) {
  Replica out;
  out.initial_ = initial;
  out.view_ = view;
  out.members_ = std::move(members);
  std::ranges::sort(out.members_, {}, &ReplicaMember::id);
  out.history_ = std::move(history);
  out.folded_ = folded;
  out.has_base_ = false;
  return out;
}

void Replica::set_base(std::uint64_t base) {
  if (has_base_) return;
  has_base_ = true;
  sequence_ += base;
  bound_from_ += base;
  for (std::size_t i = history_.size() - entered_; i < history_.size(); ++i) {
    history_[i].from += base;
  }
  drop_empty_views();
}

void Replica::drop_empty_views() {
  for (std::size_t i = history_.size(); i-- > 1;) {
    if (history_[i].from == history_[i - 1].from) {
      history_.erase(history_.begin() + static_cast<std::ptrdiff_t>(i) - 1);
    }
  }
}

void Replica::enter_new_view() {
  std::vector<Incarnation> incarnations;
  for (const ReplicaMember& member : members_) incarnations.push_back(member.incarnation);
  view_ = derive_view(view_, incarnations);
  ++epoch_;
  history_.push_back({view_, sequence_, static_cast<std::uint16_t>(members_.size())});
  if (has_base_) {
    drop_empty_views();
  } else {
    ++entered_;
  }
}

void Replica::heed(QuorumPolicy policy) noexcept {
  if (policy <= policy_) return;
  policy_ = policy;
  bound_from_ = sequence_;
}

bool Replica::is_bound() const noexcept {
  if (policy_ != QuorumPolicy::required) return false;
  std::size_t last = history_.size();
  while (last > 0 && history_[last - 1].from >= sequence_) --last;
  return last == 0 || history_[last - 1].from >= bound_from_;
}

void Replica::confirm(GroupNode node, std::uint64_t n) {
  for (ReplicaMember& member : members_) {
    if (member.node == node) member.confirmed = std::max(member.confirmed, n);
  }
}

bool Replica::keep(std::span<const GroupNode> present) {
  const auto gone = std::erase_if(members_, [&](const ReplicaMember& member) {
    return std::ranges::find(present, member.node) == present.end();
  });
  if (gone == 0 || members_.empty()) return false;
  enter_new_view();
  return true;
}

void Replica::admit(ReplicaMember member) {
  members_.push_back(std::move(member));
  std::ranges::sort(members_, {}, &ReplicaMember::id);
  enter_new_view();
}

const ReplicaMember* Replica::find(GroupNode node) const noexcept {
  const auto found = std::ranges::find(members_, node, &ReplicaMember::node);
  return found == members_.end() ? nullptr : &*found;
}

View Replica::view() const {
  View out{view_, {}};
  for (const ReplicaMember& member : members_) {
    out.members.push_back({member.id, member.label, member.confirmed});
  }
  return out;
}

std::uint64_t Replica::confirmed_by_others(GroupNode self, std::size_t count) const {
  std::vector<std::uint64_t> confirmed;
  for (const ReplicaMember& member : members_) {
    if (member.node != self) confirmed.push_back(member.confirmed);
  }
  if (count == 0 || count > confirmed.size()) return 0;
  std::ranges::sort(confirmed, std::greater<>());
  return confirmed[count - 1];
}

std::size_t Replica::largest() const noexcept {
  std::size_t out = members_.size();
  for (const HistoryEntry& entry : history_) out = std::max<std::size_t>(out, entry.members);
  return out;
}

}  // namespace storemark::restart
