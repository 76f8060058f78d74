// SPDX-License-Identifier: Apache-2.0
// Callers that share a flush: how long the one that leads it waits for whom. A flush that leaves at
// once leaves without those that the last one has just released, who are on their way back; so with
// n callers each would carry half of them. The leader waits for as many as there were, but no
// longer than half a flush after the last one: a caller that is alone, or at leisure, never does. A
// quarter of a flush would leave two of sixteen behind, who then wait for two flushes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

namespace storemark {

class FlushShare {
 public:
  using Clock = std::chrono::steady_clock;
  explicit FlushShare(std::function<Clock::time_point()> now) : now_(std::move(now)) {}

  /// One more wants a flush that begins after this call. Threads: any.
  void arrive() noexcept { arrived_.fetch_add(1); }

  // Whoever leads, one after the other.
  /// Waits, as above. Who arrived before it returned is carried by this flush.
  void gather();
  /// The flush is over, whatever came of it.
  void release();

  /// What a flush takes, lately; zero before the first one. Threads: any.
  [[nodiscard]] Clock::duration usual() const noexcept { return Clock::duration(usual_.load()); }

 private:
  [[nodiscard]] std::uint64_t under_way() const noexcept { return arrived_.load() - served_; }

  const std::function<Clock::time_point()> now_;
  std::atomic<std::uint64_t> arrived_{0};
  std::uint64_t served_ = 0;   ///< of these, that a flush has carried
  std::uint64_t carried_ = 0;  ///< once this flush is over
  std::uint64_t expected_ = 0;
  Clock::time_point began_{};
  Clock::time_point released_{};
  std::atomic<Clock::rep> usual_{0};  ///< written by whoever leads
};

}  // namespace storemark
