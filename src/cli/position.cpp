// SPDX-License-Identifier: Apache-2.0
#include "cli/position.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "cli/announce.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

const Verdict& verdict_of(const Store& store) { return store.seen->verdict; }
const Record& record_of(const Store& store) { return *verdict_of(store).record; }

std::string name_and_sequence(const Store& store) {
  return fmt::format("{} ({})", printable(store.name), sequence_text(verdict_of(store)));
}

/// An operator has compared the first with the second as it stands, and gave up what it held more.
bool given_up_by_mark(const Store& first, const Store& second) {
  const Record& mark = record_of(first);
  const Compared now{record_of(second).member, record_of(second).view.id,
                     verdict_of(second).ceiling};
  return mark.marked &&
         std::find(mark.compared.begin(), mark.compared.end(), now) != mark.compared.end();
}

std::string parted_text(const Store& first, const Store& second, const ViewId& last,
                        const Comparison& to) {
  const std::string where =
      fmt::format("{} was last in view {}", printable(second.name), short_id(last));
  if (to.relation == Relation::diverged && to.fork_view == last) {
    return fmt::format("{}, up to {}, which {} left at {}: their content may differ", where,
                       verdict_of(second).ceiling, printable(first.name), to.fork_sequence);
  }
  const bool forgotten = record_of(first).folded > 0;
  return fmt::format("{}, which {} {}: their content may differ", where, printable(first.name),
                     forgotten ? "no longer remembers" : "never lived through");
}

std::string unknown_text(const Store& first, const Store& second) {
  const bool the_second = record_of(second).history.empty();
  if (!the_second && !record_of(first).history.empty()) return {};
  return fmt::format("the journal of {} tells of no views: its numbers may count other events",
                     printable(the_second ? second.name : first.name));
}

/// The last view in which something was applied, as far as is known.
ViewId last_lived_view(const Announcement& member) {
  auto entry = member.history.rbegin();
  while (entry != member.history.rend() && std::next(entry) != member.history.rend() &&
         entry->from >= member.ceiling) {
    ++entry;
  }
  return entry == member.history.rend() ? ViewId{} : entry->view;
}

std::string doubt_of(const Store& first, const Store& second, const Comparison& to) {
  switch (to.relation) {
    case Relation::diverged:
    case Relation::unknown: {
      std::string none = unknown_text(first, second);
      if (!none.empty()) return none;
      return parted_text(first, second, last_lived_view(*announcement_of(second)), to);
    }
    default:
      break;
  }
  if (to.unbounded) {
    return fmt::format("{} may hold more than its journal still says", name_and_sequence(second));
  }
  return fmt::format("the ranges of {} and {} meet", name_and_sequence(first),
                     name_and_sequence(second));
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
  const Comparison to = storemark::compare(*announcement_of(second), *announcement_of(first));
  if (!to.proven) return doubt_of(first, second, to);
  if (!ranks_with(first, second)) return {};
  // Equal numbers: whichever is named first, both must be sure.
  const Comparison back = storemark::compare(*announcement_of(first), *announcement_of(second));
  return back.unbounded ? doubt_of(second, first, back) : std::string();
}

}  // namespace storemark::cli
