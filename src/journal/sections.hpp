// SPDX-License-Identifier: Apache-2.0
// The packed area of a slot: members, history, compared, reason, payload. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <storemark/record.hpp>
#include <string_view>

namespace storemark::codec {

/// How many entries or bytes each section has; they stand in fixed fields of the slot.
struct SectionCounts {
  std::size_t members = 0;
  std::size_t history = 0;
  std::size_t compared = 0;
  std::size_t reason = 0;
  std::size_t payload = 0;
};

/// Packs the sections of `record` into `area`, zeroing the rest; the bytes used, or nothing where
/// they do not fit.
[[nodiscard]] std::optional<std::size_t> pack_sections(const Record& record,
                                                       std::span<std::byte> area);

/// The reverse, for any bytes. Returns what is wrong, or an empty text. `check_rest` demands that
/// what follows the sections is zero.
[[nodiscard]] std::string_view unpack_sections(std::span<const std::byte> area,
                                               const SectionCounts& counts, bool check_rest,
                                               Record& record);

}  // namespace storemark::codec
