// SPDX-License-Identifier: Apache-2.0
#include "cli/pause.hpp"

#include <cerrno>
#include <ctime>

namespace storemark::cli {

Pause::Pause() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

Pause::~Pause() {
  // One that came meanwhile has had its will: it ends.
  const timespec at_once{};
  while (sigtimedwait(&signals_, nullptr, &at_once) >= 0) {
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool Pause::wait(std::uint64_t milliseconds) {
  timespec end{};
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += static_cast<time_t>(milliseconds / 1000);
  end.tv_nsec += static_cast<long>(milliseconds % 1000 * 1'000'000);
  for (;;) {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    long nanoseconds = end.tv_nsec - now.tv_nsec;
    time_t seconds = end.tv_sec - now.tv_sec;
    for (; nanoseconds < 0; --seconds) nanoseconds += 1'000'000'000;
    for (; nanoseconds >= 1'000'000'000; ++seconds) nanoseconds -= 1'000'000'000;
    const timespec left{seconds < 0 ? 0 : seconds, seconds < 0 ? 0 : nanoseconds};
    if (sigtimedwait(&signals_, nullptr, &left) >= 0) return false;
    if (errno != EINTR) return true;
  }
}

}  // namespace storemark::cli
