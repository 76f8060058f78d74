// SPDX-License-Identifier: Apache-2.0
// The thread for calls on the broker that may take long: one task at a time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "driver/member.hpp"
#include "driver/wake.hpp"

namespace storemark::driver {

class Worker {
 public:
  /// A thread that waits for its first task, and rings `wake` after each. Both must outlive it.
  [[nodiscard]] static io::IoResult<std::unique_ptr<Worker>> make(Broker& broker, Wake& wake);
  ~Worker() { stop(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Begins a task. The one before must have been taken by take_done().
  void run(Task task);
  /// Every task but this one is told that it is cancelled; 0: every task.
  void want(std::uint64_t number) noexcept { progress_.wanted.store(number); }

  struct Done {
    std::uint64_t number = 0;
    Result<std::uint64_t> result;
  };
  /// What came of the task, once.
  [[nodiscard]] std::optional<Done> take_done();

  /// What the running update has reported last.
  [[nodiscard]] std::uint64_t update_done() const noexcept { return progress_.done.load(); }
  [[nodiscard]] std::uint64_t update_total() const noexcept { return progress_.total.load(); }

  [[nodiscard]] bool is_own_thread() const noexcept {
    return thread_.get_id() == std::this_thread::get_id();
  }

  /// Cancels the task under way and waits for it.
  void stop();

 private:
  struct Progress final : UpdateProgress {
    void report(std::uint64_t now, std::uint64_t of) override {
      done.store(now);
      total.store(of);
    }
    [[nodiscard]] bool cancelled() const override { return wanted.load() != number.load(); }

    std::atomic<std::uint64_t> done{0};
    std::atomic<std::uint64_t> total{0};
    std::atomic<std::uint64_t> number{0};
    std::atomic<std::uint64_t> wanted{0};
  };

  Worker(Broker& broker, Wake& wake) : broker_(broker), wake_(wake) {}
  void serve() noexcept;
  [[nodiscard]] std::optional<Task> next();
  [[nodiscard]] Result<std::uint64_t> outcome_of(const Task& task) noexcept;

  Broker& broker_;
  Wake& wake_;
  Progress progress_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Task> task_;
  std::optional<Done> done_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace storemark::driver
