// SPDX-License-Identifier: Apache-2.0
// The grammar of fuzz_slots: a handful of records, each made out of an earlier one, put into the
// nine places and damaged there.
//
//   scenario  healing file records facts places
//   healing   after how many writes, and how far into the next, it is stopped
//   file      its size: right, or one of a few wrong ones
//   records   count, then for each: which earlier one it comes from, generation and parent
//             relative to it, which fields are new and their values, hostile bytes to be written
//             over the encoded record before its checksums are set right
//   facts     content, tag (of the last record, or wrong, or none), sequence or none
//   places    for each: which record, sealed for which place, which damage
//
// Every choice is a byte or a few (ByteSource), so that any input is a scenario.
#pragma once

#include <span>

#include "image.hpp"

namespace storemark::fuzz {

struct Scenario {
  Image image;
  StoreFacts facts;
  unsigned healing_writes = 0;
  std::size_t healing_torn_at = 0;
};

[[nodiscard]] Scenario scenario_from(std::span<const std::uint8_t> input);

}  // namespace storemark::fuzz
