// SPDX-License-Identifier: Apache-2.0
// A thread that takes no signals: the program's are for its own threads.
#pragma once

#include <functional>
#include <thread>

#include "io/file.hpp"

namespace storemark::io {

/// Runs `run` in a new thread, in which every signal is blocked. It must not throw.
[[nodiscard]] IoResult<std::thread> start_quiet_thread(std::function<void()> run);

}  // namespace storemark::io
