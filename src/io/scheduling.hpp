// SPDX-License-Identifier: Apache-2.0
// How this thread is scheduled.
#pragma once

#include <sched.h>

namespace storemark::io {

/// Whether sched_yield() lets any thread go first that wants to run. Under a real-time policy it
/// lets its equals only, and not the kernel's threads that carry a flush.
[[nodiscard]] inline bool yields_to_all() noexcept {
  const int policy = ::sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
  return policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE;
}

}  // namespace storemark::io
