// SPDX-License-Identifier: Apache-2.0
#include "cli/survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/position.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

bool has_record(const Store& store) { return is_readable(store) && store.seen->verdict.record; }

bool can_be_source(const Store& store) {
  const Verdict& verdict = store.seen->verdict;
  const bool holds_data = verdict.state == StoreState::dirty || verdict.state == StoreState::clean;
  return holds_data && !verdict.record->discard && !holds_no_event(store);
}

Cluster& cluster_of(std::vector<Cluster>& clusters, const InitialUuid& initial) {
  const auto found = std::find_if(clusters.begin(), clusters.end(),
                                  [&](const Cluster& c) { return c.initial == initial; });
  if (found != clusters.end()) return *found;
  clusters.push_back({initial, {}, {}});
  return clusters.back();
}

void group(Survey& survey) {
  for (StoreIndex i = 0; i < survey.stores.size(); ++i) {
    const Store& store = survey.stores[i];
    if (!has_record(store)) {
      survey.unreadable.push_back(i);
      continue;
    }
    Cluster& cluster = cluster_of(survey.clusters, store.seen->verdict.record->initial);
    if (can_be_source(store)) {
      cluster.ranked.push_back({i, 0, {}});
    } else {
      cluster.not_ranked.push_back(i);
    }
  }
}

/// Doubt between two stores is doubt about the rank of both; the first one found is told.
void find_doubts(const std::vector<Store>& stores, std::vector<Ranked>& ranked) {
  for (std::size_t first = 0; first < ranked.size(); ++first) {
    for (std::size_t second = first + 1; second < ranked.size(); ++second) {
      const std::string why = doubt(stores[ranked[first].store], stores[ranked[second].store]);
      if (ranked[first].unproven.empty()) ranked[first].unproven = why;
      if (ranked[second].unproven.empty()) ranked[second].unproven = why;
    }
  }
}

void rank(const std::vector<Store>& stores, Cluster& cluster) {
  std::sort(cluster.ranked.begin(), cluster.ranked.end(), [&](const Ranked& a, const Ranked& b) {
    return ranks_before(stores[a.store], stores[b.store]);
  });
  for (std::size_t i = 0; i < cluster.ranked.size(); ++i) {
    const bool shared =
        i > 0 && ranks_with(stores[cluster.ranked[i - 1].store], stores[cluster.ranked[i].store]);
    cluster.ranked[i].rank = shared ? cluster.ranked[i - 1].rank : static_cast<unsigned>(i + 1);
  }
  find_doubts(stores, cluster.ranked);
}

std::vector<StoreIndex> clean_stores(const Survey& survey, const Cluster& cluster) {
  std::vector<StoreIndex> out;
  for (const Ranked& ranked : cluster.ranked) {
    if (survey.stores[ranked.store].seen->verdict.state == StoreState::clean) {
      out.push_back(ranked.store);
    }
  }
  return out;
}

std::vector<std::string> names_of(const Survey& survey, const std::vector<StoreIndex>& stores) {
  std::vector<std::string> out;
  out.reserve(stores.size());
  for (const StoreIndex store : stores) out.push_back(name_of(survey, store));
  return out;
}

/// Two directories with one member id: one is a copy of the other, and only one may live.
void find_clones(Survey& survey) {
  std::map<MemberId, std::vector<StoreIndex>> by_member;
  for (StoreIndex i = 0; i < survey.stores.size(); ++i) {
    if (has_record(survey.stores[i])) {
      by_member[survey.stores[i].seen->verdict.record->member].push_back(i);
    }
  }
  for (const auto& [member, stores] : by_member) {
    if (stores.size() < 2) continue;
    survey.conflicts.push_back(
        {stores, fmt::format("cloned: {} are one member, {}: all but one are copies of a data "
                             "directory, and two members with one id are never started together",
                             listed(names_of(survey, stores)), short_id(member))});
  }
}

/// One cluster can go on from one mark only.
void find_two_marks(Survey& survey, const std::vector<StoreIndex>& clean) {
  std::vector<StoreIndex> marked;
  for (const StoreIndex store : clean) {
    if (survey.stores[store].seen->verdict.record->marked) marked.push_back(store);
  }
  if (marked.size() < 2) return;
  survey.conflicts.push_back(
      {marked,
       fmt::format("two marks: {} are each marked as the store to go on from; take all marks "
                   "but one back (storemark undo)",
                   listed(names_of(survey, marked)))});
}

/// All members of one shutdown stop at the same point.
void find_torn_shutdowns(Survey& survey, const std::vector<StoreIndex>& clean) {
  std::map<FinalUuid, std::vector<StoreIndex>> by_final;
  for (const StoreIndex store : clean) {
    by_final[survey.stores[store].seen->verdict.record->final].push_back(store);
  }
  for (const auto& [final, stores] : by_final) {
    const Store& first = survey.stores[stores.front()];
    const auto differs = [&](StoreIndex store) { return !ranks_with(survey.stores[store], first); };
    if (std::none_of(stores.begin(), stores.end(), differs)) continue;
    survey.conflicts.push_back(
        {stores,
         fmt::format("one shutdown, different sequences: {} all say that they were shut down "
                     "together ({}); an old copy may have been restored",
                     listed(names_of(survey, stores)), short_id(final))});
  }
}

}  // namespace

std::string name_of(const Survey& survey, StoreIndex store) {
  return printable(survey.stores[store].name);
}

std::vector<StoreIndex> latest(const Cluster& cluster) {
  std::vector<StoreIndex> out;
  for (const Ranked& ranked : cluster.ranked) {
    if (ranked.rank == 1) out.push_back(ranked.store);
  }
  return out;
}

Survey survey(std::vector<Store> stores) {
  Survey out;
  out.stores = std::move(stores);
  group(out);
  for (Cluster& cluster : out.clusters) rank(out.stores, cluster);
  find_clones(out);
  for (const Cluster& cluster : out.clusters) {
    const std::vector<StoreIndex> clean = clean_stores(out, cluster);
    find_two_marks(out, clean);
    find_torn_shutdowns(out, clean);
  }
  for (const Store& store : out.stores) out.status = graver(out.status, finding(store));
  if (!out.conflicts.empty()) out.status = graver(out.status, ExitStatus::conflict);
  return out;
}

}  // namespace storemark::cli
