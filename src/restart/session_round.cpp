// SPDX-License-Identifier: Apache-2.0
// A round: one membership of the group, in which every member announces itself. When all have, all
// have heard the same, and decide alike.
#include <algorithm>

#include "restart/session.hpp"

namespace storemark::restart {
namespace {

/// Why nobody can mean this; empty if one can. The bounds are the codec's affair.
std::string nonsense(const Announcement& member) {
  const bool transient = member.kind == MemberKind::transient;
  if (member.id.is_nil()) return "it announces no member id";
  if (member.incarnation.is_nil()) return "it announces no incarnation";
  if (transient && (member.state != StoreState::none || member.diagnosis != Diagnosis::none)) {
    return "it announces a transient member that has a store";
  }
  if (!transient && member.state == StoreState::none && member.diagnosis == Diagnosis::none) {
    return "it announces a persistent member that has no store";
  }
  if (member.active && member.view.id.is_nil()) return "it announces itself active in no view";
  return {};
}

bool goes_on(Action action) {
  return action == Action::restore || action == Action::found || action == Action::activate ||
         action == Action::update;
}

}  // namespace

void Session::begin_round(const Uuid& round) {
  round_ = round;
  decided_ = waits_ = false;
  decision_.reset();
  donors_.clear();
  owed_.clear();
  starters_.clear();
  cluster_.reset();
  for (Peer& peer : peers_) {
    peer.said.reset();
    peer.prepared = false;
    peer.events = 0;
  }
  if (role_ == Role::starting) role_ = Role::joining;
  lose_members();
  const std::vector<GroupNode> here = accepted();
  const auto is_gone = [&](GroupNode node) { return std::ranges::find(here, node) == here.end(); };
  if (taking_ && (!taking_->offered || is_gone(taking_->donor))) drop_update();
  std::vector<GroupNode> gone;
  for (const auto& [joiner, ticket] : giving_) {
    if (is_gone(joiner)) gone.push_back(joiner);
  }
  for (const GroupNode joiner : gone) end_giving(joiner);
  act(SendAnnouncement{});
  answer();
}

wire::Announce Session::announcement() const {
  wire::Announce out;
  out.round = round_;
  out.member = own_;
  out.address = options_.address;
  out.held = held_;
  out.folded_digest = folded_digest_;
  if (taking_ && taking_->offered) out.update_from = taking_->from;
  if (taking_ && replica_) out.following = replica_->view_id();
  Announcement& member = out.member;
  if (knows_quorum_) member.quorum = after_seeing(member.quorum, Quorum::yes);
  member.suspended = was_suspended_;
  member.epoch = seen_epoch_;
  member.bound = was_suspended_ && was_bound_;
  if (role_ != Role::active) return out;
  member.active = true;
  member.quorum = replica_->policy();
  member.suspended = suspended_;
  member.epoch = suspended_ ? quorate_epoch_ : replica_->epoch();
  member.bound = suspended_ && replica_->is_bound();
  member.initial = replica_->initial();
  member.view = replica_->view();
  member.floor = member.ceiling = replica_->sequence();
  member.certainty = Certainty::exact;
  out.held = replica_->sequence();
  if (member.kind == MemberKind::persistent) {
    member.state = StoreState::dirty;
    if (suspended_) tell_quorate_view(member);
    return out;
  }
  const auto& history = replica_->history();
  const std::size_t kept = std::min(history.size(), max_history);
  member.history.assign(history.end() - static_cast<std::ptrdiff_t>(kept), history.end());
  member.folded = replica_->folded().views + static_cast<std::uint32_t>(history.size() - kept);
  if (suspended_) tell_quorate_view(member);
  return out;
}

void Session::heard(Peer& from, wire::Announce said) {
  if (said.round != round_) return;  // of an earlier membership
  if (from.said) {
    if (*from.said != said) refuse(from, "it announced itself twice, differently");
    return;
  }
  if (std::string why = nonsense(said.member); !why.empty()) return refuse(from, std::move(why));
  from.said = std::move(said);
  decide_if_complete();
}

void Session::decide_if_complete() {
  const bool complete = std::ranges::all_of(
      peers_, [](const Peer& peer) { return peer.said.has_value() || !peer.refused.empty(); });
  if (complete && !decided_) decide_round();
}

void Session::decide_round() {
  decided_ = true;
  std::vector<Announcement> members = announced();
  if (!keep_own_cluster(members)) return;
  count_what_came_since(members);
  if (!somebody_goes_on(members)) return wait_for_quorum(members);
  leave_out_too_many(members);
  for (const Announcement& member : members) {
    if (member.active) cluster_ = member.view.id;
  }
  decision_ = decide(members);
  assign_donors();
  if (!cluster_) {
    for (const MemberDecision& member : decision_->members) {
      const Peer* one = peer(member.incarnation);
      if (one != nullptr && goes_on(member.action)) starters_.insert(one->node);
    }
  }
  obey();
}

// Two clusters that got into one group by mistake leave each other alone.
bool Session::keep_own_cluster(std::vector<Announcement>& members) {
  std::set<InitialUuid> clusters;
  for (const Announcement& member : members) {
    if (member.active) clusters.insert(member.initial);
  }
  if (clusters.size() < 2) return true;
  const InitialUuid& own = peer(options_.self)->said->member.initial;
  if (!clusters.contains(own)) {
    decision_ = Decision{};
    decision_->outcome = Outcome::conflict;
    decision_->why = "two clusters are active in this group, and this member belongs to neither";
    return false;
  }
  std::erase_if(members, [&](const Announcement& member) { return member.initial != own; });
  return true;
}

// Between a member's announcement and the decision its cluster went on: what its members had sent
// was applied by them, and by no other part of it; and by nobody where they are suspended.
void Session::count_what_came_since(std::vector<Announcement>& members) const {
  for (Announcement& member : members) {
    if (!member.active || member.suspended) continue;
    for (const Peer& sender : peers_) {
      const bool of_its_view = sender.refused.empty() && sender.said &&
                               sender.said->member.active &&
                               sender.said->member.view.id == member.view.id;
      if (of_its_view) member.floor = member.ceiling = member.floor + sender.events;
    }
  }
}

// A view has so many places. Who is active has one; then the lowest ids.
void Session::leave_out_too_many(std::vector<Announcement>& members) {
  if (members.size() <= max_members) return;
  std::ranges::sort(members, [](const Announcement& a, const Announcement& b) {
    return a.active != b.active ? a.active : a.id < b.id;
  });
  members.resize(max_members);
}

// A joiner that takes an update and has missed nothing since keeps its donor.
const Session::Peer* Session::kept_donor(const Peer& joiner) const {
  const wire::Announce& said = *joiner.said;
  if (said.update_from.is_nil() || said.following != cluster_.value_or(ViewId{})) return nullptr;
  const Peer* donor = peer(said.update_from);
  if (donor == nullptr) return nullptr;
  const bool gives = std::ranges::any_of(decision_->members, [&](const MemberDecision& member) {
    return member.incarnation == said.update_from &&
           member.action == (cluster_ ? Action::stay : Action::restore);
  });
  return gives ? donor : nullptr;
}

void Session::assign_donors() {
  for (const MemberDecision& member : decision_->members) {
    const Peer* joiner = peer(member.incarnation);
    if (member.action != Action::update || joiner == nullptr || !member.donor) continue;
    if (const Peer* kept = kept_donor(*joiner)) {
      donors_[joiner->node] = kept->node;
      continue;
    }
    const auto donor = std::ranges::find_if(decision_->members, [&](const MemberDecision& other) {
      return other.id == *member.donor && other.action != Action::update;
    });
    const Peer* from = donor == decision_->members.end() ? nullptr : peer(donor->incarnation);
    if (from == nullptr) continue;
    donors_[joiner->node] = from->node;
    if (from->node == options_.self) owed_.insert(joiner->node);
  }
  std::vector<GroupNode> elsewhere;
  for (const auto& [joiner, ticket] : giving_) {
    const auto donor = donors_.find(joiner);
    if (donor != donors_.end() && donor->second != options_.self) elsewhere.push_back(joiner);
  }
  for (const GroupNode joiner : elsewhere) end_giving(joiner);
}

const MemberDecision* Session::mine() const {
  if (!decision_) return nullptr;
  const auto found =
      std::ranges::find(decision_->members, own_.incarnation, &MemberDecision::incarnation);
  return found == decision_->members.end() ? nullptr : &*found;
}

void Session::obey() {
  const MemberDecision* own = mine();
  if (role_ == Role::active) return give_what_is_due();
  if (own == nullptr) return;
  if (own->action == Action::refuse) {
    return fail({Errc::member_refused, "this member may not join the cluster", own_.label,
                 std::string(to_string(own->rule)) + ": " + own->evidence,
                 "look at both stores with `storemark plan`, then `storemark explain " +
                     std::string(to_string(own->rule)) + "`"});
  }
  if (cluster_) {
    if (own->action == Action::update) go_on_taking();
  } else if (starters_.contains(options_.self)) {
    begin_start();
  }
}

}  // namespace storemark::restart
