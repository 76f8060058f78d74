// SPDX-License-Identifier: Apache-2.0
// A journal's file as the fuzzers hold it: nine blocks, the gaps between them (zeros), a size.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "journal/codec.hpp"

namespace storemark::fuzz {

class Image {
 public:
  /// All zero, of the right size.
  Image();

  /// The file with its two gaps cut out, which is what the corpus holds: block i of the input is
  /// block i % 3 of region i / 3 (two slots, then the anchor). A shorter input is a file that ends
  /// there, a longer one a file that has grown. One of more than 128 KiB is the file itself, so
  /// that a real journal can be replayed as it is.
  static Image from_input(std::span<const std::uint8_t> input);
  /// The reverse: an input that gives this image.
  [[nodiscard]] std::vector<std::uint8_t> to_input() const;

  [[nodiscard]] codec::SlotBytes block(std::size_t place);
  [[nodiscard]] codec::SlotView block(std::size_t place) const;

  /// The device gives an error for this block.
  void break_block(std::size_t place) { broken_.at(place) = true; }
  [[nodiscard]] bool is_broken(std::size_t place) const { return broken_.at(place); }
  [[nodiscard]] bool has_broken_block() const;

  /// What lies past the end is zero from then on.
  void resize(std::uint64_t file_bytes);
  [[nodiscard]] std::uint64_t file_bytes() const { return file_bytes_; }

  /// The whole file, into a buffer that is new or held an image before: the gaps are not written
  /// again. Its size must be one that fits in memory.
  void write_file(std::vector<std::byte>& file) const;

 private:
  std::array<std::byte, layout::place_count * layout::slot_bytes> blocks_{};  // in file order
  std::array<bool, layout::place_count> broken_{};
  std::uint64_t file_bytes_ = layout::file_bytes;
};

/// Where a block stands in the file.
[[nodiscard]] std::uint64_t offset_of(std::size_t place);
/// The place whose block begins at this offset of the file, if one does.
[[nodiscard]] std::optional<std::size_t> place_at(std::uint64_t offset);

}  // namespace storemark::fuzz
