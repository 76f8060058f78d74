// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/sender.hpp"

#include <algorithm>

namespace storemark::corosync_group {
namespace {

/// What a message takes beside its bytes.
constexpr std::size_t overhead = 96;
/// What is under way at once: so much that the daemon is never idle, and so little that a Hello is
/// not long behind it.
constexpr std::size_t window_bytes = std::size_t{1} << 20;
constexpr std::size_t window_messages = 2000;

MessageType type_of(const EnvelopeHead& head) { return static_cast<MessageType>(head[5]); }

EnvelopeHead head_of(ByteView bytes) {
  EnvelopeHead out{};
  std::ranges::copy(bytes.first(std::min(bytes.size(), out.size())), out.begin());
  return out;
}

}  // namespace

bool Sender::has_room(std::size_t size) {
  const bool room = cost_ == 0 || cost_ + size + overhead <= queue_bytes_;
  if (!room) wants_room_ = true;
  return room;
}

bool Sender::has_room_again() {
  if (!wants_room_ || cost_ > queue_bytes_ / 2) return false;
  wants_room_ = false;
  return true;
}

void Sender::push(const EnvelopeHead& head, ByteView body) {
  data_.push_back({head, Bytes(body.begin(), body.end()), ++data_taken_});
  cost_ += body.size() + overhead;
}

void Sender::push_control(ByteView bytes) {
  control_.push_back({head_of(bytes), Bytes(bytes.begin() + envelope_bytes, bytes.end())});
}

bool Sender::is_window_open() const noexcept {
  return under_way_.size() < window_messages && cost_under_way_ < window_bytes;
}

std::deque<Sender::Message>& Sender::first_queue() noexcept {
  if (!control_.empty()) return control_;
  return again_.empty() ? data_ : again_;
}

const Sender::Message* Sender::next(bool data_may_go) noexcept {
  if (!control_.empty()) return under_way_.empty() ? &control_.front() : nullptr;
  const auto& from = first_queue();
  return data_may_go && !from.empty() && is_window_open() ? &from.front() : nullptr;
}

void Sender::pop() {
  std::deque<Message>& from = first_queue();
  const std::size_t cost = control_.empty() ? from.front().body.size() + overhead : 0;
  under_way_.push_back({std::move(from.front()), cost});
  cost_under_way_ += cost;
  from.pop_front();
}

void Sender::went(const EnvelopeHead& head, ByteView body) {
  const std::size_t cost = body.size() + overhead;
  under_way_.push_back({{head, Bytes(body.begin(), body.end()), ++data_taken_}, cost});
  cost_ += cost;
  cost_under_way_ += cost;
}

bool Sender::came_back(const EnvelopeHead& head, bool counts) {
  if (under_way_.empty() || under_way_.front().message.head != head) return false;
  UnderWay back = std::move(under_way_.front());
  under_way_.pop_front();
  cost_under_way_ -= back.cost;
  if (counts) {
    cost_ -= back.cost;
  } else if (back.cost > 0) {
    // Of an earlier change some may be waiting that were sent behind it.
    again_.insert(std::ranges::upper_bound(again_, back.message.number, {}, &Message::number),
                  std::move(back.message));
  } else if (type_of(head) == MessageType::renew) {
    control_.push_back(std::move(back.message));
  }
  return true;
}

}  // namespace storemark::corosync_group
