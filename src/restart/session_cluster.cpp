// SPDX-License-Identifier: Apache-2.0
// The life of a cluster: its events, who is left of it, and its end.
#include <algorithm>

#include "restart/session.hpp"

namespace storemark::restart {

void Session::lose_members() {
  if (!replica_) return;
  const std::vector<GroupNode> here = accepted();
  const View before = replica_->view();
  const std::uint64_t epoch = replica_->epoch();
  std::erase_if(unstarted_,
                [&](GroupNode node) { return std::ranges::find(here, node) == here.end(); });
  const bool is_new_view = replica_->keep(here);
  suspend_without_quorum(before, epoch);
  if (role_ == Role::active) {
    if (replica_->find(options_.self) == nullptr) {
      return fail({Errc::group_lost, "this member has left the cluster", own_.label,
                   "the group goes on without it", "start the broker again"});
    }
    if (!is_new_view) return;
    act(ChangeView{replica_->view(), replica_->sequence(), alone()});
  } else if (replica_->members().empty()) {
    drop_update();  // the last whom it followed is gone
  }
}

void Session::heard(Peer& from, wire::Event message) {
  ++from.events;
  if (!replica_ || replica_->find(from.node) == nullptr) return;
  if (suspended_) {
    if (from.node == options_.self) act(Dropped{});
    return;
  }
  const std::uint64_t n = replica_->count();
  if (role_ == Role::active) {
    act(Apply{n, from.node == options_.self, std::move(message.payload)});
  } else if (!taking_->copied) {
    keep_event(std::move(message.payload));
  } else if (n > taking_->position) {
    act(Apply{n, false, std::move(message.payload)});
  }
}

void Session::applied(std::uint64_t n) {
  if (role_ != Role::active || n <= applied_) return;
  applied_ = n;
  if (!alone()) act(Send{wire::Confirm{n}});
  answer();
}

void Session::heard(const Peer& from, const wire::Confirm& message) {
  if (!replica_ || message.sequence > replica_->sequence()) return;
  replica_->confirm(from.node, message.sequence);
  answer();
}

// How many members must have an event durably. Where a quorum counts, the part that goes on must
// have one of them in it, whichever part that is: half of all members, and the other half is less
// than a quorum. How many they all are, the largest view tells, or how many it is waited for; where
// fewer nodes are here, all of them, joiners too: they are waited for.
std::size_t Session::copies_needed() const {
  if (replica_->policy() != QuorumPolicy::required) {
    return std::min<std::size_t>(2, replica_->members().size());
  }
  const std::size_t all = std::max<std::size_t>(replica_->largest(), own_.wait_for);
  return std::min(accepted().size(), std::max<std::size_t>(2, (all + 1) / 2));
}

// A client is answered when enough copies are durable, or when there can be no other.
void Session::answer() {
  if (role_ != Role::active || !activated_ || suspended_) return;
  const std::size_t others = copies_needed() - 1;
  const std::uint64_t upto =
      others == 0 ? applied_
                  : std::min(applied_, replica_->confirmed_by_others(options_.self, others));
  if (upto <= answered_) return;
  answered_ = upto;
  act(Answer{upto});
}

void Session::heard(const Peer& from, const wire::Shutdown& message) {
  if (!replica_ || replica_->find(from.node) == nullptr) return;
  // A part is not the cluster: it is not shut down as if it were.
  if (suspended_) {
    if (from.node == options_.self) act(Dropped{true});
    return;
  }
  if (role_ != Role::active) {
    return fail({Errc::cancelled, "the update was given up", own_.label,
                 "the cluster was shut down meanwhile", "start it together with the others"});
  }
  act(StopClean{message.final, replica_->sequence()});
  role_ = Role::stopped;
}

void Session::forget_replica() {
  replica_.reset();
  suspended_ = false;
}

void Session::step_down() {
  act(StepDown{});
  end_all_giving();
  role_ = Role::joining;
  was_suspended_ = suspended_;
  was_bound_ = replica_->is_bound();
  forget_replica();
  restored_ = activated_ = false;
  start_view_.reset();
  unstarted_.clear();
}

}  // namespace storemark::restart
