// SPDX-License-Identifier: Apache-2.0
#include "simulator/sim_operator.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "journal/adopt.hpp"
#include "journal/core.hpp"
#include "journal/create.hpp"
#include "journal/examine_on.hpp"
#include "journal/words.hpp"

namespace storemark::simulator {
namespace {

bool is_source(const Announcement& store) {
  return (store.state == StoreState::dirty || store.state == StoreState::clean) && !store.discard &&
         store.diagnosis == Diagnosis::none;
}

bool is_stale_beside(const Announcement& store, const Announcement& chosen) {
  const Relation relation = compare(store, chosen).relation;
  return relation != Relation::equal && relation != Relation::ancestor;
}

}  // namespace

// --- looking
// -----------------------------------------------------------------------------------------

std::optional<Announcement> SimOperator::look_at(Host& host) {
  Environment here = host.environment();
  // Of an empty store he knows it: its broker says so.
  const bool nothing = host.store().content().entries.empty();
  StoreFacts facts;
  if (nothing) facts.content = StoreContent::holds_nothing;
  const auto seen = examine_on(here, facts);
  if (!seen) return std::nullopt;
  if (seen->verdict.diagnosis == Diagnosis::absent && nothing) return std::nullopt;
  Announcement out = announce(seen->verdict);
  out.label = host.name();
  if (out.id.is_nil()) out.id = MemberId(ground_.random.uuid());
  out.wait_for = ground_.settings.wait_for;
  out.restore = ground_.settings.restore;
  out.proposal = InitialUuid(out.id);
  return out;
}

SimOperator::Stores SimOperator::look() {
  Stores out;
  for (const auto& host : ground_.hosts) {
    if (host->runs()) continue;
    if (auto said = look_at(*host)) out.push_back({host.get(), std::move(*said)});
  }
  return out;
}

// --- words
// -------------------------------------------------------------------------------------------

bool SimOperator::write(Host& host, Core& core, Record next, const Record& before) {
  host.before_word = before;
  ground_.oracle.touched(host.index());
  if (!core.settle() || !core.transition(std::move(next))) return false;
  ++words_;
  return true;
}

void SimOperator::mark(const Seen& chosen, const Stores& compared) {
  if (!is_source(chosen.said)) return;
  MarkRequest request{.if_sequence = chosen.said.floor, .reason = "simulated"};
  request.accept_at_least = true;
  for (const Seen& other : compared) {
    if (other.host == chosen.host || !is_source(other.said)) continue;
    if (other.said.id == chosen.said.id || other.said.initial != chosen.said.initial) continue;
    request.compared.push_back({other.said.id, other.said.view.id, other.said.ceiling});
  }
  const auto core = look_only(chosen.host->environment(), StoreFacts{}, Options{});
  if (!core) return;
  const Record before = (*core)->record_after_settling();
  auto next = marked_record(**core, request);
  if (!next || !write(*chosen.host, **core, *next, before)) return;
  std::string names;
  for (const Seen& other : compared) {
    for (const Compared& one : request.compared) {
      if (one.id != other.said.id) continue;
      ground_.oracle.compared(other.host->index(), other.host->store().content(),
                              chosen.host->store().content());
      names += " " + other.host->name();
    }
  }
  ground_.trace.say("the operator marks ", chosen.host->name(), ", at ", chosen.said.floor,
                    ", compared with", names);
}

bool SimOperator::discard(Host& host) {
  const auto said = look_at(host);
  if (!said) return false;
  const auto core = look_only(host.environment(), StoreFacts{}, Options{});
  if (!core) return false;
  const Record before = (*core)->record_after_settling();
  auto next = discarded_record(**core, {.if_sequence = before.floor, .reason = "simulated"});
  if (!next || !write(host, **core, *next, before)) return false;
  ground_.oracle.gave_up(host.index(), host.store().content());
  ground_.trace.say("the operator discards ", host.name(), ", at ", said->floor);
  return true;
}

bool SimOperator::undo(Host& host) {
  if (!host.before_word) return false;
  const auto core = look_only(host.environment(), StoreFacts{}, Options{});
  if (!core) return false;
  const Record now = (*core)->record_after_settling();
  if ((!now.marked && !now.discard) || !stood_before_word(*host.before_word, now)) return false;
  const Record before = *host.before_word;
  if (!write(host, **core, record_without_word(now, before), before)) return false;
  host.before_word.reset();
  if (now.discard) ground_.oracle.took_back(host.index(), host.store().content());
  ground_.trace.say("the operator takes back the word on ", host.name());
  return true;
}

/// A store whose journal is gone or cannot be read.
void SimOperator::adopt_or_wipe(Host& host) {
  InitialUuid initial;
  for (const auto& other : ground_.hosts) {
    if (other.get() == &host) continue;
    const auto said = look_at(*other);
    if (said && !said->initial.is_nil()) initial = said->initial;
  }
  const SimStore& store = host.store();
  if (initial.is_nil() || store.content().half || ground_.random.one_in(3)) return host.wipe();
  Environment here = host.environment();
  const Record record =
      adopted_record(here, {.initial = initial, .sequence = store.sequence(), .reason = "sim"});
  host.new_disk();
  here = host.environment();
  if (!create_journal(here, record)) return host.wipe();
  ++words_;
  host.before_word.reset();
  ground_.trace.say("the operator adopts the store of ", host.name(), ", at ", store.sequence());
}

// --- where no member is active
// -----------------------------------------------------------------------

bool SimOperator::settle_forming() {
  for (const auto& host : ground_.hosts) {
    const auto said = look_at(*host);
    if (!said) continue;
    if (said->diagnosis == Diagnosis::lost || said->diagnosis == Diagnosis::damaged) {
      adopt_or_wipe(*host);
    }
  }
  Stores stores = look();
  for (const Seen& store : stores) {
    // Its broker would say that the store is empty, or holds less than was counted.
    if (store.host->start_error()) settle_refused(*store.host);
  }
  stores = look();
  std::vector<Announcement> said;
  for (const Seen& store : stores) said.push_back(store.said);
  const Decision decision = decide(said);
  seen_ = std::string(to_string(decision.outcome)) + " " + std::string(to_string(decision.rule)) +
          ": " + decision.why;
  ground_.trace.say("the operator sees ", seen_);
  switch (decision.rule) {
    case Rule::r2:
      return settle_twins(stores);
    case Rule::r8:
      return settle_clusters(stores);
    case Rule::r9:
    case Rule::r11:
      return settle_clean(stores);
    case Rule::r13:
      return choose(stores);
    default:
      return false;
  }
}

/// The best by the ranking is marked, compared with all others.
bool SimOperator::choose(const Stores& stores) {
  const Seen* best = nullptr;
  for (const Seen& store : stores) {
    if (!is_source(store.said)) continue;
    const auto rank = [](const Seen& one) { return std::tie(one.said.floor, one.said.ceiling); };
    if (best == nullptr || rank(store) > rank(*best)) best = &store;
  }
  if (best == nullptr) return settle_sourceless(stores);
  if (best->said.state == StoreState::dirty) {
    mark(*best, stores);
    return true;
  }
  for (const Seen& other : stores) {
    if (&other == best || !is_source(other.said)) continue;
    const bool is_another_shutdown =
        other.said.state == StoreState::clean && other.said.final != best->said.final;
    if (is_another_shutdown || is_stale_beside(other.said, best->said)) {
      static_cast<void>(discard(*other.host));
    }
  }
  return true;
}

bool SimOperator::settle_clean(const Stores& stores) {
  const auto marks = std::ranges::count_if(stores, [](const Seen& s) { return s.said.marked; });
  for (const Seen& store : stores) {
    if (marks == 0 || !store.said.marked) continue;
    // A mark that does not fit, or one of two, is taken back, or given up with its store.
    if (!undo(*store.host)) {
      Host& host = *store.host;
      host.before_word.reset();
      ground_.oracle.gave_up(host.index(), host.store().content());
      host.wipe();
    }
    return true;
  }
  return choose(stores);
}

bool SimOperator::settle_clusters(const Stores& stores) {
  std::map<InitialUuid, std::size_t> sizes;
  for (const Seen& store : stores) ++sizes[store.said.initial];
  const auto largest = std::ranges::max_element(
      sizes, {}, [](const auto& one) { return std::pair(!one.first.is_nil(), one.second); });
  for (const Seen& store : stores) {
    if (store.said.initial != largest->first) store.host->wipe();
  }
  return true;
}

bool SimOperator::settle_twins(const Stores& stores) {
  std::map<MemberId, Host*> known;
  for (const Seen& store : stores) {
    if (!known.try_emplace(store.said.id, store.host).second) store.host->wipe();
  }
  return true;
}

/// All are updating or given up: a word is taken back, or a store that was moved aside is brought
/// back, or all begin anew.
bool SimOperator::settle_sourceless(const Stores& stores) {
  for (const Seen& store : stores) {
    if (store.said.discard && undo(*store.host)) return true;
  }
  for (const Seen& store : stores) {
    Host& host = *store.host;
    if (!host.store().bring_back()) continue;
    ground_.oracle.durable(host.index(), host.store().content().entries);
    const Environment here = host.environment();
    const Record record = adopted_record(
        here,
        {.initial = store.said.initial, .sequence = host.store().sequence(), .reason = "sim"});
    host.new_disk();
    Environment fresh = host.environment();
    host.before_word.reset();
    if (!create_journal(fresh, record)) host.wipe();
    ++words_;
    ground_.trace.say("the operator brings back the old store of ", host.name());
    return true;
  }
  for (const Seen& store : stores) store.host->wipe();
  return true;
}

// --- single hosts
// ------------------------------------------------------------------------------------

void SimOperator::settle_refused(Host& host) {
  const auto said = look_at(host);
  if (!said) return;
  const auto& error = host.start_error();
  if (said->diagnosis != Diagnosis::none ||
      (error && (error->code == Errc::store_lost || error->code == Errc::journal_damaged))) {
    return adopt_or_wipe(host);
  }
  const bool is_hollow = error && error->code == Errc::store_hollow;
  if (said->discard || !(is_hollow || host.ended())) return host.wipe();
  if (ground_.random.one_in(4) || !discard(host)) host.wipe();
}

void SimOperator::blunder() {
  const Stores stores = look();
  if (stores.empty()) return;
  const Seen& one = ground_.random.pick(stores);
  switch (ground_.random.below(4)) {
    case 0:
      static_cast<void>(discard(*one.host));
      break;
    case 1:
      for (const Seen& store : stores) {
        if (undo(*store.host)) break;
      }
      break;
    default: {
      Stores some;
      for (const Seen& store : stores) {
        if (!ground_.random.one_in(3)) some.push_back(store);
      }
      mark(one, some);
    }
  }
}

}  // namespace storemark::simulator
