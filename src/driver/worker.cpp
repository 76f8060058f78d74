// SPDX-License-Identifier: Apache-2.0
#include "driver/worker.hpp"

#include <new>
#include <utility>

#include "io/quiet_thread.hpp"

namespace storemark::driver {

io::IoResult<std::unique_ptr<Worker>> Worker::make(Broker& broker, Wake& wake) {
  std::unique_ptr<Worker> out(new Worker(broker, wake));
  auto thread = io::start_quiet_thread([self = out.get()] { self->serve(); });
  if (!thread) return tl::unexpected(thread.error());
  out->thread_ = std::move(*thread);
  return out;
}

void Worker::run(Task task) {
  progress_.report(0, 0);
  progress_.number.store(task.number);
  {
    const std::lock_guard lock(mutex_);
    task_ = std::move(task);
  }
  changed_.notify_one();
}

std::optional<Worker::Done> Worker::take_done() {
  const std::lock_guard lock(mutex_);
  return std::exchange(done_, std::nullopt);
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  want(0);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::optional<Task> Worker::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || task_; });
  if (stopping_) return std::nullopt;
  return std::exchange(task_, std::nullopt);
}

// The broker's exceptions are errors already; what is left is memory.
Result<std::uint64_t> Worker::outcome_of(const Task& task) noexcept {
  try {
    return run_task(broker_, task, progress_);
  } catch (...) {
    return tl::unexpected(Error{Errc::broker_failed, {}, {}, {}, {}});
  }
}

void Worker::serve() noexcept {
  while (const auto task = next()) {
    Done done{task->number, outcome_of(*task)};
    {
      const std::lock_guard lock(mutex_);
      done_ = std::move(done);
    }
    wake_.ring();
  }
}

}  // namespace storemark::driver
