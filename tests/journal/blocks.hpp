// SPDX-License-Identifier: Apache-2.0
// A journal's file in memory, and its short form: the nine blocks that are not always zero, slots 0
// to 5 first, then anchors 0 to 2.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <storemark/record.hpp>
#include <vector>

#include "journal/codec.hpp"
#include "journal/recovery.hpp"

namespace storemark::test {

using Bytes = std::vector<std::byte>;

inline constexpr std::size_t short_form_bytes = layout::place_count * layout::slot_bytes;

/// Where a place stands in the file.
[[nodiscard]] std::size_t offset_of(std::size_t place);

/// A whole file, all zero.
[[nodiscard]] Bytes zero_file();
[[nodiscard]] codec::SlotBytes block_of(Bytes& file, std::size_t place);
[[nodiscard]] codec::SlotView block_of(const Bytes& file, std::size_t place);

/// From the short form to the file and back.
[[nodiscard]] Bytes expand(std::span<const std::byte> blocks);
[[nodiscard]] Bytes shorten(const Bytes& file);

[[nodiscard]] Bytes read_bytes(const std::filesystem::path& path);
void write_bytes(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// The record, encoded and sealed for `place`; returns its body hash. The record must be one that
/// can be written.
BodyHash put_record(Bytes& file, std::size_t place, const Record& record);
/// After a field was changed by hand: all checks right again, for `place`.
void fix_checks(codec::SlotBytes block, std::size_t place);

/// What the library would read of this file.
[[nodiscard]] recovery::Evidence evidence_of(const Bytes& file);

}  // namespace storemark::test
