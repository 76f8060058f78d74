// SPDX-License-Identifier: Apache-2.0
// What the calling thread did in this process: a program that links own_calls.cpp has the C
// library's allocations and writes go through it, its shared libraries' too.
#pragma once

#include <chrono>
#include <cstdint>

namespace storemark::bench {

/// Of the calling thread, since it began.
[[nodiscard]] std::uint64_t allocations() noexcept;
/// Time spent in writes and syncs, as seen from outside of the call.
[[nodiscard]] std::chrono::nanoseconds time_in_writes() noexcept;

}  // namespace storemark::bench
