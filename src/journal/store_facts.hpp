// SPDX-License-Identifier: Apache-2.0
// What the caller knows of its store, held against what the journal says. Pure.
#pragma once

#include <storemark/examine.hpp>

namespace storemark::recovery {

/// How many copies clean needs, and how many where the store's tag matches.
inline constexpr unsigned copies_for_clean = 4;
inline constexpr unsigned copies_for_clean_with_tag = 2;

/// Whether the tag supports clean, contradicts it, or says nothing.
enum class TagSays : std::uint8_t { nothing, same, different };
[[nodiscard]] TagSays compare_tag(const StoreFacts& facts, const Record& record);

/// Turns the verdict on the journal alone into the one on the journal and its store: lost, hollow,
/// empty, the exact sequence, or a clean that the store contradicts. Returns true where the verdict
/// has become something that the newest record does not say and that must be written.
[[nodiscard]] bool apply_facts(const StoreFacts& facts, Verdict& verdict);

}  // namespace storemark::recovery
