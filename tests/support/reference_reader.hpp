// SPDX-License-Identifier: Apache-2.0
// The reading rule once more, slow and plain, written from FORMAT.md and not from the library.
// Tests and the fuzz target hold the library against it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <storemark/examine.hpp>

namespace storemark::reference {

struct Answer {
  Diagnosis diagnosis = Diagnosis::none;
  /// Meaningless unless diagnosis is none, as in Verdict.
  StoreState state = StoreState::none;
  std::uint64_t floor = 0;
  std::uint64_t ceiling = 0;
  bool has_record = false;
  std::uint64_t generation = 0;  ///< of the newest record; 0 where there is none

  bool operator==(const Answer&) const = default;
};

/// What the whole content of a journal file says to a caller who knows `facts`. Total: any bytes.
[[nodiscard]] Answer read(std::span<const std::byte> file, const StoreFacts& facts);

}  // namespace storemark::reference
