// SPDX-License-Identifier: Apache-2.0
// How callers wait for a flush that another one leads. They sleep, all but one: that one looks out
// for the end of the flush. To be woken takes a good part of a fast flush, and so long the leader
// of the next one would have to wait for it. The lookout lets any other thread go first at every
// look, and sleeps like the others where it is kept waiting, or where a flush takes so long that to
// be woken is no matter. A thread with a real-time policy does not look out: it would let nobody go
// first.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

namespace storemark {

class FlushWait {
 public:
  using Clock = std::chrono::steady_clock;
  /// Without `lookout` all sleep.
  FlushWait(bool lookout, std::function<Clock::time_point()> now)
      : lookout_(lookout), now_(std::move(now)) {}

  /// Counts what whoever waits may be waiting for.
  [[nodiscard]] std::uint32_t moves() const noexcept { return moves_.load(); }
  void move() noexcept;
  /// Until moves() is not `seen` any more. `usual`: what a flush takes, zero if that is not known.
  void wait(std::uint32_t seen, Clock::duration usual) noexcept;

 private:
  void look_out(std::uint32_t seen, Clock::duration usual) noexcept;

  const bool lookout_;
  const std::function<Clock::time_point()> now_;
  std::atomic<std::uint32_t> moves_{0};
  std::atomic<std::uint32_t> asleep_{0};  // or about to be
  std::atomic<bool> one_looks_out_{false};
};

}  // namespace storemark
