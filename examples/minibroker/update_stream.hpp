// SPDX-License-Identifier: Apache-2.0
// How a copy of a store crosses a socket. The joiner says "UPDATE ticket\n"; the donor answers
// with a line, "COPY bytes\n", about how long it will be, then with chunks, each a length of four
// bytes (the lowest first) and so many bytes; after a chunk of none come the XXH3-128 of all bytes
// before it, and the end. Whatever ends earlier, or does not fit, is no store.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct XXH3_state_s;

namespace minibroker {

inline constexpr std::size_t max_chunk_bytes = 64 * 1024;
inline constexpr std::size_t chunk_head_bytes = 4;

[[nodiscard]] std::array<std::uint8_t, chunk_head_bytes> chunk_head(std::size_t bytes) noexcept;
/// More than max_chunk_bytes is damage.
[[nodiscard]] std::size_t chunk_bytes(
    std::span<const std::uint8_t, chunk_head_bytes> head) noexcept;

using StreamHash = std::array<std::uint8_t, 16>;

class StreamHasher {
 public:
  StreamHasher();
  void add(std::span<const std::uint8_t> bytes) noexcept;
  [[nodiscard]] StreamHash hash() const noexcept;

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const noexcept;
  };
  std::unique_ptr<XXH3_state_s, Free> state_;
};

}  // namespace minibroker
