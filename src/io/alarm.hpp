// SPDX-License-Identifier: Apache-2.0
// Wakes one thread a while after it was set. Setting it is one cheap system call and wakes nobody
// yet, so that whoever sets it is not held up by the one that wakes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "io/descriptor.hpp"

namespace storemark::io {

class Alarm {
 public:
  [[nodiscard]] static IoResult<Alarm> make();
  Alarm(Alarm&& other) noexcept : timer_(std::move(other.timer_)) {}

  /// Rings so long after. Where it is set already nothing changes. Threads: any.
  void set(std::chrono::nanoseconds after) noexcept;
  /// Rings at once. Threads: any.
  void ring() noexcept;
  enum class Woken : std::uint8_t {
    rang,       ///< and it is unset
    timed_out,  ///< or a signal came
    broken,     ///< its descriptor is no timer any more: somebody closed it
  };
  /// Waits until it rings, or for so long, or less.
  [[nodiscard]] Woken wait(std::optional<std::chrono::nanoseconds> at_most) noexcept;

 private:
  explicit Alarm(Descriptor timer) noexcept : timer_(std::move(timer)) {}
  void arm(std::chrono::nanoseconds after) noexcept;

  Descriptor timer_;
  std::atomic<bool> set_{false};
};

}  // namespace storemark::io
