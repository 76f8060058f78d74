// SPDX-License-Identifier: Apache-2.0
// Waits that a person can end: Ctrl-C and SIGTERM are held back from the program, and end the wait.
#pragma once

#include <csignal>
#include <cstdint>

namespace storemark::cli {

class Pause {
 public:
  /// From here on SIGINT and SIGTERM wait until they are asked for.
  Pause();
  /// What has not been asked for by then is dropped: whoever paused is about to end.
  ~Pause();
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

  /// Waits; false if one of the signals came, now or before.
  [[nodiscard]] bool wait(std::uint64_t milliseconds);

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

}  // namespace storemark::cli
