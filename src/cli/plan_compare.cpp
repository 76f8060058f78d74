// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

constexpr std::size_t most_named = 4;  // of a list that would fill the screen

using Index = std::size_t;

bool holds_data(const Announcement& member) {
  return member.diagnosis == Diagnosis::none && !member.discard &&
         (member.state == StoreState::dirty || member.state == StoreState::clean);
}

/// What another store has, or may have, that the chosen one has not; empty where that is nothing.
std::string beyond_text(const Plan& plan, Index other, Index chosen) {
  const Comparison lies = compare(plan, other, chosen);
  if (lies.proven) return {};
  if (lies.relation == Relation::diverged) {
    const std::string_view holds =
        member_at(plan, other).floor > lies.fork_sequence ? "holds" : "may hold";
    if (lies.fork_view.is_nil()) {
      return fmt::format("what {} {} (no view in common)", name_at(plan, other), holds);
    }
    return fmt::format("what {} {} after {}, where the two parted (view {})", name_at(plan, other),
                       holds, lies.fork_sequence, short_id(lies.fork_view));
  }
  if (lies.relation == Relation::unknown) {
    return fmt::format("nobody knows what of {}: the histories are too short to tell",
                       name_at(plan, other));
  }
  if (lies.unbounded)
    return fmt::format("what {} holds beyond, and nobody knows how much", name_at(plan, other));
  return fmt::format("up to {} of {}", counted(lies.beyond, "event"), name_at(plan, other));
}

}  // namespace

std::vector<Index> holders(const Plan& plan) {
  std::vector<Index> out;
  for (Index i = 0; i < plan.scenario.members.size(); ++i) {
    if (holds_data(member_at(plan, i))) out.push_back(i);
  }
  return out;
}

Comparison compare(const Plan& plan, Index a, Index b) {
  return storemark::compare(member_at(plan, a), member_at(plan, b));
}

std::optional<Index> proven_latest(const Plan& plan, const std::vector<Index>& all) {
  std::optional<Index> out;
  for (const Index one : all) {
    const auto within = [&](Index other) {
      return other == one || compare(plan, other, one).proven;
    };
    if (!std::all_of(all.begin(), all.end(), within)) continue;
    if (name_at(plan, one) == plan.ranked_first) return one;
    if (!out) out = one;
  }
  return out;
}

Index highest(const Plan& plan, const std::vector<Index>& all) {
  for (const Index one : all) {
    if (name_at(plan, one) == plan.ranked_first) return one;
  }
  return *std::max_element(all.begin(), all.end(), [&](Index a, Index b) {
    return member_at(plan, a).floor < member_at(plan, b).floor;
  });
}

std::string beyond_all(const Plan& plan, const std::vector<Index>& all, Index chosen) {
  std::vector<std::string> out;
  for (const Index other : all) {
    const std::string text = other == chosen ? "" : beyond_text(plan, other, chosen);
    if (!text.empty()) out.push_back(text);
  }
  return some_of(out);
}

std::string some_of(std::vector<std::string> items) {
  if (items.size() <= most_named) return listed(items);
  const std::size_t more = items.size() - most_named;
  items.resize(most_named);
  items.push_back(fmt::format("{} more", more));
  return listed(items);
}

}  // namespace storemark::cli
