// SPDX-License-Identifier: Apache-2.0
#include "scenario.hpp"

#include <cstring>

#include "record_grammar.hpp"

namespace storemark::fuzz {
namespace {

enum class Damage : std::uint8_t { none, zero, flip, garbage, torn, unreadable, count };

constexpr std::size_t sector_bytes = 512;
constexpr std::uint8_t escape = 0xF0;

void choose_facts(ByteSource& in, const std::vector<Made>& records, StoreFacts& facts) {
  const std::uint8_t choice = in.byte();
  facts.content = static_cast<StoreContent>(choice % 3);
  const Record& last = records.back().record;
  if ((choice & 0x40) != 0) facts.tag = (choice & 0x20) != 0 ? last.tag : StoreTag{{0xBA, 0xD0}};
  if ((choice & 0x80) != 0 && facts.content == StoreContent::holds_data) {
    const std::uint8_t held = in.byte();
    facts.sequence = held == escape ? in.integer(8) & max_sequence
                                    : std::min(last.floor + held % 8, max_sequence);
    if (held >= 0x80 && held != escape)
      facts.sequence = last.ceiling - std::min<std::uint64_t>(last.ceiling, held % 8);
  }
}

std::uint64_t size_from(ByteSource& in) {
  const std::uint8_t choice = in.byte();
  switch (choice) {
    case 0xFF:
      return std::uint64_t{1} << 40;
    case 0xFE:
      return layout::file_bytes + in.integer(2);
    case 0xFD:
      return layout::file_bytes - in.integer(3) % layout::file_bytes;
    case 0xFC:
      return in.integer(2);
    default:
      return layout::file_bytes;
  }
}

void damage(ByteSource& in, Damage kind, const std::vector<Made>& records, std::size_t place,
            Image& image) {
  const codec::SlotBytes block = image.block(place);
  switch (kind) {
    case Damage::zero:
      std::memset(block.data(), 0, block.size());
      break;
    case Damage::flip: {
      const auto at = static_cast<std::size_t>(in.integer(2)) % block.size();
      block[at] ^= std::byte{static_cast<std::uint8_t>(1 + in.below(255))};
      break;
    }
    case Damage::garbage:
      std::memset(block.data(), in.byte(), block.size());
      break;
    case Damage::torn: {
      // Another record in its place, of which only some sectors arrived.
      const std::uint8_t arrived = in.byte();
      auto other = records[in.below(records.size())].bytes;
      codec::seal(other, place);
      for (std::size_t sector = 0; sector < block.size() / sector_bytes; ++sector) {
        if ((arrived >> sector & 1) == 0) continue;
        std::memcpy(block.data() + sector * sector_bytes, other.data() + sector * sector_bytes,
                    sector_bytes);
      }
      break;
    }
    case Damage::unreadable:
      image.break_block(place);
      break;
    case Damage::none:
    case Damage::count:
      break;
  }
}

/// One byte says which record, and whether anything is wrong with it; a second one what.
void fill_place(ByteSource& in, const std::vector<Made>& records, std::size_t place, Image& image) {
  const std::uint8_t choice = in.byte();
  const std::size_t which = records.size() - 1 - (choice & 0x0F) % records.size();
  std::memcpy(image.block(place).data(), records[which].bytes.data(), layout::slot_bytes);
  std::size_t sealed_for = place;
  auto kind = Damage::none;
  if ((choice & 0x80) != 0) {
    const std::uint8_t wrong = in.byte();
    kind = static_cast<Damage>(wrong % static_cast<std::uint8_t>(Damage::count));
    if (kind == Damage::none) sealed_for = wrong / 16 % (layout::place_count + 1);
  }
  codec::seal(image.block(place), sealed_for);
  damage(in, kind, records, place, image);
}

}  // namespace

Scenario scenario_from(std::span<const std::uint8_t> input) {
  ByteSource in(input);
  Scenario out;
  const std::uint8_t stop = in.byte();
  out.healing_writes = stop % (slot_count + 1);
  out.healing_torn_at = stop / 16 * (sector_bytes / 2);
  const std::uint64_t size = size_from(in);
  std::vector<Made> records;
  const std::size_t count = 1 + in.below(6);
  while (records.size() < count) records.push_back(make_record(in, records));
  choose_facts(in, records, out.facts);
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    fill_place(in, records, place, out.image);
  }
  out.image.resize(size);
  return out;
}

}  // namespace storemark::fuzz
