// SPDX-License-Identifier: Apache-2.0
#include "journal/slot_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <system_error>

namespace storemark {
namespace {

using codec::SlotBytes;
using codec::SlotView;

SlotBytes block_of(std::span<std::byte> bytes, std::size_t index) {
  return bytes.subspan(index * layout::slot_bytes).first<layout::slot_bytes>();
}

std::uint64_t place_offset(std::size_t place) {
  return place < slot_count ? layout::slot_offset(place)
                            : layout::anchor_offset(place - slot_count);
}

codec::Decoded unreadable(std::string why) {
  codec::Decoded out;
  out.why = std::move(why);
  return out;
}

/// Where the blocks of a region go: two slots, then the anchor.
codec::Decoded& decoded_at(recovery::Evidence& evidence, std::size_t pair, std::size_t block) {
  return block < layout::slots_per_pair ? evidence.slots.at(pair * layout::slots_per_pair + block)
                                        : evidence.anchors.at(pair);
}

std::size_t place_of(std::size_t pair, std::size_t block) {
  return block < layout::slots_per_pair ? pair * layout::slots_per_pair + block
                                        : layout::anchor_place(pair);
}

}  // namespace

AlignedBytes::AlignedBytes(std::size_t size)
    : data_(static_cast<std::byte*>(std::aligned_alloc(layout::slot_bytes, size))), size_(size) {
  if (!data_) throw std::bad_alloc();
  std::memset(data_.get(), 0, size);
}

void AlignedBytes::Free::operator()(std::byte* data) const noexcept { std::free(data); }

SlotFile::SlotFile(std::unique_ptr<io::File> file)
    : staging_(layout::pair_bytes), read_back_(layout::pair_bytes), file_(std::move(file)) {}

io::IoResult<recovery::Evidence> SlotFile::read_all(AlignedBytes* raw) {
  const auto bytes = file_->size();
  if (!bytes) return tl::unexpected(bytes.error());
  recovery::Evidence evidence;
  evidence.file_bytes = *bytes;
  AlignedBytes region(layout::region_bytes);
  for (std::size_t pair = 0; pair < layout::pair_count; ++pair) {
    read_region(pair, *bytes, region.span(), evidence);
    if (raw == nullptr) continue;
    std::memcpy(raw->span().data() + pair * layout::pair_bytes, region.span().data(),
                layout::pair_bytes);
  }
  return evidence;
}

bool SlotFile::stand_still(AlignedBytes& raw) {
  for (std::size_t pair = 0; pair < layout::pair_count; ++pair) {
    const auto before = raw.span().subspan(pair * layout::pair_bytes, layout::pair_bytes);
    const bool read = file_->read(layout::pair_offset(pair), read_back_.span()).has_value();
    if (!read || std::memcmp(read_back_.span().data(), before.data(), before.size()) != 0) {
      return false;
    }
  }
  return true;
}

bool SlotFile::begins_as_ours(std::uint64_t at, codec::SlotBytes into) {
  // The read ends early; what was there stands in the buffer all the same.
  std::ranges::fill(into, std::byte{0});
  static_cast<void>(file_->read(at, into));
  return codec::has_magic(into);
}

void SlotFile::read_region(std::size_t pair, std::uint64_t file_bytes, std::span<std::byte> into,
                           recovery::Evidence& evidence) {
  const std::uint64_t from = layout::pair_offset(pair);
  const bool whole = from + layout::region_bytes <= file_bytes && file_->read(from, into);
  for (std::size_t block = 0; block * layout::slot_bytes < layout::region_bytes; ++block) {
    const SlotBytes bytes = block_of(into, block);
    codec::Decoded& out = decoded_at(evidence, pair, block);
    const std::uint64_t at = from + block * layout::slot_bytes;
    if (at + layout::slot_bytes > file_bytes) {
      out = unreadable("the file ends before it");
      if (at < file_bytes) out.has_magic = begins_as_ours(at, bytes);
      continue;
    }
    // One bad block fails the read of the region; then each is asked for alone.
    if (!whole) {
      if (const auto read = file_->read(at, bytes); !read) {
        out = unreadable(std::string("the device gave an error: ") +
                         std::generic_category().message(read.error().code));
        continue;
      }
    }
    out = codec::decode(bytes, place_of(pair, block));
  }
}

SlotView SlotFile::staged() noexcept { return block_of(staging_.span(), 0); }

void SlotFile::stage(SlotView encoded) noexcept {
  for (std::size_t i = 0; i < layout::slots_per_pair; ++i) {
    std::memcpy(block_of(staging_.span(), i).data(), encoded.data(), encoded.size());
  }
}

// Both copies in place: to copy the whole slot would take as long as all the rest of it.
BodyHash SlotFile::stage_next(const codec::SequencePatch& patch) noexcept {
  const SlotBytes first = block_of(staging_.span(), 0);
  const BodyHash hash = codec::patch_sequence(first, patch);
  codec::patch_copy(first, block_of(staging_.span(), 1));
  return hash;
}

codec::SlotView SlotFile::sealed(std::size_t place) {
  const SlotBytes block = block_of(staging_.span(), 0);
  codec::seal(block, place);
  return block;
}

io::IoResult<void> SlotFile::write_slot(std::size_t slot) {
  return file_->write_durable(layout::slot_offset(slot), sealed(slot));
}

io::IoResult<void> SlotFile::write_pair(std::size_t pair) {
  for (std::size_t i = 0; i < layout::slots_per_pair; ++i) {
    codec::seal(block_of(staging_.span(), i), pair * layout::slots_per_pair + i);
  }
  return file_->write_durable(layout::pair_offset(pair), staging_.span());
}

io::IoResult<void> SlotFile::write_place_cached(std::size_t place) {
  return file_->write(place_offset(place), sealed(place));
}

io::IoResult<void> SlotFile::sync() { return file_->sync(); }

bool SlotFile::slot_holds(std::size_t slot, const BodyHash& hash) {
  const SlotBytes bytes = block_of(read_back_.span(), 0);
  if (!file_->read(layout::slot_offset(slot), bytes)) return false;
  return codec::verifies(bytes, slot, hash);
}

std::array<bool, layout::slots_per_pair> SlotFile::pair_holds(std::size_t pair,
                                                              const BodyHash& hash) {
  std::array<bool, layout::slots_per_pair> holds{};
  const bool whole = file_->read(layout::pair_offset(pair), read_back_.span()).has_value();
  for (std::size_t i = 0; i < holds.size(); ++i) {
    const std::size_t slot = pair * layout::slots_per_pair + i;
    // One bad block fails the read of the pair; then each is asked for alone.
    holds.at(i) = whole ? codec::verifies(block_of(read_back_.span(), i), slot, hash)
                        : slot_holds(slot, hash);
  }
  return holds;
}

}  // namespace storemark
