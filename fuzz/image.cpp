// SPDX-License-Identifier: Apache-2.0
#include "image.hpp"

#include <algorithm>
#include <cstring>

namespace storemark::fuzz {
namespace {

constexpr std::size_t blocks_per_region = layout::region_bytes / layout::slot_bytes;

/// The order of the blocks in the file.
std::size_t block_of_place(std::size_t place) {
  if (place >= slot_count) return (place - slot_count) * blocks_per_region + layout::slots_per_pair;
  return place / layout::slots_per_pair * blocks_per_region + place % layout::slots_per_pair;
}

/// Where the file's byte that stands at `at` among the blocks lies in the file.
std::uint64_t spread(std::uint64_t at) {
  constexpr std::uint64_t last = layout::pair_count - 1;
  const std::uint64_t region = std::min<std::uint64_t>(at / layout::region_bytes, last);
  return region * layout::pair_stride + (at - region * layout::region_bytes);
}

}  // namespace

std::uint64_t offset_of(std::size_t place) {
  return place < slot_count ? layout::slot_offset(place)
                            : layout::anchor_offset(place - slot_count);
}

std::optional<std::size_t> place_at(std::uint64_t offset) {
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    if (offset_of(place) == offset) return place;
  }
  return std::nullopt;
}

Image::Image() = default;

codec::SlotBytes Image::block(std::size_t place) {
  return std::span(blocks_)
      .subspan(block_of_place(place) * layout::slot_bytes)
      .first<layout::slot_bytes>();
}

codec::SlotView Image::block(std::size_t place) const {
  return std::span(blocks_)
      .subspan(block_of_place(place) * layout::slot_bytes)
      .first<layout::slot_bytes>();
}

bool Image::has_broken_block() const { return std::ranges::find(broken_, true) != broken_.end(); }

void Image::resize(std::uint64_t file_bytes) {
  file_bytes_ = file_bytes;
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    const std::uint64_t at = offset_of(place);
    const std::uint64_t left = file_bytes > at ? file_bytes - at : 0;
    if (left >= layout::slot_bytes) continue;
    std::memset(block(place).data() + left, 0, layout::slot_bytes - left);
  }
}

Image Image::from_input(std::span<const std::uint8_t> input) {
  Image out;
  if (input.size() > layout::pair_stride) {
    for (std::size_t place = 0; place < layout::place_count; ++place) {
      const auto at = static_cast<std::size_t>(offset_of(place));
      if (at >= input.size()) continue;
      const auto there = input.subspan(at).first(std::min(input.size() - at, layout::slot_bytes));
      std::memcpy(out.block(place).data(), there.data(), there.size());
    }
    out.file_bytes_ = input.size();
    return out;
  }
  const std::size_t known = std::min(input.size(), out.blocks_.size());
  if (known > 0) std::memcpy(out.blocks_.data(), input.data(), known);
  // The end of a region is not yet the start of the next one.
  out.file_bytes_ = input.empty() ? 0 : spread(input.size() - 1) + 1;
  return out;
}

std::vector<std::uint8_t> Image::to_input() const {
  std::vector<std::uint8_t> out(blocks_.size());
  std::memcpy(out.data(), blocks_.data(), blocks_.size());
  for (std::size_t size = 0; size <= out.size(); ++size) {
    if (size > 0 && spread(size - 1) + 1 < file_bytes_) continue;
    if (size == 0 && file_bytes_ > 0) continue;
    out.resize(size);
    return out;
  }
  out.resize(out.size() + static_cast<std::size_t>(file_bytes_ - layout::file_bytes));
  return out;
}

void Image::write_file(std::vector<std::byte>& file) const {
  file.resize(static_cast<std::size_t>(file_bytes_));
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    const auto at = static_cast<std::size_t>(offset_of(place));
    if (at >= file.size()) continue;
    std::memcpy(file.data() + at, block(place).data(),
                std::min(file.size() - at, layout::slot_bytes));
  }
}

}  // namespace storemark::fuzz
