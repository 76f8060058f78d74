// SPDX-License-Identifier: Apache-2.0
// The donor's side of an update: LMDB's own copy of the store, streamed to whoever shows a ticket,
// by threads of its own, so that the broker goes on.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <storemark/ids.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "descriptor.hpp"
#include "queue_store.hpp"

namespace minibroker {

/// A joiner that takes nothing keeps the store's old pages alive while the broker writes new ones.
struct GivingLimits {
  std::chrono::milliseconds patience{10'000};             ///< without one byte taken
  std::uint64_t growth_bytes = std::uint64_t{256} << 20;  ///< of the store, during one copy
};

/// Threads: every call from any thread. A copy begins when no transaction of changes is open, and
/// so nothing here waits for one but the destructor, which must not be called while one is.
class UpdateGiver {
 public:
  /// `report` is told of a copy that was cut, from any thread.
  using Report = std::function<void(const std::string&)>;
  explicit UpdateGiver(Report report, const GivingLimits& limits = {})
      : report_(std::move(report)), limits_(limits) {}
  ~UpdateGiver();  ///< cuts every copy, and waits for it
  UpdateGiver(const UpdateGiver&) = delete;
  UpdateGiver& operator=(const UpdateGiver&) = delete;

  /// Whoever shows the ticket gets a copy of the store.
  void allow(const storemark::Uuid& ticket, std::shared_ptr<const QueueStore> store);
  /// The ticket is worth nothing any more; a copy under way is cut.
  void end(const storemark::Uuid& ticket);
  /// Sends the joiner a copy, as of now or later. False: no such ticket, or somebody shows it
  /// already; the joiner is the caller's still.
  [[nodiscard]] bool give(const storemark::Uuid& ticket, Descriptor& joiner);

 private:
  struct Giving {
    std::shared_ptr<const QueueStore> store;
    Descriptor joiner;
    std::atomic<bool> done = false;
    std::jthread thread;  // last: it uses what is above
  };
  void copy(Giving& giving);

  const Report report_;
  const GivingLimits limits_;
  std::mutex mutex_;  // over what follows
  std::map<storemark::Uuid, std::unique_ptr<Giving>> givings_;
  std::vector<std::unique_ptr<Giving>> cut_;  // on their way out
};

}  // namespace minibroker
