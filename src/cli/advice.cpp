// SPDX-License-Identifier: Apache-2.0
#include "cli/advice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/announce.hpp"
#include "cli/commands.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

const Verdict& verdict_at(const Survey& survey, StoreIndex i) {
  return store_at(survey, i).seen->verdict;
}

std::string names_of(const Survey& survey, const std::vector<StoreIndex>& stores) {
  std::vector<std::string> names;
  names.reserve(stores.size());
  for (const StoreIndex i : stores) names.push_back(name_of(survey, i));
  return listed(names);
}

Advice say_latest(const Survey& survey, const Cluster& cluster) {
  const Ranked& first = cluster.ranked.front();
  std::string text = fmt::format(
      "{}: {} ({})", first.unproven.empty() ? "latest" : "latest by number, not proven",
      names_of(survey, latest(cluster)), sequence_text(verdict_at(survey, first.store)));
  if (cluster.ranked.size() == 1) text += ", the only one of its cluster that was examined";
  return {std::move(text), {}, "latest"};
}

std::string how_to_choose(const Store& first) {
  return fmt::format(
      "both, choose, and mark the one to go on with; what the other holds after that is given up "
      "(its store is kept aside). For {}:",
      printable(first.name));
}

/// Where the first store and another one went apart: then no opening of a store helps.
std::string parted_text(const Survey& survey, const Cluster& cluster) {
  const Store& first = store_at(survey, cluster.ranked.front().store);
  for (const Ranked& ranked : cluster.ranked) {
    const Store& other = store_at(survey, ranked.store);
    const Comparison lies = storemark::compare(*announcement_of(other), *announcement_of(first));
    const auto went_on = [&](const Store& store) {
      return store.seen->verdict.floor > lies.fork_sequence;
    };
    if (lies.relation != Relation::diverged || !went_on(first) || !went_on(other)) continue;
    if (lies.fork_view.is_nil()) {
      return fmt::format("{} and {} have not one view in common: neither holds all. Look into ",
                         printable(first.name), printable(other.name)) +
             how_to_choose(first);
    }
    return fmt::format(
               "{} and {} are the same until {} of view {}, and then apart: neither holds all. "
               "Look into ",
               printable(first.name), printable(other.name), lies.fork_sequence,
               short_id(lies.fork_view)) +
           how_to_choose(first);
  }
  return {};
}

std::string mark_text(const Survey& survey, const Cluster& cluster) {
  const Ranked& first = cluster.ranked.front();
  if (cluster.ranked.size() == 1) {
    return "Examine it together with the cluster's other stores; if there are none, "
           "mark it and start its broker:";
  }
  if (std::string parted = parted_text(survey, cluster); !parted.empty()) return parted;
  if (!first.unproven.empty()) {
    return "Let each broker open its store once, which tells its journal what it "
           "really holds, and examine again; or look into the stores, and mark the one to go on "
           "with:";
  }
  const std::string choice = latest(cluster).size() > 1 ? " (any of the latest will do)" : "";
  const bool unsure = verdict_at(survey, first.store).certainty != Certainty::exact;
  return fmt::format(
      "To go on from {}{}, mark it{} and start the brokers:", name_of(survey, first.store), choice,
      unsure ? ", though how much it holds is not exactly known," : "");
}

bool any_in_use(const Survey& survey, const Cluster& cluster) {
  const auto in_use = [&](StoreIndex i) { return store_at(survey, i).seen->in_use; };
  return std::any_of(cluster.ranked.begin(), cluster.ranked.end(),
                     [&](const Ranked& r) { return in_use(r.store); }) ||
         std::any_of(cluster.not_ranked.begin(), cluster.not_ranked.end(), in_use);
}

/// The clean stores that rank first; those behind a dirty one do not help.
Advice say_clean(const Survey& survey, const Cluster& cluster,
                 const std::vector<StoreIndex>& clean) {
  if (!cluster.ranked.front().unproven.empty()) {
    return {fmt::format("{} clean, but it is not proven that nothing is ahead: look at the other "
                        "stores before you start the brokers",
                        names_of(survey, clean) + (clean.size() == 1 ? " is" : " are")),
            {}};
  }
  if (cluster.ranked.size() == 1) {
    return {fmt::format("start its broker: {} is clean", names_of(survey, clean)), {}};
  }
  if (clean.size() == cluster.ranked.size()) return {"start the brokers: all are clean", {}};
  return {fmt::format("start the brokers: {} clean, the others take an update",
                      names_of(survey, clean) + (clean.size() == 1 ? " is" : " are")),
          {}};
}

std::string where_to_type(const Survey& survey, const Cluster& cluster) {
  return store_at(survey, cluster.ranked.front().store).file.empty() ? "" : "On its own host: ";
}

bool has_conflict(const Survey& survey, const Cluster& cluster) {
  const auto in_cluster = [&](const Conflict& conflict) {
    return std::any_of(conflict.stores.begin(), conflict.stores.end(), [&](StoreIndex i) {
      return std::any_of(cluster.ranked.begin(), cluster.ranked.end(),
                         [i](const Ranked& ranked) { return ranked.store == i; });
    });
  };
  return std::any_of(survey.conflicts.begin(), survey.conflicts.end(), in_cluster);
}

/// The clean stores that rank first, and whether another one is behind.
struct CleanStores {
  std::vector<StoreIndex> first;
  bool behind = false;
};

CleanStores find_clean(const Survey& survey, const Cluster& cluster) {
  CleanStores out;
  for (const Ranked& ranked : cluster.ranked) {
    if (verdict_at(survey, ranked.store).state != StoreState::clean) continue;
    if (ranked.rank == 1) {
      out.first.push_back(ranked.store);
    } else {
      out.behind = true;
    }
  }
  return out;
}

std::vector<Advice> advise_ranked(const Survey& survey, const Cluster& cluster) {
  std::vector<Advice> out{say_latest(survey, cluster)};
  if (has_conflict(survey, cluster)) {
    out.push_back({"they contradict each other, see below: settle that, and examine again", {}});
    return out;
  }
  if (any_in_use(survey, cluster)) {
    out.push_back(
        {"in use: its brokers, or some of them, are running; there is nothing to type", {}});
    return out;
  }
  const CleanStores clean = find_clean(survey, cluster);
  if (!clean.first.empty()) {
    out.push_back(say_clean(survey, cluster, clean.first));
    return out;
  }
  if (!survey.unreadable.empty()) {
    out.push_back({fmt::format("not compared, since they cannot be read: {}",
                               names_of(survey, survey.unreadable)),
                   {}});
  }
  out.push_back({(clean.behind ? "the clean one does not rank first. " : "none is clean. ") +
                     where_to_type(survey, cluster) + mark_text(survey, cluster),
                 mark_command(survey, cluster, cluster.ranked.front().store), "mark-clean"});
  return out;
}

std::string known_initial(const Survey& survey) {
  std::vector<InitialUuid> known;
  for (const Cluster& cluster : survey.clusters) {
    if (!cluster.initial.is_nil()) known.push_back(cluster.initial);
  }
  return known.size() == 1 ? to_string(known.front()) : "UUID";
}

Advice say_adopt(const Survey& survey, const Store& store, std::string text) {
  return {std::move(text),
          command_on(store, {"storemark", "adopt", local_name(store), "--initial",
                             known_initial(survey), "--sequence", "N", "--reason", "TEXT"}),
          "adopt"};
}

Advice say_verify(const Store& store, std::string text, bool repair) {
  Argv argv{"storemark", "verify", local_name(store)};
  if (repair) argv.emplace_back("--repair");
  return {std::move(text), command_on(store, std::move(argv)), "verify"};
}

std::vector<Advice> advise_diagnosis(const Survey& survey, StoreIndex i, Diagnosis diagnosis) {
  const Store& store = store_at(survey, i);
  const std::string name = name_of(survey, i);
  switch (diagnosis) {
    case Diagnosis::absent:
    case Diagnosis::lost:
      return {say_adopt(survey, store,
                        fmt::format("{}: if its store holds N events, make it a journal; if it "
                                    "holds nothing, start its broker:",
                                    name))};
    case Diagnosis::hollow:
      return {{fmt::format("{}: its journal has counted events that the store does not hold: find "
                           "the store that belongs to it",
                           name),
               {}}};
    case Diagnosis::damaged:
      if (verdict_at(survey, i).record) {
        return {say_verify(store, fmt::format("{}: see what can be saved:", name), false)};
      }
      return {
          say_adopt(survey, store,
                    fmt::format("{}: no slot can be read. Restore its data directory, or, if "
                                "you know that its store holds N events, give it a new journal:",
                                name))};
    case Diagnosis::future:
      return {{fmt::format("{}: use the storemark that wrote it, or a newer one", name), {}}};
    case Diagnosis::foreign:
      return {
          {fmt::format("{}: find out whose file this is, and where the journal went", name), {}}};
    case Diagnosis::none:
      break;
  }
  return {};
}

}  // namespace

std::vector<Advice> advise(const Survey& survey, const Cluster& cluster) {
  if (!cluster.ranked.empty()) return advise_ranked(survey, cluster);
  const bool all_empty =
      std::all_of(cluster.not_ranked.begin(), cluster.not_ranked.end(), [&](StoreIndex i) {
        return verdict_at(survey, i).state == StoreState::empty ||
               holds_no_event(store_at(survey, i));
      });
  if (all_empty) return {{"all are empty: start the brokers", {}}};
  return {{"none of these can be a source: find the cluster's other stores", {}}};
}

std::vector<Advice> advise(const Survey& survey, StoreIndex i) {
  const Store& store = store_at(survey, i);
  if (!store.seen) {
    return {{fmt::format("{}: {}", name_of(survey, i), printable(store.seen.error().todo)), {}}};
  }
  const Examination& seen = *store.seen;
  if (seen.verdict.diagnosis != Diagnosis::none) {
    return advise_diagnosis(survey, i, seen.verdict.diagnosis);
  }
  if (seen.busy || seen.in_use || bad_slots(seen).empty()) return {};
  return {say_verify(
      store,
      fmt::format("{}: a power cut or a failing medium left {} unreadable; the next start heals "
                  "it, and so does:",
                  name_of(survey, i), counted(bad_slots(seen).size(), "slot")),
      true)};
}

}  // namespace storemark::cli
