// SPDX-License-Identifier: Apache-2.0
#include "update_stream.hpp"

#include <xxhash.h>

#include <cstring>
#include <new>

namespace minibroker {

std::array<std::uint8_t, chunk_head_bytes> chunk_head(std::size_t bytes) noexcept {
  std::array<std::uint8_t, chunk_head_bytes> head{};
  for (std::size_t i = 0; i < head.size(); ++i) {
    head[i] = static_cast<std::uint8_t>(bytes >> (8 * i) & 0xFF);
  }
  return head;
}

std::size_t chunk_bytes(std::span<const std::uint8_t, chunk_head_bytes> head) noexcept {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < head.size(); ++i) bytes |= std::size_t{head[i]} << (8 * i);
  return bytes;
}

void StreamHasher::Free::operator()(XXH3_state_s* state) const noexcept { XXH3_freeState(state); }

StreamHasher::StreamHasher() : state_(XXH3_createState()) {
  if (!state_) throw std::bad_alloc();
  XXH3_128bits_reset(state_.get());
}

void StreamHasher::add(std::span<const std::uint8_t> bytes) noexcept {
  XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}

StreamHash StreamHasher::hash() const noexcept {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
  StreamHash hash;
  std::memcpy(hash.data(), canonical.digest, hash.size());
  return hash;
}

}  // namespace minibroker
