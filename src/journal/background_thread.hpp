// SPDX-License-Identifier: Apache-2.0
// The thread beside a write permit. It reads back what was written, a few milliseconds later, and
// where an interval was asked for it makes the newest floor durable on that clock and raises the
// ceiling ahead of need.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

#include "io/alarm.hpp"

namespace storemark {

class Core;

class BackgroundThread {
 public:
  /// How long after a write it is read back. Pairs written over meanwhile are read once.
  static constexpr std::chrono::milliseconds read_back_after{50};

  /// A thread that waits for start(). `core` must outlive it; interval zero: no beat.
  [[nodiscard]] static io::IoResult<std::unique_ptr<BackgroundThread>> make(
      Core& core, std::chrono::milliseconds interval);
  ~BackgroundThread() { stop(); }
  BackgroundThread(const BackgroundThread&) = delete;
  BackgroundThread& operator=(const BackgroundThread&) = delete;

  /// The first beat is at once.
  void start();
  /// A pair was written. Costs a system call at most once in `read_back_after`. Threads: any.
  void written() noexcept { alarm_.set(read_back_after); }
  /// Waits for what is under way; nothing more is done afterwards.
  void stop();

 private:
  BackgroundThread(Core& core, std::chrono::milliseconds interval, io::Alarm alarm)
      : core_(core), interval_(interval), alarm_(std::move(alarm)) {}
  void run();
  void read_back();
  [[nodiscard]] bool beat();
  [[nodiscard]] std::uint64_t follow_rate();

  Core& core_;
  const std::chrono::milliseconds interval_;
  io::Alarm alarm_;
  std::uint64_t noted_before_ = 0;
  std::atomic<bool> started_{false};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace storemark
