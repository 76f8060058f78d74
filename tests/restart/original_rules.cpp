// SPDX-License-Identifier: Apache-2.0
#include "original_rules.hpp"

#include <algorithm>
#include <set>

namespace storemark::restart_test {
namespace {

// It knew three states. A missing journal was an empty store; half an update was a dirty one.
bool was_empty(const Announcement& member) {
  return member.diagnosis == Diagnosis::lost || member.state == StoreState::empty;
}
bool was_clean(const Announcement& member) {
  return member.diagnosis == Diagnosis::none && member.state == StoreState::clean;
}

Action joiner_was_to(const Announcement& joiner, const Announcement& active) {
  if (joiner.kind != active.kind) return Action::refuse;
  const bool has_store = joiner.kind == MemberKind::persistent && !was_empty(joiner);
  return has_store && joiner.initial != active.initial ? Action::refuse : Action::update;
}

/// Nothing but clean stores of one shutdown was a source.
bool can_start(std::span<const Announcement> members) {
  std::set<InitialUuid> clusters;
  std::set<FinalUuid> shutdowns;
  for (const Announcement& member : members) {
    if (!was_empty(member)) clusters.insert(member.initial);
    if (was_clean(member)) shutdowns.insert(member.final);
  }
  return clusters.size() == 1 && shutdowns.size() == 1;
}

Action starter_was_to(const Announcement& member, std::span<const Announcement> members) {
  const auto all = [&](auto is) { return std::ranges::all_of(members, is); };
  const auto is_transient = [](const Announcement& m) { return m.kind == MemberKind::transient; };
  if (all(is_transient)) return Action::activate;
  if (std::ranges::any_of(members, is_transient)) return Action::wait;
  if (all(was_empty)) return Action::found;
  if (!can_start(members)) return Action::wait;
  return was_clean(member) ? Action::restore : Action::update;
}

}  // namespace

std::vector<Action> original_decision(std::span<const Announcement> members) {
  const auto active = std::ranges::find_if(members, &Announcement::active);
  const bool enough = std::ranges::all_of(
      members, [&](const Announcement& m) { return m.wait_for <= members.size(); });
  std::vector<Action> out;
  for (const Announcement& member : members) {
    if (active != members.end()) {
      out.push_back(member.active ? Action::stay : joiner_was_to(member, *active));
    } else {
      out.push_back(enough ? starter_was_to(member, members) : Action::wait);
    }
  }
  return out;
}

}  // namespace storemark::restart_test
