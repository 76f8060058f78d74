// SPDX-License-Identifier: Apache-2.0
#include "forge.hpp"

#include "journal/bytes.hpp"

namespace storemark::fuzz {

void forge(codec::SlotBytes block, std::size_t place) {
  std::memcpy(block.data(), layout::magic_bytes.data(), layout::magic.size);
  codec::put(block.data() + layout::envelope_check.offset,
             static_cast<std::uint64_t>(XXH3_64bits(block.data(), layout::envelope_check.offset)));
  forge_body(block, place);
}

void forge_body(codec::SlotBytes block, std::size_t place) {
  const BodyHash hash = codec::to_bytes(XXH3_128bits(block.data(), layout::hashed_bytes));
  codec::put_bytes(block.data() + layout::body_hash.offset, hash);
  codec::seal(block, place);
}

}  // namespace storemark::fuzz
