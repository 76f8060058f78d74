// SPDX-License-Identifier: Apache-2.0
// Rules R1, R2 and R5 to R13: nobody is active. The first that matches decides.
#include "restart/forming.hpp"

#include <algorithm>
#include <map>

#include "restart/clean.hpp"
#include "restart/history.hpp"

namespace storemark::restart {
namespace {

constexpr auto everybody_waits = Action::wait;

bool conflict_of_identity(Draft& draft, const Members& members) {
  if (const Members doubled = twins(members); !doubled.empty()) {
    draft.conclude(Outcome::conflict, Rule::r2,
                   names_of(doubled) + " have one id: one directory is a copy of another",
                   everybody_waits);
    return true;
  }
  const Members transient = those(members, is_transient);
  if (transient.empty() || transient.size() == members.size()) return false;
  draft.conclude(Outcome::conflict, Rule::r1,
                 names_of(transient) + " are transient, the others are persistent",
                 everybody_waits);
  return true;
}

void note_missing(Draft& draft, const Members& members) {
  if (const Announcement* top = newest(members)) {
    draft.decision().missing = missing_from(*top, members);
  }
}

std::string missing_text(const Decision& decision) {
  std::string out;
  for (const MissingMember& missing : decision.missing) {
    out += (out.empty() ? "; not here: " : ", ") + name_of(missing) + ", last known at " +
           std::to_string(missing.sequence);
  }
  return out;
}

bool too_few(Draft& draft, const Members& members) {
  Decision& decision = draft.decision();
  if (decision.present >= decision.wait_for) return false;
  note_missing(draft, members);
  draft.conclude(Outcome::wait, Rule::r5,
                 std::to_string(decision.present) + " of " + std::to_string(decision.wait_for) +
                     " members are here" + missing_text(decision),
                 everybody_waits);
  return true;
}

/// The UUID that is there already, else what is proposed; of the lowest id.
InitialUuid founding_uuid(const Members& members) {
  for (const Announcement* member : members) {
    if (!member->initial.is_nil()) return member->initial;
  }
  for (const Announcement* member : members) {
    if (!member->proposal.is_nil()) return member->proposal;
  }
  return {};
}

void found(Draft& draft, const Members& empty) {
  const bool never = std::ranges::any_of(
      empty, [](const Announcement* m) { return m->found == FoundPolicy::never; });
  const InitialUuid initial = founding_uuid(empty);
  if (never || initial.is_nil()) {
    draft.conclude(never ? Outcome::needs_operator : Outcome::wait, Rule::r7,
                   never ? "all stores are empty, and the policy is never to found a cluster"
                         : "all stores are empty, and nobody proposes an initial UUID",
                   everybody_waits);
    return;
  }
  draft.conclude(Outcome::start, Rule::r7, "all stores are empty: a new cluster", Action::wait);
  draft.decision().initial = initial;
  for (const Announcement* member : empty) {
    draft.set(*member, Action::found, Rule::r7,
              member->initial.is_nil() ? "its store is empty"
                                       : "its store is empty, from a start that was cut");
  }
}

/// Groups of members by initial UUID, in words.
bool several_clusters(Draft& draft, const Members& stores) {
  std::map<InitialUuid, Members> groups;
  for (const Announcement* store : stores) groups[store->initial].push_back(store);
  if (groups.size() < 2) return false;
  std::string text;
  for (const auto& [initial, group] : groups) {
    text += (text.empty() ? "" : "; ") + names_of(group) + " of cluster " +
            (initial.is_nil() ? "unknown" : short_id(initial));
  }
  draft.conclude(Outcome::conflict, Rule::r8, "stores of different clusters: " + text,
                 everybody_waits);
  return true;
}

/// All that is no source takes an update.
void update_the_rest(Draft& draft, const Members& members, const Members& donors, Rule rule) {
  for (const Announcement* member : members) {
    if (is_empty(*member)) {
      draft.update(*member, donors, rule, "its store is empty: it takes the cluster's");
    } else if (is_given_up(*member)) {
      draft.update_given_up(*member, donors, *donors.front(), rule);
    }
  }
}

void update_behind(Draft& draft, const Announcement& behind, const Members& donors, Rule rule) {
  const Comparison to = compare(behind, *donors.front());
  std::string evidence = "its store, at " + sequence_of(behind) + ", ";
  if (to.relation == Relation::equal || to.relation == Relation::ancestor) {
    evidence += to.relation == Relation::equal
                    ? "is as far as the donor's"
                    : "is behind the donor's, at " + sequence_of(*donors.front());
    evidence += doubt_text(to);
  } else {
    evidence += "is " + std::string(to_string(to.relation)) +
                "; an operator's mark was compared with it, and gave it up";
  }
  draft.lose(behind, to);
  draft.update(behind, donors, rule, std::move(evidence));
}

void start_from(Draft& draft, const Members& members, const Members& sources, const Members& behind,
                Rule rule, const std::string& why) {
  draft.conclude(Outcome::start, rule, why, Action::wait);
  draft.decision().initial = sources.front()->initial;
  for (const Announcement* source : sources) {
    draft.set(*source, Action::restore, rule, why);
  }
  for (const Announcement* store : behind) update_behind(draft, *store, sources, rule);
  update_the_rest(draft, members, sources, rule);
}

std::string stale_text(const Announcement& clean, const Announcement& store, const Comparison& to) {
  std::string out = name_of(store) + ", at " + sequence_of(store) + ", ";
  switch (to.relation) {
    case Relation::ahead:
      out += "is ahead of";
      break;
    case Relation::diverged:
      out += "diverged " +
             (to.fork_view.is_nil() ? std::string("before any common view")
                                    : "after " + std::to_string(to.fork_sequence) + " of view " +
                                          short_id(to.fork_view)) +
             " from";
      break;
    default:
      out += "cannot be compared with";
  }
  return out + " the clean " + name_of(clean) + ", at " + sequence_of(clean);
}

/// R10 and R11.
void from_clean(Draft& draft, const Members& members, const CleanStores& clean) {
  const Announcement& source = *clean.sources.front();
  std::string stale;
  for (const Announcement* store : clean.others) {
    const Comparison to = compare(*store, source);
    if (to.relation == Relation::equal || to.relation == Relation::ancestor) continue;
    if (clean.mark != nullptr && was_compared(*clean.mark, *store)) continue;
    stale += (stale.empty() ? "" : "; ") + stale_text(source, *store, to);
  }
  if (!stale.empty()) {
    draft.conclude(Outcome::needs_operator, Rule::r11, "the clean store is stale: " + stale,
                   everybody_waits);
    note_missing(draft, members);
    return;
  }
  start_from(draft, members, clean.sources, clean.others, Rule::r10,
             source.marked ? "an operator marked it clean, at " + sequence_of(source)
                           : "it was shut down cleanly, at " + sequence_of(source));
}

/// Whether every other store is proven to hold no more than this one.
bool is_proven_latest(const Announcement& top, const Members& stores) {
  return std::ranges::all_of(stores, [&](const Announcement* store) {
    if (store == &top) return true;
    const Comparison to = compare(*store, top);
    return to.proven && (to.relation == Relation::ancestor || to.relation == Relation::equal);
  });
}

bool is_exact(const Announcement& store) {
  return store.certainty == Certainty::exact && store.floor == store.ceiling;
}

/// One store, or several at one exact position.
Members latest_of(const Members& dirty) {
  for (const Announcement* top : dirty) {
    if (!is_proven_latest(*top, dirty)) continue;
    return those(dirty, [&](const Announcement& store) {
      return &store == top || (is_exact(store) && is_exact(*top) &&
                               compare(store, *top).relation == Relation::equal);
    });
  }
  return {};
}

/// Nobody who may hold more is away: not of the last view, and, where nothing was applied in that,
/// not of the one before, of which only the number of members is kept.
bool all_are_here(const Announcement& top, const Members& members) {
  if (!missing_from(top, members).empty()) return false;
  const Life life(top);
  const bool last_counts = life.is_empty() || life.size() == top.history.size();
  return last_counts || members.size() >= top.history[life.last()].members;
}

/// R12; false where it does not hold.
bool from_latest(Draft& draft, const Members& members, const Members& dirty) {
  const bool manual = std::ranges::any_of(
      members, [](const Announcement* m) { return m->restore == RestorePolicy::manual; });
  const bool unfit =
      std::ranges::any_of(members, [](const Announcement* m) { return is_unfit(*m); });
  if (manual || unfit) return false;
  const Members latest = latest_of(dirty);
  if (latest.empty() || !all_are_here(*latest.front(), members)) return false;
  Members behind;
  for (const Announcement* store : dirty) {
    if (store != latest.front()) behind.push_back(store);
  }
  start_from(draft, members, {latest.front()}, behind, Rule::r12,
             "it is proven to be the latest, at " + sequence_of(*latest.front()) +
                 ", and nobody of its last view is missing");
  return true;
}

/// What restoring from a store would lose of another, in words.
std::string loss_of(const Announcement& other, const Comparison& to) {
  if (to.relation == Relation::diverged) {
    return "what " + name_of(other) + " holds after " + std::to_string(to.fork_sequence);
  }
  if (to.relation == Relation::unknown) return "nobody knows how much of " + name_of(other);
  if (to.unbounded) return "what " + name_of(other) + " may hold beyond";
  return "up to " + std::to_string(to.beyond) + " events of " + name_of(other);
}

/// A person reads it: of many, so many are named.
constexpr unsigned losses_named = 8;

std::string loss_text(const Announcement& chosen, const Members& dirty) {
  std::string out;
  unsigned others = 0;
  for (const Announcement* other : dirty) {
    if (other == &chosen) continue;
    const Comparison to = compare(*other, chosen);
    if (to.proven) continue;
    if (++others > losses_named) continue;
    out += (out.empty() ? ": restoring it would lose " : ", and ") + loss_of(*other, to);
  }
  if (out.empty()) return ": restoring it would lose nothing of the others";
  if (others > losses_named) {
    out += ", and what " + std::to_string(others - losses_named) + " others hold";
  }
  return out;
}

/// R13: the ranking, and what each choice costs.
void ask_operator(Draft& draft, const Members& members, const Members& dirty) {
  note_missing(draft, members);
  const std::string why = dirty.empty() ? "no store here can be restored from"
                                        : "no store is clean, and none may be taken unasked";
  draft.conclude(Outcome::needs_operator, Rule::r13, why + missing_text(draft.decision()),
                 everybody_waits);
  Members ranked = dirty;
  std::ranges::stable_sort(ranked, [](const Announcement* a, const Announcement* b) {
    return std::tie(a->floor, a->ceiling) > std::tie(b->floor, b->ceiling);
  });
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const Announcement& store = *ranked[i];
    draft.set(store, Action::wait, Rule::r13,
              "rank " + std::to_string(i + 1) + ", dirty at " + sequence_of(store) +
                  (store.sole ? ", the last of a shrinking cluster" : "") +
                  loss_text(store, dirty));
  }
}

}  // namespace

void decide_forming(Draft& draft, const Members& members) {
  if (conflict_of_identity(draft, members) || too_few(draft, members)) return;
  if (std::ranges::all_of(members, [](const Announcement* m) { return is_transient(*m); })) {
    draft.conclude(Outcome::start, Rule::r6, "all members are transient", Action::activate);
    return;
  }
  const Members empty = those(members, is_empty);
  const Members given_up = those(members, is_given_up);
  const Members dirty = those(members, is_dirty);
  Members stores = those(members, is_clean);
  const bool some_clean = !stores.empty();
  stores.insert(stores.end(), dirty.begin(), dirty.end());
  stores.insert(stores.end(), given_up.begin(), given_up.end());
  if (stores.empty()) {
    const bool all_empty = empty.size() == members.size();
    if (all_empty) {
      found(draft, empty);
    } else if (empty.empty()) {
      draft.conclude(Outcome::damaged, Rule::r14, "no store here can be read", everybody_waits);
    } else {
      // Missing never means empty: what cannot be read may be all that there is.
      ask_operator(draft, members, dirty);
    }
    return;
  }
  if (several_clusters(draft, stores)) return;
  if (some_clean) {
    CleanStores clean = sort_clean(members);
    if (!clean.conflict.empty()) {
      draft.conclude(Outcome::conflict, Rule::r9, clean.conflict, everybody_waits);
      return;
    }
    from_clean(draft, members, clean);
    return;
  }
  if (!from_latest(draft, members, dirty)) ask_operator(draft, members, dirty);
}

}  // namespace storemark::restart
