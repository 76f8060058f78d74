// SPDX-License-Identifier: Apache-2.0
// Six slots and three anchors on a file: reads them all, writes the staged record to a slot or a
// pair, reads back what was written.
#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "io/file.hpp"
#include "journal/codec.hpp"
#include "journal/recovery.hpp"

namespace storemark {

/// Page-aligned bytes, as O_DIRECT wants them.
class AlignedBytes {
 public:
  explicit AlignedBytes(std::size_t size);
  [[nodiscard]] std::span<std::byte> span() noexcept { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::byte* data) const noexcept;
  };
  std::unique_ptr<std::byte, Free> data_;
  std::size_t size_;
};

class SlotFile {
 public:
  explicit SlotFile(std::unique_ptr<io::File> file);
  SlotFile(const SlotFile&) = delete;
  SlotFile& operator=(const SlotFile&) = delete;

  /// Reads and decodes everything. A block that the device will not give is `unreadable`, which is
  /// no error. With `raw`, the bytes of slot i are left at i * 4096 there.
  [[nodiscard]] io::IoResult<recovery::Evidence> read_all(AlignedBytes* raw = nullptr);
  /// Whether all slots, read anew, are these bytes. A read error says no.
  [[nodiscard]] bool stand_still(AlignedBytes& raw);

  /// The record that the next writes put on the medium; its seal is set by the write.
  [[nodiscard]] codec::SlotView staged() noexcept;
  void stage(codec::SlotView encoded) noexcept;
  /// Makes what is staged the next record of it, and returns its body hash.
  BodyHash stage_next(const codec::SequencePatch& patch) noexcept;
  [[nodiscard]] io::IoResult<void> write_slot(std::size_t slot);
  [[nodiscard]] io::IoResult<void> write_pair(std::size_t pair);
  /// As write_slot, durable only after sync().
  [[nodiscard]] io::IoResult<void> write_place_cached(std::size_t place);
  [[nodiscard]] io::IoResult<void> sync();

  /// Whether the slot, read anew, holds the record of this hash. A read error says no.
  [[nodiscard]] bool slot_holds(std::size_t slot, const BodyHash& hash);

  /// Which slots of a pair, read anew in one read, hold it. May overlap a write to another pair,
  /// but not slot_holds().
  [[nodiscard]] std::array<bool, layout::slots_per_pair> pair_holds(std::size_t pair,
                                                                    const BodyHash& hash);

  [[nodiscard]] io::File& file() noexcept { return *file_; }

 private:
  /// Whether the part of a block that a truncated file still has begins as a record does.
  [[nodiscard]] bool begins_as_ours(std::uint64_t at, codec::SlotBytes into);
  void read_region(std::size_t pair, std::uint64_t file_bytes, std::span<std::byte> into,
                   recovery::Evidence& evidence);

  /// The staged record, sealed for this place; until the next call.
  [[nodiscard]] codec::SlotView sealed(std::size_t place);

  AlignedBytes staging_;    // a pair: both slots are the staged record, but for their seals
  AlignedBytes read_back_;  // a pair
  std::unique_ptr<io::File> file_;
};

}  // namespace storemark
