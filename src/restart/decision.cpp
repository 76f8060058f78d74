// SPDX-License-Identifier: Apache-2.0
// The decision: who is active, and then the rules in their order.
#include <algorithm>
#include <array>

#include "restart/forming.hpp"
#include "restart/joining.hpp"

namespace storemark {
namespace {

using restart::Members;

/// Rule R14: each waits by itself, and the whole says "damaged".
void settle_unfit(restart::Draft& draft, const Members& members) {
  for (const Announcement* member : members) {
    if (!restart::is_unfit(*member)) continue;
    draft.set(
        *member, Action::wait, Rule::r14,
        "its journal is " + std::string(to_string(member->diagnosis)) +
            ": it is no source, nothing of it is discarded, and it waits for an operator's word");
    draft.decision().outcome = Outcome::damaged;
  }
}

}  // namespace

Decision decide(std::span<const Announcement> members) {
  const Members ordered = restart::in_order(members);
  restart::Draft draft(ordered);
  if (ordered.empty()) {
    draft.conclude(Outcome::wait, Rule::r5, "nobody is here", Action::wait);
    return draft.decision();
  }
  const bool active = std::ranges::any_of(ordered, [](const Announcement* m) { return m->active; });
  if (active) {
    restart::decide_joining(draft, ordered);
  } else {
    restart::decide_forming(draft, ordered);
  }
  settle_unfit(draft, ordered);
  return draft.decision();
}

std::string_view to_string(MemberKind kind) noexcept {
  return kind == MemberKind::transient ? "transient" : "persistent";
}
std::string_view to_string(RestorePolicy policy) noexcept {
  return policy == RestorePolicy::latest ? "latest" : "manual";
}
std::string_view to_string(FoundPolicy policy) noexcept {
  return policy == FoundPolicy::never ? "never" : "allowed";
}

std::string_view to_string(QuorumPolicy policy) noexcept {
  constexpr std::array<std::string_view, 3> names{"ignored", "automatic", "required"};
  return names.at(static_cast<std::size_t>(policy));
}

std::string_view to_string(Relation relation) noexcept {
  constexpr std::array<std::string_view, 5> names{"equal", "ancestor", "ahead", "diverged",
                                                  "unknown"};
  return names.at(static_cast<std::size_t>(relation));
}

std::string_view to_string(Rule rule) noexcept {
  constexpr std::array<std::string_view, 15> names{
      "-", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14"};
  return names.at(static_cast<std::size_t>(rule));
}

std::string_view to_string(Action action) noexcept {
  constexpr std::array<std::string_view, 7> names{"restore", "found", "update", "activate",
                                                  "stay",    "wait",  "refuse"};
  return names.at(static_cast<std::size_t>(action));
}

std::string_view to_string(Outcome outcome) noexcept {
  constexpr std::array<std::string_view, 5> names{"start", "wait", "needs_operator", "conflict",
                                                  "damaged"};
  return names.at(static_cast<std::size_t>(outcome));
}

}  // namespace storemark
