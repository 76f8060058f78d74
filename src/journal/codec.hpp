// SPDX-License-Identifier: Apache-2.0
// Between a record and the bytes of a slot. Pure: no I/O, no clock, no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <storemark/examine.hpp>
#include <storemark/record.hpp>
#include <storemark/version.hpp>
#include <string>

#include "journal/layout.hpp"

namespace storemark::codec {

using SlotView = std::span<const std::byte, layout::slot_bytes>;
using SlotBytes = std::span<std::byte, layout::slot_bytes>;

/// What one block is, looked at alone. `health` is `current` for every valid record; which is the
/// newest is for recovery to say.
struct Decoded {
  SlotHealth health = SlotHealth::unreadable;
  std::string why;
  std::optional<Record> record;  ///< of a valid or misplaced one
  BodyHash hash;                 ///< likewise
  JournalId journal;             ///< whose file it says it is; nil unless the envelope verifies
  bool has_magic = false;        ///< begins as a record of ours does
  bool write_forbidden = false;  ///< an unknown read-only-compatible feature
};

/// Writes the record and its body hash; the seal is left to seal(). Errors: record_full,
/// invalid_argument (a bound of record.hpp is broken).
[[nodiscard]] Result<void> encode(const Record& record, SlotBytes out);

/// As encode(), but folds the oldest history away, into record.history_digest, until it fits.
[[nodiscard]] Result<void> encode_folding(Record& record, SlotBytes out);

/// What changes from one sequence write to the next.
struct SequencePatch {
  std::uint64_t generation = 0;
  BodyHash parent;
  Incarnation incarnation;
  std::uint64_t floor = 0;
  std::uint64_t ceiling = 0;
  std::int64_t wall_clock = 0;
};
/// Makes an encoded slot the next record without encoding it anew, and returns its body hash. Does
/// not allocate.
BodyHash patch_sequence(SlotBytes slot, const SequencePatch& patch);
/// Brings a copy of the slot, made before patch_sequence(), up to date. Touches only what a patch
/// changes: a tenth of the slot.
void patch_copy(SlotView patched, SlotBytes copy);

/// Binds an encoded slot to the place where it will stand.
void seal(SlotBytes slot, std::size_t place);

/// Decodes whatever stands at `place`. Any bytes are safe.
[[nodiscard]] Decoded decode(SlotView slot, std::size_t place);

/// Whether the block begins as a record of any version does.
[[nodiscard]] bool has_magic(SlotView slot);

/// Whether the block at `place` is a whole record of this hash. Does not allocate.
[[nodiscard]] bool verifies(SlotView slot, std::size_t place, const BodyHash& hash);

/// The hash in an encoded slot's trailer.
[[nodiscard]] BodyHash body_hash(SlotView slot);

/// The digest of `previous` and one more folded view.
[[nodiscard]] BodyHash fold_history(const BodyHash& previous, const HistoryEntry& entry);

}  // namespace storemark::codec
