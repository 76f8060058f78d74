// SPDX-License-Identifier: Apache-2.0
// What somebody saw of a store, short enough to be typed: so that a word given on it can be refused
// where the store has moved since. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <storemark/error.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/store.hpp"

namespace storemark::cli {

/// Spelt SEQUENCE.GENERATION.DIGEST, for example 302.7.9f31c2aa; or SEQUENCE alone, which says
/// less.
struct Stamp {
  std::uint64_t sequence = 0;    ///< the floor
  std::uint64_t generation = 0;  ///< of the newest record
  /// Of the newest record's hash and of all that was concluded from it; nothing: SEQUENCE alone.
  std::optional<std::uint32_t> digest;

  bool operator==(const Stamp&) const = default;
};

[[nodiscard]] std::string to_string(const Stamp& stamp);
[[nodiscard]] std::optional<Stamp> parse_stamp(std::string_view text);

/// Of a store that can be read; several (they were read from one file) have one together, with the
/// highest numbers among them.
[[nodiscard]] Stamp stamp_of(const Store& store);
[[nodiscard]] Stamp stamp_of(const std::vector<const Store*>& stores);

/// "STORE@STAMP" as it was typed, in its two parts; there is no stamp where no "@" is followed by
/// one.
struct StampedName {
  std::string store;
  std::optional<Stamp> seen;
};
[[nodiscard]] StampedName parse_stamped(const std::string& text);

/// What differs between a stamp and what is there now, in words; empty where nothing does.
[[nodiscard]] std::string changed_text(const Stamp& seen, const Stamp& now);

/// changed_since, naming what changed, from what to what.
[[nodiscard]] Error changed_error(const std::string& where, const Stamp& seen, const Stamp& now);

}  // namespace storemark::cli
