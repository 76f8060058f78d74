// SPDX-License-Identifier: Apache-2.0
// SIGTERM and SIGINT, as calls in a thread that has nothing else to do: there everything may be
// called.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace minibroker {

/// To be made before all threads: it blocks both signals in this one, and so in those that follow.
class Signalled {
 public:
  /// `tell` is called at the first of them.
  explicit Signalled(std::function<void()> tell);
  /// No call comes after it.
  ~Signalled();
  Signalled(const Signalled&) = delete;
  Signalled& operator=(const Signalled&) = delete;

 private:
  void run();

  const std::function<void()> tell_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace minibroker
