// SPDX-License-Identifier: Apache-2.0
#include "io/alarm.hpp"

#include <poll.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace storemark::io {
namespace {

timespec to_timespec(std::chrono::nanoseconds duration) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {static_cast<std::time_t>(whole.count()), static_cast<long>((duration - whole).count())};
}

}  // namespace

IoResult<Alarm> Alarm::make() {
  Descriptor timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!timer) return failed("timerfd_create");
  return Alarm(std::move(timer));
}

void Alarm::arm(std::chrono::nanoseconds after) noexcept {
  const itimerspec once{{}, to_timespec(std::max(after, std::chrono::nanoseconds(1)))};
  // It fails for bad arguments only.
  static_cast<void>(::timerfd_settime(timer_.get(), 0, &once, nullptr));
}

void Alarm::set(std::chrono::nanoseconds after) noexcept {
  if (!set_.load(std::memory_order_relaxed) && !set_.exchange(true)) arm(after);
}

void Alarm::ring() noexcept {
  set_.store(true);
  arm({});
}

Alarm::Woken Alarm::wait(std::optional<std::chrono::nanoseconds> at_most) noexcept {
  pollfd one{timer_.get(), POLLIN, 0};
  timespec limit{};
  if (at_most) limit = to_timespec(std::max(*at_most, std::chrono::nanoseconds(0)));
  if (::ppoll(&one, 1, at_most ? &limit : nullptr, nullptr) != 1) return Woken::timed_out;
  std::uint64_t times = 0;
  if (::read(timer_.get(), &times, sizeof times) != sizeof times) {
    return errno == EAGAIN || errno == EINTR ? Woken::timed_out : Woken::broken;
  }
  // Who sets it from here on arms it anew; what was done before that is seen by our caller.
  set_.exchange(false);
  return Woken::rang;
}

}  // namespace storemark::io
