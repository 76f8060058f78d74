// SPDX-License-Identifier: Apache-2.0
// A broker whose store is a count of events: in memory, or in a file that is synced. It is as cheap
// as a store can be, so that what is measured is the rest.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <storemark/driver.hpp>

namespace storemark::bench {

class CountingStore : public Broker {
 public:
  /// Its file; empty: in memory, and nobody can take an update from it.
  explicit CountingStore(std::filesystem::path file) : file_(std::move(file)) {}

  /// Told of each status and of the end, on the driver's thread.
  std::function<void(const Status& status)> on_status;
  std::function<void(const Stopped& how)> on_stopped;

  void await_ready();
  /// Until so many were confirmed, since ever.
  void await_confirmed(std::uint64_t count);
  /// After publish() said no.
  void await_room();

  [[nodiscard]] Result<StoreFacts> look() override;
  [[nodiscard]] Result<void> restore(UpdateProgress& /*progress*/) override { return {}; }
  [[nodiscard]] Result<void> discard() override;
  /// The donor's address is its file.
  [[nodiscard]] Result<std::uint64_t> take_update(const UpdateTicket& donor,
                                                  UpdateProgress& progress) override;
  [[nodiscard]] Result<void> give_update(const UpdateTicket& /*joiner*/) override { return {}; }
  void end_giving(const Uuid& /*ticket*/) override {}
  [[nodiscard]] Result<void> activated(std::uint64_t sequence) override;
  [[nodiscard]] Result<void> apply(std::uint64_t n, std::span<const std::uint8_t> event) override;
  [[nodiscard]] Result<void> sync() override;
  void confirmed(std::uint64_t token, std::uint64_t n) override;
  void room() override;
  void status(const Status& status) override;
  void stopped(const Stopped& how) override;

 private:
  const std::filesystem::path file_;
  std::uint64_t count_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ready_ = false;
  unsigned rooms_ = 0;
  std::uint64_t confirmed_ = 0;
};

}  // namespace storemark::bench
