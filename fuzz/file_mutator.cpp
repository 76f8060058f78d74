// SPDX-License-Identifier: Apache-2.0
// How fuzz_file's inputs are changed: a byte that is hit at random only breaks a checksum, so most
// changes set it right again, and some move whole blocks about as a faulty device would.
#include <algorithm>
#include <cstring>
#include <random>

#include "forge.hpp"
#include "image.hpp"
#include "journal/bytes.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace storemark::fuzz {
namespace {

using layout::Field;
using Random = std::minstd_rand;

std::size_t below(Random& random, std::size_t bound) {
  return static_cast<std::size_t>(random()) / 7 % bound;
}

/// Bytes somewhere in a block, the fields more often than the area behind them.
void change_bytes(Random& random, codec::SlotBytes block) {
  constexpr std::array<Field, 12> favourites{
      layout::generation, layout::floor,    layout::ceiling, layout::state,
      layout::tag_size,   layout::flags,    layout::members, layout::history,
      layout::compared,   layout::incompat, layout::area,    layout::mark_held};
  std::size_t at = 0;
  std::size_t size = 0;
  if (below(random, 4) != 0) {
    const Field& field = favourites.at(below(random, favourites.size()));
    at = field.offset;
    size = std::min<std::size_t>(field.size, 64);
  } else {
    size = 1 + below(random, 64);
    at = below(random, layout::slot_bytes - size);
  }
  auto* bytes = reinterpret_cast<std::uint8_t*>(block.data()) + at;
  // What it leaves shorter keeps its old end: nothing in a slot moves.
  static_cast<void>(LLVMFuzzerMutate(bytes, size, size));
}

/// `to` becomes the record after `from`.
void make_next(codec::SlotView from, codec::SlotBytes to, std::size_t place) {
  const BodyHash parent = codec::body_hash(from);
  if (from.data() != to.data()) std::memcpy(to.data(), from.data(), from.size());
  std::byte* generation = to.data() + layout::generation.offset;
  codec::put(generation, codec::get<std::uint64_t>(generation) + 1);
  codec::put_bytes(to.data() + layout::parent.offset, parent);
  forge(to, place);
}

void change_image(Random& random, Image& image) {
  const std::size_t place = below(random, layout::place_count);
  const std::size_t other = below(random, layout::place_count);
  const codec::SlotBytes block = image.block(place);
  switch (below(random, 8)) {
    case 0:
      std::memmove(block.data(), image.block(other).data(), block.size());  // misplaced
      break;
    case 1:
      std::memmove(block.data(), image.block(other).data(), block.size());
      codec::seal(block, place);
      break;
    case 2:
      std::memset(block.data(), below(random, 2) == 0 ? 0 : 0xFF, block.size());
      break;
    case 3:
      make_next(image.block(other), block, place);
      break;
    case 4:
      for (std::size_t slot = 0; slot < slot_count; ++slot) {
        std::memmove(image.block(slot).data(), block.data(), block.size());
        codec::seal(image.block(slot), slot);
      }
      break;
    default:
      change_bytes(random, block);
      switch (below(random, 8)) {
        case 0:
          break;
        case 1:
          forge_body(block, place);
          break;
        default:
          forge(block, place);
          break;
      }
  }
}

}  // namespace
}  // namespace storemark::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  using namespace storemark::fuzz;
  Random random(seed);
  // Sizes, and bytes that break a checksum, are for the engine.
  if (size > max_size || size > storemark::layout::pair_stride || below(random, 8) == 0) {
    return LLVMFuzzerMutate(data, std::min(size, max_size), max_size);
  }
  Image image = Image::from_input({data, size});
  if (below(random, 32) == 0) image.resize(storemark::layout::file_bytes);
  change_image(random, image);
  const auto changed = image.to_input();
  if (changed.size() > max_size) return size;
  std::copy(changed.begin(), changed.end(), data);
  return changed.size();
}
