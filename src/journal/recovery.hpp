// SPDX-License-Identifier: Apache-2.0
// The reading rule: from six slots to one verdict. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <storemark/examine.hpp>

#include "journal/codec.hpp"
#include "journal/legal_images.hpp"

namespace storemark::recovery {

/// What was read from the file.
struct Evidence {
  std::array<codec::Decoded, slot_count> slots;
  std::array<codec::Decoded, layout::anchor_count> anchors;
  std::uint64_t file_bytes = 0;
};

/// What a read-write open owes the medium before it may answer.
enum class Healing : std::uint8_t {
  none,        ///< six copies of one record: at least five of them were flushed
  flush,       ///< settled, but the newest pair may never have been flushed
  copies,      ///< a crash or damage: the newest record goes to every slot that lacks it
  new_record,  ///< the verdict is not the newest record: it becomes one
};

struct Reading {
  Verdict verdict;
  std::array<SlotReport, slot_count> slots;
  std::array<SlotReport, anchor_count> anchors;
  legal::Image image{};
  std::array<bool, slot_count>
      speaks_against{};  ///< what it holds vetoes or raises the newest record
  Healing healing = Healing::none;
  bool facts_are_new = false;    ///< the store knows its sequence better: that is recorded next
  JournalId journal;             ///< whose file it is
  BodyHash hash;                 ///< of the newest record
  std::uint64_t generation = 0;  ///< the highest seen, misplaced ones included
  bool as_made = false;  ///< not written since the file was made: its name may not be durable
  bool write_forbidden = false;  ///< an unknown read-only-compatible feature
};

/// Reads the evidence in the light of what the caller knows of its store. Total: any evidence, any
/// facts.
[[nodiscard]] Reading read(const Evidence& evidence, const StoreFacts& facts);

}  // namespace storemark::recovery
