// SPDX-License-Identifier: Apache-2.0
// The broker's side of storemark: what the driver asks of the store, and when.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <storemark/driver.hpp>
#include <string>

#include "queue_store.hpp"
#include "server.hpp"
#include "update_giver.hpp"

namespace minibroker {

/// The calls of storemark::Broker come from the driver's threads, as its header says; the others
/// from any.
class MiniBroker : public storemark::Broker {
 public:
  template <class T>
  using Result = storemark::Result<T>;
  /// A line for people.
  using Say = std::function<void(const std::string&)>;

  MiniBroker(std::filesystem::path directory, Access access, Server& server, Say say);

  Result<storemark::StoreFacts> look() override;
  Result<void> restore() override;
  Result<void> discard() override;
  Result<std::uint64_t> take_update(const storemark::UpdateTicket& donor,
                                    storemark::UpdateProgress& progress) override;
  Result<void> give_update(const storemark::UpdateTicket& joiner) override;
  void end_giving(const storemark::Uuid& ticket) override;
  Result<void> activated(std::uint64_t sequence) override;
  Result<void> apply(std::uint64_t n, std::span<const std::uint8_t> event) override;
  Result<void> sync() override;
  std::optional<storemark::StoreTag> tag() override;
  void confirmed(std::uint64_t token, std::uint64_t n) override;
  void room() override;
  void stepped_down() override;
  void status(const storemark::Status& status) override;
  void stopped(const storemark::Stopped& how) override;

  /// A joiner came with a ticket: see UpdateGiver::give.
  [[nodiscard]] bool give(const storemark::Uuid& ticket, Descriptor& joiner) {
    return giver_.give(ticket, joiner);
  }
  /// The store as it is now, for reading; none before there is one. Another may take its place.
  [[nodiscard]] std::shared_ptr<const QueueStore> store() const;
  /// The answer to STATUS.
  [[nodiscard]] std::string describe() const;

 private:
  void put(std::shared_ptr<QueueStore> store);
  void open_store() { put(std::make_shared<QueueStore>(directory_, access_)); }
  template <class Work>
  auto attempt(const char* what, Work&& work);

  const std::filesystem::path directory_;
  const Access access_;
  Server& server_;
  const Say say_;
  std::shared_ptr<QueueStore> store_;  // the driver's; replaced under the mutex
  mutable std::mutex mutex_;
  storemark::Status status_;                      // under the mutex
  std::chrono::steady_clock::time_point said_{};  // when the status was said last
  UpdateGiver giver_;                             // last: it goes first
};

}  // namespace minibroker
