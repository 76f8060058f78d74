// SPDX-License-Identifier: Apache-2.0
// Records out of the fuzzer's bytes.
#pragma once

#include <array>
#include <vector>

#include "byte_source.hpp"
#include "journal/codec.hpp"

namespace storemark::fuzz {

struct Made {
  Record record;                                      ///< as it was before the hostile bytes
  std::array<std::byte, layout::slot_bytes> bytes{};  ///< sealed for no place yet
  bool hostile_envelope = false;                      ///< its envelope's check is left wrong
};

/// The next record, made out of one of `earlier`; the first one out of nothing.
[[nodiscard]] Made make_record(ByteSource& in, const std::vector<Made>& earlier);

/// Sixteen equal bytes: few ids, so that they meet; 0 is nil.
[[nodiscard]] Uuid small_id(std::uint8_t value);

}  // namespace storemark::fuzz
