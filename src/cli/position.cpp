// SPDX-License-Identifier: Apache-2.0
#include "cli/position.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

const Verdict& verdict_of(const Store& store) { return store.seen->verdict; }
const Record& record_of(const Store& store) { return *verdict_of(store).record; }

std::string name_and_sequence(const Store& store) {
  return fmt::format("{} ({})", printable(store.name), sequence_text(verdict_of(store)));
}

std::string doubt_by_number(const Store& first, const Store& second) {
  const Verdict& a = verdict_of(first);
  const Verdict& b = verdict_of(second);
  if (b.certainty == Certainty::at_least) {
    return fmt::format("{} may hold more than its journal still says", name_and_sequence(second));
  }
  if (a.floor >= b.ceiling) return {};
  return fmt::format("the ranges of {} and {} meet", name_and_sequence(first),
                     name_and_sequence(second));
}

/// The view that the store was in when its last event was applied: views after it, in which nothing
/// was applied, do not count.
const HistoryEntry* last_lived_view(const Store& store) {
  const auto& history = record_of(store).history;
  const std::uint64_t held = verdict_of(store).ceiling;
  for (auto entry = history.rbegin(); entry != history.rend(); ++entry) {
    const bool is_first = std::next(entry) == history.rend();
    if (entry->from < held || is_first) return &*entry;
  }
  return nullptr;
}

/// Up to which sequence the store was in that view; nothing if it never was, as far as is known.
std::optional<std::uint64_t> lived_until(const Store& store, const ViewId& view) {
  const auto& history = record_of(store).history;
  const auto found = std::find_if(history.rbegin(), history.rend(),
                                  [&](const HistoryEntry& entry) { return entry.view == view; });
  if (found == history.rend()) return std::nullopt;
  return found == history.rbegin() ? verdict_of(store).ceiling : std::prev(found)->from;
}

/// An operator has compared the first with the second as it stands, and gave up what it held more.
bool given_up_by_mark(const Store& first, const Store& second) {
  const Record& mark = record_of(first);
  const Compared now{record_of(second).member, record_of(second).view.id,
                     verdict_of(second).ceiling};
  return mark.marked &&
         std::find(mark.compared.begin(), mark.compared.end(), now) != mark.compared.end();
}

std::string doubt_by_history(const Store& first, const Store& second) {
  const HistoryEntry* last = last_lived_view(second);
  if (last == nullptr || record_of(first).history.empty()) {
    return fmt::format("the journal of {} tells of no views: its numbers may count other events",
                       printable(last == nullptr ? second.name : first.name));
  }
  const auto until = lived_until(first, last->view);
  const std::string where =
      fmt::format("{} was last in view {}", printable(second.name), short_id(last->view));
  if (!until) {
    const bool forgotten = record_of(first).folded > 0;
    return fmt::format("{}, which {} {}: their content may differ", where, printable(first.name),
                       forgotten ? "no longer remembers" : "never lived through");
  }
  if (verdict_of(second).ceiling <= *until) return {};
  return fmt::format("{}, up to {}, which {} left at {}: their content may differ", where,
                     verdict_of(second).ceiling, printable(first.name), *until);
}

auto rank_key(const Store& store) {
  const Verdict& verdict = verdict_of(store);
  return std::tuple(~verdict.floor, ~verdict.ceiling, verdict.state != StoreState::clean,
                    record_of(store).member, store.name);
}

}  // namespace

bool ranks_before(const Store& a, const Store& b) { return rank_key(a) < rank_key(b); }

bool ranks_with(const Store& a, const Store& b) {
  return verdict_of(a).floor == verdict_of(b).floor &&
         verdict_of(a).ceiling == verdict_of(b).ceiling;
}

std::string doubt(const Store& first, const Store& second) {
  if (given_up_by_mark(first, second)) return {};
  std::string out = doubt_by_number(first, second);
  if (out.empty() && ranks_with(first, second)) out = doubt_by_number(second, first);
  if (out.empty()) out = doubt_by_history(first, second);
  return out;
}

}  // namespace storemark::cli
