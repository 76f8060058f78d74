// SPDX-License-Identifier: Apache-2.0
// Who goes on where parts of a cluster have been cut off from each other, and who waits for a
// quorum. A part that loses it is suspended at the view change, at once; it resumes where a round
// is decided, since only then it is known whether another part has gone on meanwhile (resume.cpp).
#include <algorithm>

#include "restart/resume.hpp"
#include "restart/session.hpp"

namespace storemark::restart {
namespace {

/// Active members of one view: all of them stand at one position.
struct Part {
  std::vector<const Announcement*> members;
  bool leads = false;  ///< it holds all that the others hold
  [[nodiscard]] const Announcement& position() const { return *members.front(); }
  [[nodiscard]] MemberId lowest() const {
    return (*std::ranges::min_element(members, {}, &Announcement::id))->id;
  }
};

std::vector<Part> parts_of(const std::vector<Announcement>& members) {
  std::map<ViewId, Part> parts;
  for (const Announcement& member : members) {
    if (member.active) parts[member.view.id].members.push_back(&member);
  }
  std::vector<Part> out;
  out.reserve(parts.size());
  for (auto& [view, part] : parts) out.push_back(std::move(part));
  return out;
}

bool is_within(const Part& part, const Part& other) {
  const Relation relation = compare(part.position(), other.position()).relation;
  return relation == Relation::equal || relation == Relation::ancestor;
}

/// Before all who holds what the others hold, then who had a quorum in the latest view, then the
/// most members, then the lowest id.
bool goes_before(const Part& a, const Part& b) {
  if (a.leads != b.leads) return a.leads;
  const bool by_quorum = a.position().suspended && b.position().suspended;
  if (by_quorum && a.position().epoch != b.position().epoch) {
    return a.position().epoch > b.position().epoch;
  }
  if (a.members.size() != b.members.size()) return a.members.size() > b.members.size();
  return a.lowest() < b.lowest();
}

/// One that had a quorum all the time, else any that has one now.
std::vector<Part> who_may_go_on(std::vector<Part> parts, Quorum quorum) {
  const bool some_went_on =
      std::ranges::any_of(parts, [](const Part& part) { return !part.position().suspended; });
  std::erase_if(parts, [&](const Part& part) {
    return some_went_on ? part.position().suspended : !permits(part.position().quorum, quorum);
  });
  return parts;
}

}  // namespace

void Session::suspend_without_quorum(const View& before, std::uint64_t epoch) {
  replica_->heed(quorum_);
  if (suspended_ || permits(replica_->policy(), quorum_)) return;
  suspended_ = true;
  quorate_view_ = before;
  quorate_epoch_ = epoch;
}

// Whoever was in it and is away may have gone on. Where nothing was applied in it, it has been
// dropped from the history; at the end of that it is no part of a position.
void Session::tell_quorate_view(Announcement& member) const {
  member.view.members = quorate_view_.members;
  const auto is_it = [&](const HistoryEntry& entry) { return entry.view == quorate_view_.id; };
  if (std::ranges::any_of(member.history, is_it)) return;
  if (member.history.size() == max_history) {
    // The oldest makes room: by the newest it is known where the member stands.
    member.history.erase(member.history.begin());
    member.folded = std::max(member.folded, 1U);
  }
  const auto count = static_cast<std::uint16_t>(quorate_view_.members.size());
  const auto at = member.history.empty() || member.history.back().view != member.view.id
                      ? member.history.end()
                      : member.history.end() - 1;
  member.history.insert(at, {quorate_view_.id, replica_->sequence(), count});
}

void Session::resume() {
  suspended_ = false;
  replica_->set_epoch(quorate_epoch_ + 1);
  answer();
}

// Of a forming cluster all wait together; of active parts one goes on, if any may.
bool Session::somebody_goes_on(std::vector<Announcement>& members) {
  const bool active = std::ranges::any_of(members, &Announcement::active);
  if (active) return settle_components(members);
  return std::ranges::all_of(
      members, [&](const Announcement& member) { return permits(member.quorum, quorum_); });
}

// The members of the other parts are joiners, by rule R4. False: none may go on, and each stays
// what it is: no part gives way to one that has no quorum either.
bool Session::settle_components(std::vector<Announcement>& members) {
  std::vector<Part> parts = who_may_go_on(parts_of(members), quorum_);
  if (parts.empty()) return false;
  for (Part& part : parts) {
    part.leads =
        std::ranges::all_of(parts, [&](const Part& other) { return is_within(other, part); });
  }
  const Announcement& best = std::ranges::min_element(parts, goes_before)->position();
  if (best.suspended) {
    const Prospect prospect = prospect_of(best, members);
    if (prospect == Prospect::wait) return false;
    if (prospect == Prospect::start_anew) {
      start_anew(members);
      return true;
    }
  }
  const ViewId first = best.view.id;
  // Of one that resumes now, only what it sends after the decision shows that it has heard of it.
  if (!best.suspended) seen_epoch_ = std::max(seen_epoch_, best.epoch);
  for (Announcement& member : members) {
    if (member.active && member.view.id == first) {
      member.suspended = false;
    } else {
      member.active = false;
    }
  }
  if (replica_ && replica_->view_id() == first) {
    if (suspended_) resume();
  } else {
    give_way();
  }
  return true;
}

void Session::give_way() {
  if (!replica_) return;
  if (role_ == Role::active) {
    step_down();
  } else {
    drop_update();
  }
}

// Nobody is active any more.
void Session::start_anew(std::vector<Announcement>& members) {
  for (Announcement& member : members) member.active = false;
  give_way();
}

void Session::wait_for_quorum(const std::vector<Announcement>& members) {
  waits_ = true;
  if (replica_) cluster_ = replica_->view_id();
  decision_ = decide(members);
  decision_->outcome = Outcome::wait;
  decision_->rule = Rule::none;
  decision_->why = want_of_quorum();
  decision_->loses.clear();
  for (MemberDecision& member : decision_->members) {
    member.action = member.action == Action::stay ? Action::stay : Action::wait;
    member.rule = Rule::none;
    member.evidence = decision_->why;
    member.donor.reset();
  }
}

bool Session::may_admit(QuorumPolicy joiner) const {
  return !suspended_ && permits(std::max(joiner, replica_->policy()), quorum_);
}

std::string Session::want_of_quorum() const {
  const bool barred = role_ == Role::following && decided_ && peer(own_.incarnation) != nullptr &&
                      !may_admit(peer(own_.incarnation)->said->member.quorum);
  if (!waits_ && !suspended_ && !barred) return {};
  if (quorum_ == Quorum::unknown) {
    return knows_quorum_ ? "no quorum: the group has ceased to say whether there is one"
                         : "no quorum is configured, and the policy requires one";
  }
  if (quorum_ == Quorum::yes) {
    return "no quorum of members: one that is away may hold what was answered since";
  }
  const std::size_t here = accepted().size();
  return "no quorum: " + std::to_string(here) + (here == 1 ? " node is" : " nodes are") + " here";
}

std::vector<MissingMember> Session::missing() const {
  std::vector<MissingMember> out;
  if (!suspended()) return out;
  for (const Member& known : quorate_view_.members) {
    const bool here = std::ranges::any_of(peers_, [&](const Peer& peer) {
      return peer.said && peer.refused.empty() && peer.said->member.id == known.id;
    });
    const bool with_us = std::ranges::any_of(
        replica_->members(), [&](const ReplicaMember& member) { return member.id == known.id; });
    if (!here && !with_us) out.push_back({known.id, known.label, known.sequence});
  }
  return out;
}

}  // namespace storemark::restart
