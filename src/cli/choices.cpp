// SPDX-License-Identifier: Apache-2.0
#include "cli/choices.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/plan_compare.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

using Index = std::size_t;

constexpr std::size_t most_choices = 4;  // more would not fit a screen

StoreIndex store_of(const Survey& survey, const Plan& plan, Index i) {
  const auto found =
      std::find_if(survey.stores.begin(), survey.stores.end(),
                   [&](const Store& store) { return store.name == name_at(plan, i); });
  return static_cast<StoreIndex>(found - survey.stores.begin());
}

bool is_within(const Plan& plan, Index a, Index b) {
  const Relation relation = compare(plan, a, b).relation;
  return relation == Relation::equal || relation == Relation::ancestor;
}

/// One of each position that no other surely reaches beyond.
std::vector<Index> tops(const Plan& plan, const std::vector<Index>& all) {
  std::vector<Index> out;
  for (const Index one : all) {
    const auto covers = [&](Index other) {
      if (other == one || !is_within(plan, one, other)) return false;
      const bool equal = is_within(plan, other, one);
      return !equal || std::find(out.begin(), out.end(), other) != out.end();
    };
    if (std::none_of(all.begin(), all.end(), covers)) out.push_back(one);
  }
  return out;
}

/// Whether two of them surely hold what the other does not: then no look into a store helps.
bool surely_parted(const Plan& plan, const std::vector<Index>& some) {
  const auto apart = [&](Index a, Index b) {
    const Comparison lies = compare(plan, a, b);
    return lies.relation == Relation::diverged && member_at(plan, a).floor > lies.fork_sequence &&
           member_at(plan, b).floor > lies.fork_sequence;
  };
  return std::any_of(some.begin(), some.end(), [&](Index a) {
    return std::any_of(some.begin(), some.end(), [&](Index b) { return a != b && apart(a, b); });
  });
}

/// The answer when these are given up.
Decision decide_given_up(const Plan& plan, const std::vector<Index>& given_up) {
  std::vector<Announcement> members = plan.scenario.members;
  for (const Index i : given_up) {
    members[i].discard = true;
    members[i].state = StoreState::dirty;
    members[i].final = {};
  }
  return decide(members);
}

/// Beside a clean store that is gone on from. One shutdown leaves all its stores at one position:
/// of others that claim to be of it, one is an old copy.
bool must_be_given_up(const Plan& plan, Index other, Index kept) {
  if (!is_within(plan, other, kept)) return true;
  const bool one_shutdown = member_at(plan, other).state == StoreState::clean &&
                            member_at(plan, other).final == member_at(plan, kept).final;
  return one_shutdown && compare(plan, other, kept).relation != Relation::equal;
}

std::string kept_text(const Plan& plan, const std::vector<Index>& all, Index kept) {
  const std::string beyond = beyond_all(plan, all, kept);
  return fmt::format("go on from {}, at {}; given up: {}", name_at(plan, kept),
                     member_at(plan, kept).floor,
                     beyond.empty() ? "nothing of what is here" : beyond);
}

Choice keep_clean(const Survey& survey, const Plan& plan, const std::vector<Index>& all,
                  Index kept) {
  std::vector<Index> given_up;
  Choice out{kept_text(plan, all, kept), {}, true};
  for (const Index other : all) {
    if (other == kept || !must_be_given_up(plan, other, kept)) continue;
    given_up.push_back(other);
    out.commands.push_back(
        discard_command(survey, store_of(survey, plan, other), store_of(survey, plan, kept)));
  }
  const Decision then = decide_given_up(plan, given_up);
  std::string word(to_string(then.outcome));
  std::replace(word.begin(), word.end(), '_', ' ');
  out.text += fmt::format(". Then: {} ({})", word, to_string(then.rule));
  return out;
}

Choice mark_dirty(const Survey& survey, const Plan& plan, const std::vector<Index>& all,
                  Index kept) {
  const StoreIndex store = store_of(survey, plan, kept);
  Choice out{kept_text(plan, all, kept), {}, true};
  for (const Cluster& cluster : survey.clusters) {
    const bool its = std::any_of(cluster.ranked.begin(), cluster.ranked.end(),
                                 [&](const Ranked& ranked) { return ranked.store == store; });
    if (its) out.commands.push_back(mark_command(survey, cluster, store));
  }
  return out;
}

std::vector<Choice> which_store(const Survey& survey, const Plan& plan) {
  const std::vector<Index> all = holders(plan);
  std::vector<Choice> out;
  for (const Index kept : tops(plan, all)) {
    const bool clean = member_at(plan, kept).state == StoreState::clean;
    out.push_back(clean ? keep_clean(survey, plan, all, kept)
                        : mark_dirty(survey, plan, all, kept));
  }
  return out;
}

/// The stale clean store is behind what is ahead of it, and yet a choice.
std::vector<Choice> stale_or_ahead(const Survey& survey, const Plan& plan) {
  std::vector<Choice> out = which_store(survey, plan);
  const std::vector<Index> all = holders(plan);
  const std::vector<Index> top = tops(plan, all);
  for (const Index one : all) {
    if (member_at(plan, one).state != StoreState::clean) continue;
    if (std::find(top.begin(), top.end(), one) != top.end()) continue;
    out.push_back(keep_clean(survey, plan, all, one));
    break;  // the clean ones that count stand at one position
  }
  return out;
}

/// One of each position of a shutdown that no other shutdown came after.
std::vector<Choice> which_shutdown(const Survey& survey, const Plan& plan) {
  const std::vector<Index> all = holders(plan);
  std::vector<Index> kept;
  for (const Index one : all) {
    const auto is_passed = [&](Index other) {
      return member_at(plan, other).state == StoreState::clean &&
             member_at(plan, other).final != member_at(plan, one).final &&
             is_within(plan, one, other) && !is_within(plan, other, one);
    };
    const auto is_equal = [&](Index other) {
      return compare(plan, one, other).relation == Relation::equal;
    };
    if (member_at(plan, one).state != StoreState::clean) continue;
    if (std::any_of(all.begin(), all.end(), is_passed)) continue;
    if (std::none_of(kept.begin(), kept.end(), is_equal)) kept.push_back(one);
  }
  std::vector<Choice> out;
  out.reserve(kept.size());
  for (const Index one : kept) out.push_back(keep_clean(survey, plan, all, one));
  return out;
}

std::vector<Choice> which_mark(const Survey& survey, const Plan& plan) {
  std::vector<Index> marked;
  for (const Index i : holders(plan)) {
    if (member_at(plan, i).state == StoreState::clean && member_at(plan, i).marked)
      marked.push_back(i);
  }
  std::vector<Choice> out;
  for (const Index kept : marked) {
    Choice choice{fmt::format("keep the mark on {}, and take back {}; then plan again",
                              name_at(plan, kept), marked.size() == 2 ? "the other" : "the others"),
                  {},
                  true};
    for (const Index other : marked) {
      if (other == kept) continue;
      choice.commands.push_back(undo_command(survey.stores[store_of(survey, plan, other)]));
    }
    out.push_back(std::move(choice));
  }
  return out.size() > 1 ? out : which_shutdown(survey, plan);
}

/// Nothing joins two clusters: each starts by itself.
std::vector<Choice> which_cluster(const Survey& survey) {
  std::vector<Choice> out;
  for (const Cluster& cluster : survey.clusters) {
    std::vector<StoreIndex> stores;
    for (const Ranked& ranked : cluster.ranked) stores.push_back(ranked.store);
    stores.insert(stores.end(), cluster.not_ranked.begin(), cluster.not_ranked.end());
    std::vector<std::string> names;
    Argv argv{"storemark", "plan", "--wait-for", std::to_string(stores.size())};
    for (const StoreIndex i : stores) {
      names.push_back(survey.stores[i].name);
      argv.push_back(survey.stores[i].name);
    }
    out.push_back({fmt::format("cluster {}: start the {} of {} alone; plan for {}",
                               short_id(cluster.initial), names.size() == 1 ? "broker" : "brokers",
                               some_of(names), names.size() == 1 ? "it" : "them"),
                   {std::move(argv)}});
  }
  return out;
}

std::vector<Choice> all_choices(const Survey& survey, const Plan& plan) {
  switch (plan.decision.rule) {
    case Rule::r8:
      return which_cluster(survey);
    case Rule::r9:
      return which_mark(survey, plan);
    case Rule::r11:
      return stale_or_ahead(survey, plan);
    case Rule::r13:
      return surely_parted(plan, tops(plan, holders(plan))) ? which_store(survey, plan)
                                                            : std::vector<Choice>{};
    default:
      return {};
  }
}

}  // namespace

std::vector<Choice> choices(const Survey& survey, const Plan& plan) {
  if (!plan.in_use.empty()) return {};  // nothing is said of a store in use
  std::vector<Choice> out = all_choices(survey, plan);
  if (out.size() < 2 || out.size() > most_choices) return {};
  return out;
}

}  // namespace storemark::cli
