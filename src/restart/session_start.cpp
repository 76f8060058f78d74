// SPDX-License-Identifier: Apache-2.0
// The start of a cluster in which nobody is active. Nothing is activated before every starter is
// prepared: until then a start that is cut leaves clean stores clean. The delivery of the last
// "prepared" commits it, at the same place in everybody's order; who dies after that dies as a
// member. Nothing is published before every starter is durably active.
#include <algorithm>

#include "restart/session.hpp"

namespace storemark::restart {

void Session::begin_start() {
  role_ = Role::starting;
  const MemberDecision& own = *mine();
  if (own.action != Action::update) drop_update();
  switch (own.action) {
    case Action::restore:
      if (!restored_ && !restoring_) {
        restoring_ = true;
        act(Restore{});
      }
      break;
    case Action::found:
      if (own_.initial != decision_->initial) return act(Found{decision_->initial});
      break;
    case Action::update:
      return go_on_taking();
    default:
      break;
  }
  if (restored_) give_what_is_due();
  prepare();
}

void Session::restored() {
  restoring_ = false;
  restored_ = true;
  if (role_ != Role::starting) return;
  give_what_is_due();
  prepare();
}

// Says that this member can be activated, if it can; a later decision asks again.
void Session::prepare() {
  const MemberDecision* own = mine();
  if (!decided_ || own == nullptr) return;
  bool able = false;
  switch (own->action) {
    case Action::restore:
      able = role_ == Role::starting && restored_;
      break;
    case Action::found:
      able = role_ == Role::starting && own_.initial == decision_->initial;
      break;
    case Action::activate:
      able = role_ == Role::starting;
      break;
    case Action::update:
      able = (role_ == Role::starting || role_ == Role::following) && taking_ && taking_->copied;
      break;
    default:
      break;
  }
  if (able) act(Send{wire::Prepared{round_}});
}

void Session::heard(Peer& from, const wire::Prepared& message) {
  if (!in_this_round(message.round)) return;
  if (starters_.contains(from.node)) {
    from.prepared = true;
    commit_if_complete();
  } else if (replica_ && donors_.contains(from.node)) {
    admit(from);
  }
}

void Session::commit_if_complete() {
  const bool complete = std::ranges::all_of(
      starters_, [&](GroupNode node) { return peer(node) != nullptr && peer(node)->prepared; });
  if (!complete) return;
  if (role_ == Role::starting) commit();
  starters_.clear();
}

void Session::commit() {
  const wire::Announce none;
  const wire::Announce* source = &none;  // the first that restores: all that do stand where it does
  for (const MemberDecision& member : decision_->members) {
    if (member.action == Action::restore && source == &none) {
      source = &*peer(member.incarnation)->said;
    }
  }
  std::vector<ReplicaMember> members;
  for (const GroupNode node : starters_) members.push_back(member_of(*peer(node)));
  const Announcement& from = source->member;
  const FoldedHistory folded{from.folded, source->folded_digest};
  replica_ = Replica::start(decision_->initial, from.view.id, std::move(members), from.history,
                            folded, from.ceiling);
  // Above any that a part may still have which has known an earlier start.
  replica_->set_epoch((from.folded + from.history.size() + 1) << 32U);
  for (const GroupNode node : starters_) replica_->heed(peer(node)->said->member.quorum);
  role_ = Role::active;
  was_suspended_ = false;
  start_view_ = replica_->view_id();
  unstarted_ = starters_;
  activated_ = false;
  applied_ = answered_ = replica_->sequence();
  Activate activate{replica_->view(), replica_->sequence(), {}};
  if (taking_) activate.updated = Inherited{from.history, folded};
  taking_.reset();
  end_all_giving();
  act(std::move(activate));
}

void Session::activated() {
  activated_ = true;
  if (start_view_) act(Send{wire::Activated{*start_view_}});
  act(Send{wire::Confirm{applied_}});
}

void Session::heard(const Peer& from, const wire::Activated& message) {
  if (start_view_ == message.view) unstarted_.erase(from.node);
}

}  // namespace storemark::restart
