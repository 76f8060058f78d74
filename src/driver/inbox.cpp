// SPDX-License-Identifier: Apache-2.0
#include "driver/inbox.hpp"

#include <utility>

namespace storemark::driver {

Inbox::Answer Inbox::publish(std::span<const std::uint8_t> event, std::uint64_t token) {
  const std::lock_guard lock(mutex_);
  if (!active_) return Answer::not_active;
  const std::size_t used = waiting_bytes_ + taken_bytes_;
  const bool too_many = waiting_.size() >= most_waiting;
  if (too_many || (used > 0 && (used >= most_bytes_ || event.size() > most_bytes_ - used))) {
    refused_ = true;
    return Answer::no_room;
  }
  waiting_.push_back({{event.begin(), event.end()}, token});
  waiting_bytes_ += event.size();
  return Answer::taken;
}

Inbox::Answer Inbox::shut_down() {
  const std::lock_guard lock(mutex_);
  if (!active_) return Answer::not_active;
  if (!std::exchange(ends_, true)) waiting_.push_back({{}, 0, true});
  return Answer::taken;
}

void Inbox::open() {
  const std::lock_guard lock(mutex_);
  active_ = true;
}

std::deque<Request> Inbox::close() {
  const std::lock_guard lock(mutex_);
  active_ = ends_ = false;
  waiting_bytes_ = taken_bytes_ = 0;
  return std::exchange(waiting_, {});
}

std::optional<Request> Inbox::next() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return std::nullopt;
  std::optional<Request> out(std::move(waiting_.front()));
  waiting_.pop_front();
  waiting_bytes_ -= out->event.size();
  taken_bytes_ += out->event.size();
  return out;
}

void Inbox::sent() {
  const std::lock_guard lock(mutex_);
  taken_bytes_ = 0;
}

bool Inbox::is_empty() const {
  const std::lock_guard lock(mutex_);
  return waiting_.empty();
}

// Half of it, so that a publisher is not called for each single event.
bool Inbox::room_is_due() {
  const std::lock_guard lock(mutex_);
  if (!refused_ || waiting_bytes_ + taken_bytes_ > most_bytes_ / 2) return false;
  if (waiting_.size() > most_waiting / 2) return false;
  refused_ = false;
  return true;
}

}  // namespace storemark::driver
