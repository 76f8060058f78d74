// SPDX-License-Identifier: Apache-2.0
// What changed at a store between two looks. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/json.hpp"
#include "cli/store.hpp"

namespace storemark::cli {

/// One line of a watch: a store as it stands, and what is new about it.
struct Sighting {
  std::string store;
  std::string state;
  std::string sequence;  ///< in words; "-" where nobody knows
  std::uint64_t floor = 0;
  std::uint64_t ceiling = 0;
  std::string view;  ///< the first digits of its id, and how many members; "-" for none
  std::uint64_t generation = 0;
  bool in_use = false;

  bool operator==(const Sighting&) const = default;
};

[[nodiscard]] Sighting sighting_of(const Store& store);

/// "dirty -> clean, 300 -> 310"; "first seen" where there was nothing before; empty where nothing
/// changed.
[[nodiscard]] std::string change_text(const Sighting* before, const Sighting& now);

/// "TIME STORE STATE SEQUENCE view VIEW, in use: CHANGE", printable.
[[nodiscard]] std::string sighting_line(const Sighting& now, const std::string& change,
                                        const std::string& time);
/// The same for programs: the schema storemark.watch/1.
[[nodiscard]] Json sighting_json(const Sighting& now, const std::string& change,
                                 const std::string& time);

}  // namespace storemark::cli
