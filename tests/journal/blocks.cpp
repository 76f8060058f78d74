// SPDX-License-Identifier: Apache-2.0
#include "journal/blocks.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "journal/bytes.hpp"

namespace storemark::test {

std::size_t offset_of(std::size_t place) {
  return static_cast<std::size_t>(place < slot_count ? layout::slot_offset(place)
                                                     : layout::anchor_offset(place - slot_count));
}

Bytes zero_file() { return Bytes(layout::file_bytes); }

codec::SlotBytes block_of(Bytes& file, std::size_t place) {
  return std::span(file).subspan(offset_of(place)).first<layout::slot_bytes>();
}

codec::SlotView block_of(const Bytes& file, std::size_t place) {
  return std::span(file).subspan(offset_of(place)).first<layout::slot_bytes>();
}

Bytes expand(std::span<const std::byte> blocks) {
  if (blocks.size() != short_form_bytes) throw std::invalid_argument("not nine blocks");
  Bytes file = zero_file();
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    std::ranges::copy(blocks.subspan(place * layout::slot_bytes, layout::slot_bytes),
                      block_of(file, place).begin());
  }
  return file;
}

Bytes shorten(const Bytes& file) {
  Bytes blocks;
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    std::ranges::copy(block_of(file, place), std::back_inserter(blocks));
  }
  return blocks;
}

Bytes read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  const std::vector<char> chars{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = std::as_bytes(std::span(chars));
  return {bytes.begin(), bytes.end()};
}

void write_bytes(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

BodyHash put_record(Bytes& file, std::size_t place, const Record& record) {
  const codec::SlotBytes block = block_of(file, place);
  if (const auto done = codec::encode(record, block); !done) {
    throw std::invalid_argument(to_string(done.error()));
  }
  codec::seal(block, place);
  return codec::body_hash(block);
}

void fix_checks(codec::SlotBytes block, std::size_t place) {
  codec::put(block.data() + layout::envelope_check.offset,
             static_cast<std::uint64_t>(XXH3_64bits(block.data(), layout::envelope_check.offset)));
  codec::put_bytes(block.data() + layout::body_hash.offset,
                   codec::to_bytes(XXH3_128bits(block.data(), layout::hashed_bytes)));
  codec::seal(block, place);
}

recovery::Evidence evidence_of(const Bytes& file) {
  recovery::Evidence out;
  out.file_bytes = file.size();
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    auto& decoded = place < slot_count ? out.slots.at(place) : out.anchors.at(place - slot_count);
    if (offset_of(place) + layout::slot_bytes > file.size()) continue;
    decoded = codec::decode(block_of(file, place), place);
  }
  return out;
}

}  // namespace storemark::test
