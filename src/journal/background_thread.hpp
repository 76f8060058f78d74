// SPDX-License-Identifier: Apache-2.0
// The thread that makes the newest floor durable on its clock and raises the ceiling ahead of need.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace storemark {

class Core;

class IntervalWriter {
 public:
  /// Begins at once. `core` must outlive it.
  IntervalWriter(Core& core, std::chrono::milliseconds interval);
  /// Waits for the beat under way.
  ~IntervalWriter();
  IntervalWriter(const IntervalWriter&) = delete;
  IntervalWriter& operator=(const IntervalWriter&) = delete;

 private:
  void run();
  [[nodiscard]] std::uint64_t follow_rate();

  Core& core_;
  const std::chrono::milliseconds interval_;
  std::uint64_t noted_before_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace storemark
