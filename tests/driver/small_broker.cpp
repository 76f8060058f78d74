// SPDX-License-Identifier: Apache-2.0
#include "driver/small_broker.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace storemark::test {

void Exchange::give(const Uuid& ticket, SmallStore store) {
  const std::lock_guard lock(mutex_);
  stores_[ticket] = std::move(store);
}
void Exchange::end(const Uuid& ticket) {
  const std::lock_guard lock(mutex_);
  stores_.erase(ticket);
}
std::optional<SmallStore> Exchange::take(const Uuid& ticket) {
  const std::lock_guard lock(mutex_);
  const auto found = stores_.find(ticket);
  if (found == stores_.end()) return std::nullopt;
  return found->second;
}
std::size_t Exchange::open() const {
  const std::lock_guard lock(mutex_);
  return stores_.size();
}

// --- what a test asks
// -----------------------------------------------------------------------------

void SmallBroker::fail(std::string call, Failing how) {
  const std::lock_guard lock(mutex_);
  failing_[std::move(call)] = how;
}
void SmallBroker::hold(std::string call) {
  const std::lock_guard lock(mutex_);
  held_.insert(std::move(call));
}
void SmallBroker::set_during(std::function<void(const std::string& call)> during) {
  const std::lock_guard lock(mutex_);
  during_ = std::move(during);
}
void SmallBroker::let_go() {
  {
    const std::lock_guard lock(mutex_);
    held_.clear();
  }
  changed_.notify_all();
}
std::vector<std::string> SmallBroker::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}
std::vector<Status> SmallBroker::statuses() const {
  const std::lock_guard lock(mutex_);
  return statuses_;
}
std::map<std::uint64_t, std::uint64_t> SmallBroker::confirmed_tokens() const {
  const std::lock_guard lock(mutex_);
  return confirmed_;
}
std::set<std::uint64_t> SmallBroker::dropped_tokens() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}
std::uint64_t SmallBroker::confirmed_below(std::uint64_t token) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::uint64_t>(
      std::distance(confirmed_.begin(), confirmed_.lower_bound(token)));
}
unsigned SmallBroker::times_room() const {
  const std::lock_guard lock(mutex_);
  return static_cast<unsigned>(std::ranges::count(calls_, "room"));
}
Status SmallBroker::last_status() const {
  const std::lock_guard lock(mutex_);
  return statuses_.empty() ? Status{} : statuses_.back();
}
std::optional<Stopped> SmallBroker::end() const {
  const std::lock_guard lock(mutex_);
  return end_;
}
std::vector<std::string> SmallBroker::events() const {
  const std::lock_guard lock(mutex_);
  return live_.events;
}

bool SmallBroker::until(const std::function<bool()>& so) const {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!so()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(5));
  }
  return true;
}
bool SmallBroker::until_ready() const {
  return until([&] { return last_status().ready; });
}
bool SmallBroker::until_applied(std::size_t count) const {
  return until([&] { return events().size() >= count; });
}
bool SmallBroker::until_called(const std::string& call) const {
  return until([&] { return std::ranges::count(calls(), call) > 0; });
}

// --- the broker
// -----------------------------------------------------------------------------------

std::optional<Error> SmallBroker::enter(const std::string& call) {
  auto how = Failing::never;
  std::function<void(const std::string& call)> during;
  {
    std::unique_lock lock(mutex_);
    calls_.push_back(call);
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_.contains(call); });
    if (const auto found = failing_.find(call); found != failing_.end()) how = found->second;
    during = during_;
  }
  if (during) during(call);
  switch (how) {
    case Failing::never:
      return std::nullopt;
    case Failing::returns:
      return Error{Errc::io_failed, "the test wants it", call, "it was told to fail", "nothing"};
    case Failing::throws:
      throw std::runtime_error("thrown by " + call);
    case Failing::throws_nonsense:
      throw 42;  // NOLINT
  }
  return std::nullopt;
}

std::optional<Error> SmallBroker::work(const std::string& call, UpdateProgress& progress) {
  bool held = false;
  {
    const std::lock_guard lock(mutex_);
    held = held_.erase(call) > 0;
  }
  if (auto error = enter(call)) return error;
  progress.report(1, 2);
  // A driver that cancels nothing fails the test, and does not hold it up for ever.
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (held && !progress.cancelled() && std::chrono::steady_clock::now() < limit) {
    std::this_thread::yield();
  }
  if (!progress.cancelled()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  calls_.push_back(call + " cancelled");
  return Error{Errc::cancelled, "given up", call, "it was cancelled", "nothing"};
}

Result<StoreFacts> SmallBroker::look() {
  if (auto error = enter("look")) return tl::unexpected(*error);
  const std::lock_guard lock(mutex_);
  live_ = disk_;
  StoreFacts facts;
  facts.content = disk_.events.empty() ? StoreContent::holds_nothing : StoreContent::holds_data;
  if (!disk_.events.empty()) facts.sequence = disk_.sequence;
  return facts;
}

Result<void> SmallBroker::restore(UpdateProgress& progress) {
  if (auto error = work("restore", progress)) return tl::unexpected(*error);
  return {};
}

Result<void> SmallBroker::discard() {
  if (auto error = enter("discard")) return tl::unexpected(*error);
  const std::lock_guard lock(mutex_);
  live_ = disk_ = {};
  return {};
}

Result<std::uint64_t> SmallBroker::take_update(const UpdateTicket& donor,
                                               UpdateProgress& progress) {
  if (auto error = work("take_update", progress)) return tl::unexpected(*error);
  const auto copy = exchange_.take(donor.number);
  if (!copy) {
    return tl::unexpected(
        Error{Errc::update_failed, "no copy", "exchange", "the ticket is gone", "try again"});
  }
  const std::lock_guard lock(mutex_);
  live_ = disk_ = *copy;
  return copy->sequence;
}

Result<void> SmallBroker::give_update(const UpdateTicket& joiner) {
  if (auto error = enter("give_update")) return tl::unexpected(*error);
  const std::lock_guard lock(mutex_);
  exchange_.give(joiner.number, disk_);
  return {};
}

void SmallBroker::end_giving(const Uuid& ticket) {
  exchange_.end(ticket);
  static_cast<void>(enter("end_giving"));
}

Result<void> SmallBroker::activated(std::uint64_t sequence) {
  if (auto error = enter("activated")) return tl::unexpected(*error);
  const std::lock_guard lock(mutex_);
  live_.sequence = sequence;
  return {};
}

Result<void> SmallBroker::apply(std::uint64_t n, std::span<const std::uint8_t> event) {
  if (auto error = enter("apply")) return tl::unexpected(*error);
  const std::lock_guard lock(mutex_);
  live_.events.emplace_back(event.begin(), event.end());
  live_.sequence = n;
  changed_.notify_all();
  return {};
}

Result<void> SmallBroker::sync() {
  if (auto error = enter("sync")) return tl::unexpected(*error);
  const std::lock_guard lock(mutex_);
  disk_ = live_;
  return {};
}

std::optional<StoreTag> SmallBroker::tag() {
  static_cast<void>(enter("tag"));
  return std::nullopt;
}

void SmallBroker::confirmed(std::uint64_t token, std::uint64_t n) {
  {
    const std::lock_guard lock(mutex_);
    confirmed_[token] = n;
  }
  static_cast<void>(enter("confirmed"));
}

void SmallBroker::dropped(std::uint64_t token) {
  {
    const std::lock_guard lock(mutex_);
    dropped_.insert(token);
  }
  static_cast<void>(enter("dropped"));
}

void SmallBroker::room() { static_cast<void>(enter("room")); }

void SmallBroker::stepped_down() { static_cast<void>(enter("stepped_down")); }

void SmallBroker::status(const Status& status) {
  {
    const std::lock_guard lock(mutex_);
    statuses_.push_back(status);
  }
  static_cast<void>(enter("status"));
}

void SmallBroker::stopped(const Stopped& how) {
  {
    const std::lock_guard lock(mutex_);
    end_ = how;
  }
  static_cast<void>(enter("stopped"));
}

}  // namespace storemark::test
