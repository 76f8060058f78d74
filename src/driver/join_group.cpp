// SPDX-License-Identifier: Apache-2.0
#include "driver/join_group.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "driver/guarded_broker.hpp"
#include "io/quiet_thread.hpp"

namespace storemark::driver {
namespace {

/// Says that the group is waited for, again and again: a supervisor takes silence for a hang.
class Waiting {
 public:
  Waiting(Broker& broker, const DriverOptions& options, std::chrono::milliseconds beat)
      : broker_(broker), beat_(beat) {
    status_.text = "joining the group";
    status_.wait_for = std::max<std::uint32_t>(1, options.wait_for);
  }
  ~Waiting() { end(); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  [[nodiscard]] io::IoResult<void> begin() {
    auto thread = io::start_quiet_thread([this] { run(); });
    if (!thread) return tl::unexpected(thread.error());
    thread_ = std::move(*thread);
    return {};
  }

  /// No call comes after it. What status() threw.
  std::optional<Error> end() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
      changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    return broker_.take_failure();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, beat_, [&] { return over_; })) {
      lock.unlock();
      broker_.status(status_);
      lock.lock();
    }
  }

  GuardedBroker broker_;
  const std::chrono::milliseconds beat_;
  Status status_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

Result<std::unique_ptr<Group>> joined(const Driver::Join& join) {
  const auto no = [](std::string why) {
    return tl::unexpected(Error{Errc::invalid_argument, "the driver was not started", "Join",
                                std::move(why), "return a group, or an error"});
  };
  if (!join) return no("there is no function that joins");
  try {
    auto group = join();
    if (group && !*group) return no("it returned no group");
    return group;
  } catch (const std::exception& error) {
    return no(std::string("it threw: ") + error.what());
  } catch (...) {
    return no("it threw");
  }
}

}  // namespace

Result<std::unique_ptr<Group>> join_group(const Driver::Join& join, Broker& broker,
                                          const DriverOptions& options,
                                          std::chrono::milliseconds beat) {
  Waiting waiting(broker, options, beat);
  if (const auto begun = waiting.begin(); !begun) {
    return tl::unexpected(Error{Errc::io_failed, "the driver was not started", begun.error().call,
                                "the system gave no thread", "raise its limit of threads",
                                begun.error().code});
  }
  auto group = joined(join);
  if (auto failure = waiting.end(); failure && group) return tl::unexpected(std::move(*failure));
  return group;
}

}  // namespace storemark::driver
