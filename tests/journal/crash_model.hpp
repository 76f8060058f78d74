// SPDX-License-Identifier: Apache-2.0
// The writer's rules once more, over slots that hold nothing but a number: every state in which a
// run without any fault of the medium can be stopped, also during a heal and again during that.
// From it legal_images_test.cpp derives what src/journal/legal_images.cpp claims.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <set>
#include <vector>

#include "journal/legal_images.hpp"

namespace storemark::test::crash {

inline constexpr int torn = -100;

/// Which record stands in each slot, by generation relative to the newest one (0, -1, ...).
using Slots = std::array<int, slot_count>;

struct State {
  Slots slots{};
  bool clean = false;    ///< the newest record says clean
  int acknowledged = 0;  ///< the newest record that a caller knows of, relative to the newest

  auto operator<=>(const State&) const = default;
};

struct Runs {
  std::set<State> stopped;   ///< wherever a run can be stopped
  std::set<Slots> begun;     ///< where it has begun to write a record that stands nowhere yet, told
                             ///< relative to that record
  std::set<Slots> finished;  ///< between two calls of an open journal
};

/// What else may happen besides crashes.
struct Scope {
  /// A store that contradicts a clean of four copies and more: it was changed behind the journal.
  bool store_denies_clean = true;
};

[[nodiscard]] Runs all_runs(const Scope& scope);

/// Spoilt slots first, then the oldest, the newest last; by number between equals.
[[nodiscard]] std::vector<std::size_t> heal_order(const Slots& slots);

/// As recovery tells it: ages along the chain of parents.
[[nodiscard]] legal::Image image_of(const Slots& slots);

}  // namespace storemark::test::crash
