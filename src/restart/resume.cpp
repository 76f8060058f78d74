// SPDX-License-Identifier: Apache-2.0
#include "restart/resume.hpp"

#include <algorithm>

#include "restart/cluster.hpp"

namespace storemark::restart {
namespace {

/// Somebody has seen another part go on since: what that has applied may be answered.
bool is_outdated(const Announcement& part, const std::vector<Announcement>& members) {
  return std::ranges::any_of(members, [&](const Announcement& member) {
    return !member.active && member.initial == part.initial && member.epoch > part.epoch;
  });
}

/// Of the part's cluster, with what it has applied.
bool has_store(const Announcement& member, const Announcement& part) {
  const bool stands = member.state == StoreState::dirty || member.state == StoreState::clean;
  return member.initial == part.initial && member.diagnosis == Diagnosis::none && stands;
}

/// It was to be a member, and was cut before it was activated: it has confirmed nothing, so no
/// answer rests on it, and nobody has joined by it.
bool was_never_active(const Announcement& member, const Announcement& part) {
  return is_empty(member) && member.history.empty() &&
         (member.initial.is_nil() || member.initial == part.initial);
}

/// It is in no part, since it gave way or was started again, and has what the part has not: some
/// client may have been answered for it.
bool has_more(const Announcement& member, const Announcement& part) {
  if (member.active || !has_store(member, part)) return false;
  const Comparison to = compare(member, part);
  return to.relation != Relation::equal && to.relation != Relation::ancestor &&
         !has_only_unanswered_more(member, to);
}

/// It runs since it lost the quorum, or since it met a part that had it: no other part can have had
/// its vote without its seeing it.
bool is_witness(const Announcement& member) {
  return member.suspended || (!member.active && member.epoch > 0);
}

/// More than half of all members are witnesses. Of those who have an event that was answered, one
/// is among them, or was before it took the update of somebody who has it.
bool are_most(const Announcement& part, const std::vector<Announcement>& members) {
  std::size_t here = 0;
  std::size_t all = 0;
  for (const Announcement& member : members) {
    if (member.initial != part.initial) continue;
    if (is_witness(member)) ++here;
    all = std::max<std::size_t>(all, member.wait_for);
    for (const HistoryEntry& entry : member.history) {
      all = std::max<std::size_t>(all, entry.members);
    }
  }
  return 2 * here > all;
}

bool was_in(const Announcement& member, const ViewId& view) {
  return std::ranges::find(member.history, view, &HistoryEntry::view) != member.history.end();
}

/// Of every view that it was in without the part all are here. Of the last one it is known who they
/// are, of those before how many.
bool knows_of_nobody_else(const Announcement& member, const Announcement& part,
                          const Members& here) {
  if (!member.active && was_in(part, member.view.id)) return true;
  const auto common =
      std::find_if(member.history.rbegin(), member.history.rend(),
                   [&](const HistoryEntry& entry) { return was_in(part, entry.view); });
  const auto is_whole = [&](const HistoryEntry& entry) {
    return entry.members <= std::ranges::count_if(here, [&](const Announcement* other) {
             return was_in(*other, entry.view);
           });
  };
  return common != member.history.rend() &&
         std::all_of(member.history.rbegin(), common, is_whole) &&
         missing_from(member, here).empty();
}

/// All are here who may have gone on without the part, with what they have: who was in its last
/// view that had a quorum, or in a view with somebody here that the part was not in. What a
/// transient member had is gone with it.
bool are_all(const Announcement& part, const std::vector<Announcement>& members) {
  Members here;
  for (const Announcement& member : members) {
    const bool is_back = has_store(member, part) || was_never_active(member, part);
    if (is_back || is_transient(member)) here.push_back(&member);
  }
  return std::ranges::all_of(here, [&](const Announcement* member) {
    const bool lost_all = is_transient(*member) && !member->active;
    const bool has_nothing = lost_all || was_never_active(*member, part);
    return has_nothing || knows_of_nobody_else(*member, part, here);
  });
}

}  // namespace

Prospect prospect_of(const Announcement& part, const std::vector<Announcement>& members) {
  bool some = false;
  bool suspended = false;
  bool clean = false;
  for (const Announcement& member : members) {
    if (!has_more(member, part)) continue;
    some = true;
    suspended = suspended || member.suspended;
    clean = clean || member.state == StoreState::clean;
  }
  if (clean) return Prospect::start_anew;
  const bool most = are_most(part, members) && !is_outdated(part, members);
  if (most && !suspended) return Prospect::resume;
  if (!are_all(part, members)) return Prospect::wait;
  return some ? Prospect::start_anew : Prospect::resume;
}

}  // namespace storemark::restart
