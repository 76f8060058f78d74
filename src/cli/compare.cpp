// SPDX-License-Identifier: Apache-2.0
#include "cli/compare.hpp"

#include <fmt/format.h>

#include <optional>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

Errc errc_of(Diagnosis diagnosis) {
  switch (diagnosis) {
    case Diagnosis::absent:
      return Errc::journal_absent;
    case Diagnosis::lost:
      return Errc::store_lost;
    case Diagnosis::hollow:
      return Errc::store_hollow;
    case Diagnosis::future:
      return Errc::journal_future;
    case Diagnosis::foreign:
      return Errc::not_a_journal;
    default:
      return Errc::journal_damaged;
  }
}

constexpr const char* not_marked = "nothing was marked: a store could not be compared with";

Refusal refuse(Errc code, const Store& other, std::string why, std::string todo) {
  return {{code, not_marked, other.name, std::move(why), std::move(todo), 0}, exit_status(code)};
}

Refusal refuse_as_conflict(const Store& other, std::string why, std::string todo) {
  Refusal out = refuse(Errc::invalid_argument, other, std::move(why), std::move(todo));
  out.status = ExitStatus::conflict;
  return out;
}

/// Why it has no position; nothing if it has one.
std::optional<Refusal> refuse_unreadable(const Store& other) {
  if (!other.seen) {
    Error error = other.seen.error();
    error.what = not_marked;
    return Refusal{error, exit_status(error.code)};
  }
  const Verdict& verdict = other.seen->verdict;
  if (is_readable(other) && verdict.record) return std::nullopt;
  return refuse(errc_of(verdict.diagnosis), other,
                fmt::format("it is {}, so nobody knows what it holds", state_word(other)),
                "leave it out only if its data may be lost");
}

std::optional<Refusal> refuse_stranger(const Store& chosen, const Store& other) {
  const Record& mine = *chosen.seen->verdict.record;
  const Record& its = *other.seen->verdict.record;
  if (its.member == mine.member) {
    return refuse_as_conflict(other, fmt::format("it is the same member as {}", chosen.name),
                              "name another store; of a cloned directory only one may be started");
  }
  if (its.initial != mine.initial && !its.initial.is_nil()) {
    return refuse_as_conflict(
        other, fmt::format("it belongs to another cluster, {}", to_string(its.initial)),
        "compare stores of one cluster: storemark examine shows which");
  }
  if (other.seen->in_use || other.seen->busy) {
    return refuse(Errc::in_use, other, "it is in use: what it holds may change",
                  "stop its broker, or let the store that is running go on");
  }
  return std::nullopt;
}

void add(const Store& chosen, const Store& other, Comparison& out) {
  const Verdict& verdict = other.seen->verdict;
  const Record& record = *verdict.record;
  if (verdict.state == StoreState::empty || verdict.state == StoreState::updating) {
    out.remarks.push_back(fmt::format("{} was left out of the comparison: it is {}", other.name,
                                      to_string(verdict.state)));
    return;
  }
  out.compared.push_back({record.member, record.view.id, verdict.ceiling});
  const std::uint64_t held = chosen.seen->verdict.floor;
  if (verdict.ceiling > held) {
    out.remarks.push_back(fmt::format("{} is ahead: up to {} that it holds, past {}, are given up",
                                      other.name, counted(verdict.ceiling - held, "event"), held));
  }
}

/// A saved answer may tell of all stores of the cluster, and so of the chosen one.
bool is_itself(const Store& chosen, const Store& saved) {
  return !saved.file.empty() && saved.directory == chosen.directory && saved.seen &&
         saved.seen->verdict.record &&
         saved.seen->verdict.record->member == chosen.seen->verdict.record->member;
}

bool can_be_held_against(const Store& store) {
  return is_readable(store) && !store.seen->in_use && !store.seen->busy;
}

}  // namespace

tl::expected<void, Refusal> check_unchanged(const ComparedName& name) {
  if (!name.typed.seen) return {};
  const bool here = name.now.size() == 1 && name.now.front().file.empty();
  if (here && !can_be_held_against(name.now.front())) return {};
  std::vector<const Store*> stores;
  for (const Store& store : name.now) stores.push_back(&store);
  const Stamp now = stamp_of(stores);
  if (changed_text(*name.typed.seen, now).empty()) return {};
  const Error error = changed_error(name.typed.store, *name.typed.seen, now);
  return tl::unexpected<Refusal>({error, exit_status(error.code)});
}

tl::expected<Comparison, Refusal> compare(const Store& chosen, const std::vector<Store>& others) {
  Comparison out;
  for (const Store& other : others) {
    if (is_itself(chosen, other)) continue;
    if (auto refusal = refuse_unreadable(other)) return tl::unexpected(*refusal);
    if (auto refusal = refuse_stranger(chosen, other)) return tl::unexpected(*refusal);
    add(chosen, other, out);
  }
  return out;
}

}  // namespace storemark::cli
