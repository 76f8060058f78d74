// SPDX-License-Identifier: Apache-2.0
// Several stores held against each other: by cluster, and by sequence within each. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/store.hpp"

namespace storemark::cli {

/// Stores are named by their index in Survey::stores.
using StoreIndex = std::size_t;

struct Ranked {
  StoreIndex store = 0;
  unsigned rank = 0;     ///< from 1; equals share one
  std::string unproven;  ///< why the rank may be another; empty: it is proven
};

struct Cluster {
  InitialUuid initial;                 ///< nil: no cluster agreed on it yet
  std::vector<Ranked> ranked;          ///< dirty and clean stores, the latest first
  std::vector<StoreIndex> not_ranked;  ///< empty, without an event, updating, given up: no source
};

struct Conflict {
  std::vector<StoreIndex> stores;
  std::string why;
};

struct Survey {
  std::vector<Store> stores;
  std::vector<Cluster> clusters;
  std::vector<StoreIndex> unreadable;  ///< missing, absent, damaged, ...: of no known cluster
  std::vector<Conflict> conflicts;
  ExitStatus status = ExitStatus::safe;
};

[[nodiscard]] Survey survey(std::vector<Store> stores);

[[nodiscard]] inline const Store& store_at(const Survey& survey, StoreIndex i) {
  return survey.stores[i];
}

/// Those that rank first; several where their numbers are the same.
[[nodiscard]] std::vector<StoreIndex> latest(const Cluster& cluster);

/// The name of a store in a survey, made printable.
[[nodiscard]] std::string name_of(const Survey& survey, StoreIndex store);

}  // namespace storemark::cli
