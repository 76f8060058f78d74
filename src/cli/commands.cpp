// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/stamp.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

bool is_here(const Store& store) { return store.host.empty() && store.file.empty(); }

/// How a store is named in a command that runs where `at` is.
std::string spelt_for(const Store& store, const Store& at) {
  if (is_here(store) && is_here(at)) return store.name;
  const bool one_host = store.host == at.host && store.file.empty() && at.file.empty();
  return one_host ? store.directory : store.address;
}

/// What was seen of a store, or of all that were read from the same saved file.
Stamp seen_of(const Survey& survey, const Store& store) {
  if (store.file.empty()) return stamp_of(store);
  std::vector<const Store*> stores;
  for (const Store& other : survey.stores) {
    if (other.file == store.file) stores.push_back(&other);
  }
  return stamp_of(stores);
}

/// Everything but the chosen store that a mark is to be compared with, each with what was seen of
/// it. Stores that were read from one saved file are named once, by it.
Argv compared_with(const Survey& survey, const Cluster& cluster, StoreIndex chosen) {
  Argv out;
  for (const Ranked& ranked : cluster.ranked) {
    if (ranked.store == chosen) continue;
    const Store& store = store_at(survey, ranked.store);
    std::string name = fmt::format("{}@{}", spelt_for(store, store_at(survey, chosen)),
                                   to_string(seen_of(survey, store)));
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
  }
  return out;
}

}  // namespace

std::uint64_t seen_sequence(const Verdict& verdict) noexcept { return verdict.floor; }

Argv command_on(const Store& store, Argv argv) {
  if (store.host.empty()) return argv;
  return {"ssh", store.host, command_line(argv)};
}

Argv mark_command(const Survey& survey, const Cluster& cluster, StoreIndex chosen) {
  const Store& store = store_at(survey, chosen);
  const Verdict& verdict = store.seen->verdict;
  const Argv others = compared_with(survey, cluster, chosen);
  Argv argv{"storemark",
            "mark-clean",
            local_name(store),
            "--if-sequence",
            std::to_string(seen_sequence(verdict)),
            "--reason",
            others.empty() ? "the only store of its cluster"
                           : fmt::format("latest of {} stores", cluster.ranked.size()),
            "--as-seen",
            to_string(stamp_of(store))};
  if (verdict.certainty == Certainty::at_least) argv.emplace_back("--accept-at-least");
  if (!others.empty()) argv.emplace_back("--compared");
  argv.insert(argv.end(), others.begin(), others.end());
  return command_on(store, std::move(argv));
}

Argv discard_command(const Survey& survey, StoreIndex given_up, StoreIndex kept) {
  const Store& store = store_at(survey, given_up);
  return command_on(store, {"storemark", "discard", local_name(store), "--if-sequence",
                            std::to_string(seen_sequence(store.seen->verdict)), "--reason",
                            fmt::format("given up for {}", store_at(survey, kept).name)});
}

Argv undo_command(const Store& store) {
  return command_on(store, {"storemark", "undo", local_name(store)});
}

}  // namespace storemark::cli
