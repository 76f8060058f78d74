// SPDX-License-Identifier: Apache-2.0
// The system calls of a piece of work, counted by tracing a child that does it: needs no privilege.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace storemark::bench {

struct SystemCalls {
  std::uint64_t by_caller = 0;                 ///< of the thread that does the work
  std::uint64_t by_all = 0;                    ///< and of all others of the process, meanwhile
  std::map<std::string, std::uint64_t> names;  ///< the caller's
};

/// Runs `prepare`, then `work`, in a child, and counts during `work`. Nothing where tracing is not
/// permitted. Call it before this process has other threads.
[[nodiscard]] std::optional<SystemCalls> count_system_calls(const std::function<void()>& prepare,
                                                            const std::function<void()>& work);

}  // namespace storemark::bench
