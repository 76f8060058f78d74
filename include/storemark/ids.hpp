// SPDX-License-Identifier: Apache-2.0
// The 128-bit identifiers of the record, each a type of its own so that a swapped argument does not
// compile.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <storemark/error.hpp>
#include <string>
#include <string_view>

namespace storemark {

/// Sixteen bytes, in the order in which the textual form of a UUID names them. All zero means
/// "none". A plain value: copy it, compare it, share it between threads like an integer.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  [[nodiscard]] bool is_nil() const noexcept { return *this == Uuid{}; }
  auto operator<=>(const Uuid&) const = default;
};

/// A fresh random (version 4) UUID from the kernel's generator. Thread-safe.
[[nodiscard]] Uuid new_uuid();

/// Reads the canonical spelling, 8-4-4-4-12 hexadecimal digits in either case, and nothing else.
/// Errors: invalid_argument, for any other spelling.
[[nodiscard]] Result<Uuid> parse_uuid(std::string_view text);

/// The canonical spelling, in lower case: 36 characters.
[[nodiscard]] std::string to_string(const Uuid& uuid);

/// A Uuid that means one thing only.
template <class Meaning>
struct Id : Uuid {
  Id() = default;
  explicit constexpr Id(const Uuid& uuid) noexcept : Uuid(uuid) {}
  auto operator<=>(const Id&) const = default;
};

/// Which cluster a store belongs to; agreed at the first run, the same for ever after.
using InitialUuid = Id<struct InitialMeaning>;
/// Which administrative shutdown a clean store came from.
using FinalUuid = Id<struct FinalMeaning>;
/// Which journal file a record was written for; random, chosen at creation.
using JournalId = Id<struct JournalMeaning>;
/// Which member the store belongs to; random, chosen at creation.
using MemberId = Id<struct MemberMeaning>;
/// One read-write open of a journal.
using Incarnation = Id<struct IncarnationMeaning>;
/// One membership of the cluster.
using ViewId = Id<struct ViewMeaning>;

}  // namespace storemark
