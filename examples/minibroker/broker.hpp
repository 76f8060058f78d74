// SPDX-License-Identifier: Apache-2.0
// The broker's side of storemark: what the driver asks of the store, and when. The part to copy.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <storemark/driver.hpp>
#include <string>

#include "queue_store.hpp"
#include "server.hpp"
#include "sockets.hpp"

namespace minibroker {

/// The calls of storemark::Broker come from the driver's threads, as its header says; the others
/// from any.
class MiniBroker : public storemark::Broker {
 public:
  template <class T>
  using Result = storemark::Result<T>;
  /// A line for people.
  using Say = std::function<void(const std::string&)>;

  MiniBroker(std::filesystem::path directory, Access access, Answers& answers, Say say);

  Result<storemark::StoreFacts> look() override;
  Result<void> restore(storemark::UpdateProgress& progress) override;
  Result<void> discard() override;
  Result<std::uint64_t> take_update(const storemark::UpdateTicket& donor,
                                    storemark::UpdateProgress& progress) override;
  Result<void> give_update(const storemark::UpdateTicket& joiner) override;
  void end_giving(const storemark::Uuid& ticket) override;
  Result<void> activated(std::uint64_t sequence) override;
  Result<void> apply(std::uint64_t n, std::span<const std::uint8_t> event) override;
  Result<void> sync() override;
  std::optional<storemark::StoreTag> tag() override;
  void confirmed(std::uint64_t token, std::uint64_t n) override { answers_.confirmed(token, n); }
  void room() override { answers_.room(); }
  void dropped(std::uint64_t token) override { answers_.dropped(token); }
  void stepped_down() override { answers_.end_all(false); }
  void status(const storemark::Status& status) override;
  void stopped(const storemark::Stopped& how) override;

  /// Sends whoever shows a ticket a copy of the store, and returns when it is sent, or cut. False:
  /// there is no such ticket, or somebody has shown it already.
  [[nodiscard]] bool give(const storemark::Uuid& ticket, Stream& joiner);
  /// The store as it is now, for reading; none before there is one. Another may take its place.
  [[nodiscard]] std::shared_ptr<const QueueStore> store() const;
  /// The answer to STATUS.
  [[nodiscard]] std::string describe() const;

 private:
  [[nodiscard]] Head head() const;
  void put(std::shared_ptr<QueueStore> store);
  void open_store() { put(std::make_shared<QueueStore>(directory_, access_)); }

  const std::filesystem::path directory_;
  const Access access_;
  Answers& answers_;
  const Say say_;
  std::shared_ptr<QueueStore> store_;  // the driver's; replaced under the mutex
  mutable std::mutex mutex_;           // over what follows
  storemark::Status status_;
  std::map<storemark::Uuid, std::shared_ptr<const QueueStore>> tickets_;  // none: it was shown
};

}  // namespace minibroker
