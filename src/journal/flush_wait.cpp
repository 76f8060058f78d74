// SPDX-License-Identifier: Apache-2.0
#include "journal/flush_wait.hpp"

#include <thread>
#include <utility>

#include "io/scheduling.hpp"

namespace storemark {
namespace {

using std::chrono::microseconds;

/// Where a flush takes longer, to be woken is no matter.
constexpr auto longest_watched = microseconds(500);
/// A flush that takes so many times what it usually does is not worth looking out for any longer.
constexpr int patience_times = 2;
/// Whoever comes back from giving way so late gave way to work, and the third time leaves it alone.
constexpr auto late = microseconds(50);
constexpr int most_often_late = 3;

}  // namespace

void FlushWait::move() noexcept {
  moves_.fetch_add(1);
  // Whoever falls asleep is counted first, and then looks once more: it, or this, sees the other.
  if (asleep_.load() > 0) moves_.notify_all();
}

void FlushWait::wait(std::uint32_t seen, Clock::duration usual) noexcept {
  const bool worth_it = lookout_ && usual.count() > 0 && usual < longest_watched;
  if (worth_it && io::yields_to_all() && !one_looks_out_.exchange(true)) {
    look_out(seen, usual);
    one_looks_out_.store(false);
  }
  asleep_.fetch_add(1);
  moves_.wait(seen);
  asleep_.fetch_sub(1);
}

void FlushWait::look_out(std::uint32_t seen, Clock::duration usual) noexcept {
  auto now = now_();
  const auto until = now + patience_times * usual;
  int times_late = 0;
  while (moves_.load() == seen && now < until && times_late < most_often_late) {
    // Not a loop that pauses the processor: the flush itself may need this one.
    std::this_thread::yield();
    const auto before = std::exchange(now, now_());
    if (now - before > late) ++times_late;
  }
}

}  // namespace storemark
