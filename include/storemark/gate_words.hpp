// SPDX-License-Identifier: Apache-2.0
// The words behind WritePermit::reserve() and note(), here so that both are inline: they are called
// for every event. Not for use by others.
#pragma once

#include <atomic>
#include <cstdint>

namespace storemark::detail {

/// What is read by everyone and written rarely stands apart from what every note writes. And of
/// that there are several, so that threads that note at once do not fight for one word: the highest
/// counts.
struct GateWords {
  static constexpr unsigned noters = 8;
  struct alignas(64) Word {
    std::atomic<std::uint64_t> value{0};
  };

  alignas(64) std::atomic<std::uint64_t> limit{0};  ///< one past what may be noted; 0: shut
  std::atomic<std::uint64_t> floor{0};              ///< durable
  std::atomic<std::uint64_t> own{0};                ///< 0 in a forked child
  std::atomic<std::uint64_t> permit{0};             ///< the number of the one that counts
  Word noted[noters];
  alignas(64) std::atomic<std::uint64_t> wanted{0};

  /// The one of this thread, by where its stack is: any would do. Stacks lie 8 MiB apart, or where
  /// they are small 128 KiB.
  [[nodiscard]] std::atomic<std::uint64_t>& noted_here() noexcept {
    const char here = 0;
    const auto at = reinterpret_cast<std::uintptr_t>(&here);
    return noted[((at >> 23U) ^ (at >> 17U)) % noters].value;
  }

  [[nodiscard]] bool lets_through(std::uint64_t its_permit, std::uint64_t n) const noexcept {
    return permit.load(std::memory_order_acquire) == its_permit &&
           n < limit.load(std::memory_order_acquire);
  }
};

/// Raises `word` to at least `value`. Sequentially consistent: see WritePermit::note().
inline void raise(std::atomic<std::uint64_t>& word, std::uint64_t value) noexcept {
  std::uint64_t seen = word.load();
  while (seen < value && !word.compare_exchange_weak(seen, value)) {
  }
}

}  // namespace storemark::detail
