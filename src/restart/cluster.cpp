// SPDX-License-Identifier: Apache-2.0
#include "restart/cluster.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "restart/history.hpp"

namespace storemark::restart {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

}  // namespace

Members in_order(std::span<const Announcement> members) {
  Members out;
  for (const Announcement& member : members) out.push_back(&member);
  std::ranges::stable_sort(out, {}, [](const Announcement* m) {
    return std::tie(m->id, m->incarnation, m->label, m->active, m->state, m->floor, m->ceiling,
                    m->initial, m->final);
  });
  return out;
}

bool is_unfit(const Announcement& member) noexcept {
  return !is_transient(member) && member.diagnosis != Diagnosis::none;
}

bool is_empty(const Announcement& member) noexcept {
  return !is_transient(member) && !is_unfit(member) &&
         (member.state == StoreState::empty || member.state == StoreState::none);
}

bool is_given_up(const Announcement& member) noexcept {
  return !is_transient(member) && !is_unfit(member) && !is_empty(member) &&
         (member.state == StoreState::updating || member.discard);
}

bool is_clean(const Announcement& member) noexcept {
  return !is_transient(member) && !is_unfit(member) && member.state == StoreState::clean &&
         !member.discard;
}

bool is_dirty(const Announcement& member) noexcept {
  return !is_transient(member) && !is_unfit(member) && member.state == StoreState::dirty &&
         !member.discard;
}

Members twins(const Members& members) {
  std::map<Uuid, unsigned> ids;
  std::map<Uuid, unsigned> incarnations;
  for (const Announcement* member : members) {
    ++ids[member->id];
    ++incarnations[member->incarnation];
  }
  return those(members, [&](const Announcement& member) {
    const bool opened = !member.incarnation.is_nil();
    return ids[member.id] > 1 || (opened && incarnations[member.incarnation] > 1);
  });
}

const Announcement* newest(const Members& members) {
  const Announcement* best = nullptr;
  for (const Announcement* member : members) {
    if (!is_clean(*member) && !is_dirty(*member)) continue;
    const auto rank = [](const Announcement& m) { return std::tie(m.floor, m.ceiling); };
    if (best == nullptr || rank(*member) > rank(*best)) best = member;
  }
  return best;
}

std::vector<MissingMember> missing_from(const Announcement& newest, const Members& members) {
  std::vector<MissingMember> out;
  for (const Member& known : newest.view.members) {
    const bool here =
        std::ranges::any_of(members, [&](const Announcement* m) { return m->id == known.id; });
    if (here) continue;
    MissingMember missing{known.id, known.label, known.sequence};
    for (const Announcement* member : members) {
      for (const Member& other : member->view.members) {
        if (other.id == known.id) missing.sequence = std::max(missing.sequence, other.sequence);
      }
    }
    out.push_back(std::move(missing));
  }
  return out;
}

bool was_compared(const Announcement& by, const Announcement& store) {
  const Compared now{store.id, store.view.id, store.ceiling};
  return by.marked && std::ranges::find(by.compared, now) != by.compared.end();
}

std::uint64_t kept_of(const Announcement& member, const Comparison& to) {
  if (to.relation == Relation::diverged) return to.fork_sequence;
  return member.ceiling - std::min(member.ceiling, to.beyond);
}

bool has_only_unanswered_more(const Announcement& member, const Comparison& to) {
  const bool has_more = to.relation == Relation::diverged || to.relation == Relation::ahead;
  if (!has_more || !member.suspended || !member.bound) return false;
  const Life life(member);
  if (life.is_empty()) return false;
  const std::uint64_t from = life.last() == 0 ? 0 : life.surely_until(life.last() - 1);
  return kept_of(member, to) >= from;
}

std::string short_id(const Uuid& id) { return storemark::to_string(id).substr(0, 8); }

std::string name_of(const Announcement& member) {
  return member.label.empty() ? short_id(member.id) : member.label;
}

std::string name_of(const MissingMember& member) {
  return member.label.empty() ? short_id(member.id) : member.label;
}

std::string names_of(const Members& members) {
  std::vector<std::string> names;
  for (const Announcement* member : members) names.push_back(name_of(*member));
  return joined(names);
}

std::string doubt_text(const Comparison& to) {
  if (to.proven) return {};
  if (to.unbounded) return "; what it may hold beyond is not known";
  return "; up to " + std::to_string(to.beyond) + " events more are not disproven";
}

std::string sequence_of(const Announcement& member) {
  std::string out = std::to_string(member.floor);
  if (member.certainty == Certainty::at_least) return out + " or more";
  if (member.ceiling > member.floor) out += " to " + std::to_string(member.ceiling);
  return out;
}

}  // namespace storemark::restart
