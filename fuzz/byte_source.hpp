// SPDX-License-Identifier: Apache-2.0
// Choices out of the fuzzer's bytes, from front to back. Past their end every choice is zero, so
// that any input means something and a shorter one means the same as one padded with zeros.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace storemark::fuzz {

class ByteSource {
 public:
  explicit ByteSource(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t value = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return value;
  }
  /// 0 to `bound` - 1.
  std::size_t below(std::size_t bound) { return byte() % bound; }
  /// Little-endian.
  std::uint64_t integer(std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{byte()} << (8 * i);
    return value;
  }
  /// Small numbers from one byte; every number in nine.
  std::uint64_t number() {
    const std::uint8_t first = byte();
    return first < escape ? first : integer(8) + (first - escape);
  }
  /// What is left of `size` bytes.
  std::span<const std::uint8_t> bytes(std::size_t size) {
    const auto taken = bytes_.first(std::min(size, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }
  bool empty() const { return bytes_.empty(); }

 private:
  static constexpr std::uint8_t escape = 0xF0;
  std::span<const std::uint8_t> bytes_;
};

}  // namespace storemark::fuzz
