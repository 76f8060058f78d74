// SPDX-License-Identifier: Apache-2.0
// Donor and joiner. From the message that decided it on, a joiner keeps what the cluster applies;
// the donor's offer says how many events came before. The copy holds those, and some of what was
// kept; the rest is applied to it. When the joiner's "prepared" is delivered, it becomes a member,
// at the same place in everybody's order.
#include <algorithm>

#include "restart/session.hpp"

namespace storemark::restart {

// --- the joiner
// -----------------------------------------------------------------------------------

void Session::go_on_taking() {
  const auto donor = donors_.find(options_.self);
  if (donor == donors_.end()) return;
  const Peer* self = peer(own_.incarnation);
  const bool kept = self != nullptr && kept_donor(*self) != nullptr && taking_ && taking_->offered;
  if (!kept) return take_from(donor->second);
  if (taking_->failed) return act(Send{wire::Retry{round_}});
  prepare();
}

void Session::take_from(GroupNode donor) {
  drop_update();
  restored_ = restoring_ = false;
  taking_.emplace();
  taking_->donor = donor;
  taking_->from = peer(donor)->said->member.incarnation;
  if (cluster_) follow();
}

void Session::follow() {
  role_ = Role::following;
  std::vector<ReplicaMember> members;
  for (const Peer& one : peers_) {
    if (one.said && one.refused.empty() && one.said->member.active &&
        one.said->member.view.id == *cluster_) {
      members.push_back(member_of(one));
    }
  }
  const wire::Announce& said = *peer(taking_->donor)->said;
  const Announcement& donor = said.member;
  replica_ = Replica::follow(donor.initial, *cluster_, std::move(members), donor.history,
                             {donor.folded, said.folded_digest});
  replica_->heed(donor.quorum);
  replica_->set_epoch(donor.suspended ? donor.epoch + 1 : donor.epoch);  // it resumes now
}

void Session::drop_update() {
  if (!taking_) return;
  if (taking_->offered) act(DropUpdate{});
  taking_.reset();
  if (role_ != Role::following) return;
  role_ = Role::joining;
  forget_replica();
}

void Session::heard(Peer& from, const wire::Offer& message) {
  const bool is_mine = message.joiner == own_.incarnation && taking_ && !taking_->offered;
  if (!in_this_round(message.round) || !is_mine || taking_->donor != from.node) return;
  taking_->offered = true;
  if (replica_) seen_epoch_ = std::max(seen_epoch_, replica_->epoch());
  taking_->failed = taking_->copied = false;
  taking_->ticket = message.ticket;
  taking_->sequence = message.sequence;
  taking_->held = message.held;
  taking_->first_kept = message.sequence + 1;
  if (replica_) replica_->set_base(message.sequence);
  was_suspended_ = false;
  const Announcement& donor = from.said->member;
  const bool gives_up =
      std::ranges::find(decision_->loses, own_.id, &Loss::id) != decision_->loses.end();
  act(TakeUpdate{decision_->initial, donor.incarnation, donor.id, donor.label, from.said->address,
                 message.ticket, message.sequence, gives_up});
}

void Session::updated(std::uint64_t held) {
  if (!taking_ || !taking_->offered || taking_->copied) return;
  // After an operator's mark the donor's store counts less than the sequence, until it is
  // activated; how much less, not every store can say. Before that nothing is applied to it.
  const bool as_offered = replica_ ? held == taking_->held : held >= taking_->held;
  const std::uint64_t position = as_offered ? taking_->sequence : held;
  if (position < taking_->sequence) {
    return update_failed("the copy holds " + std::to_string(held) + " events, the donor had " +
                         std::to_string(taking_->held));
  }
  taking_->copied = true;
  taking_->position = position;
  catch_up();
  prepare();
}

void Session::update_failed(const std::string& why) {
  if (!taking_ || !taking_->offered) return;
  if (taking_->retries == max_update_retries) {
    return fail({Errc::update_failed, "the update was given up", own_.label, why,
                 "see to the cause, and start the broker again"});
  }
  ++taking_->retries;
  taking_->failed = true;
  if (decided_) act(Send{wire::Retry{round_}});
}

void Session::keep_event(std::vector<std::uint8_t> payload) {
  taking_->kept_bytes += payload.size();
  if (taking_->kept_bytes > options_.catch_up_bytes) {
    return fail({Errc::update_failed, "the update was given up", own_.label,
                 "the events that came while it was taken are more than " +
                     std::to_string(options_.catch_up_bytes) + " bytes",
                 "raise catch_up_bytes, or publish less until it has joined"});
  }
  taking_->kept.push_back(std::move(payload));
}

void Session::catch_up() {
  std::uint64_t n = taking_->first_kept;
  for (auto& payload : taking_->kept) {
    if (n > taking_->position) act(Apply{n, false, std::move(payload)});
    ++n;
  }
  taking_->kept.clear();
  taking_->kept_bytes = 0;
}

// --- the donor
// ------------------------------------------------------------------------------------

void Session::give_what_is_due() {
  for (const GroupNode joiner : std::exchange(owed_, {})) give(*peer(joiner));
}

void Session::give(const Peer& joiner) {
  end_giving(joiner.node);
  const Announcement& to = joiner.said->member;
  const Uuid ticket = options_.new_id();
  giving_[joiner.node] = ticket;
  act(Give{ticket, to.id, to.label});
  const bool active = role_ == Role::active;
  const std::uint64_t sequence = active ? replica_->sequence() : own_.ceiling;
  act(Send{wire::Offer{round_, to.incarnation, ticket, sequence, active ? sequence : held_}});
}

void Session::end_giving(GroupNode joiner) {
  const auto found = giving_.find(joiner);
  if (found == giving_.end()) return;
  act(EndGiving{found->second});
  giving_.erase(found);
}

void Session::end_all_giving() {
  while (!giving_.empty()) end_giving(giving_.begin()->first);
}

// --- both
// -----------------------------------------------------------------------------------------

void Session::heard(Peer& from, const wire::Retry& message) {
  const auto donor = donors_.find(from.node);
  if (!in_this_round(message.round) || donor == donors_.end()) return;
  if (from.node == options_.self && taking_) {
    taking_->offered = taking_->copied = false;
    taking_->kept.clear();
    taking_->kept_bytes = 0;
  }
  if (donor->second == options_.self) give(from);
}

void Session::admit(const Peer& joiner) {
  if (replica_->find(joiner.node) != nullptr || replica_->members().size() >= max_members) return;
  const QuorumPolicy policy = joiner.said->member.quorum;
  if (!may_admit(policy)) return;
  Inherited inherited{replica_->history(), replica_->folded()};
  replica_->admit(member_of(joiner));
  replica_->heed(policy);
  if (role_ == Role::active) {
    end_giving(joiner.node);
    return act(ChangeView{replica_->view(), replica_->sequence(), false});
  }
  if (joiner.node != options_.self) return;
  role_ = Role::active;
  start_view_.reset();
  unstarted_.clear();
  activated_ = false;
  applied_ = answered_ = replica_->sequence();
  taking_.reset();
  act(Activate{replica_->view(), replica_->sequence(), std::move(inherited)});
}

}  // namespace storemark::restart
