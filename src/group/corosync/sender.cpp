// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/sender.hpp"

#include <algorithm>
#include <utility>

#include "group/corosync/bundle.hpp"

namespace storemark::corosync_group {
namespace {

/// What a message takes beside its bytes.
constexpr std::size_t overhead = 96;
/// What is under way at once: so much that the daemon is never idle, and so little that a Hello is
/// not long behind it.
constexpr std::size_t window_bytes = std::size_t{1} << 20;
constexpr std::size_t window_messages = 64;

MessageType type_of(const EnvelopeHead& head) { return static_cast<MessageType>(head[5]); }

std::size_t cost_of(ByteView data) { return data.size() + overhead; }

std::size_t bundled(ByteView data) { return data.size() + bundled_head_bytes; }

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
  data_.push_back({head, Bytes(body.begin(), body.end()), ++data_taken_, cost_of(body)});
  cost_ += cost_of(body);
}

void Sender::push_control(ByteView bytes) {
  control_.push_back({head_of(bytes), Bytes(bytes.begin() + envelope_bytes, bytes.end())});
}

bool Sender::is_window_open() const noexcept {
  return under_way_.size() < window_messages && cost_under_way_ < window_bytes;
}

/// The next of the data that wait, with those behind it that are small enough.
void Sender::seal() {
  Message out = std::move(data_.front());
  data_.pop_front();
  const auto fits = [&](std::size_t size) {
    return !data_.empty() && size + bundled(data_.front().body) <= max_bundle_bytes;
  };
  if (fits(bundled(out.body))) {
    Bytes body;
    bundle(body, out.body);
    for (; fits(body.size()); data_.pop_front()) {
      bundle(body, data_.front().body);
      out.cost += data_.front().cost;
    }
    out.body = std::move(body);
    out.head = envelope_head(MessageType::bundle, out.body);
  }
  sealed_.push_back(std::move(out));
}

const Sender::Message* Sender::next(bool data_may_go) {
  if (!control_.empty()) return under_way_.empty() ? &control_.front() : nullptr;
  if (!data_may_go || !is_window_open()) return nullptr;
  if (sealed_.empty() && !data_.empty()) seal();
  return sealed_.empty() ? nullptr : &sealed_.front();
}

void Sender::pop() {
  std::deque<Message>& from = control_.empty() ? sealed_ : control_;
  cost_under_way_ += from.front().cost;
  under_way_.push_back(std::move(from.front()));
  from.pop_front();
}

void Sender::went(const EnvelopeHead& head, ByteView body) {
  under_way_.push_back({head, Bytes(body.begin(), body.end()), ++data_taken_, cost_of(body)});
  cost_ += cost_of(body);
  cost_under_way_ += cost_of(body);
}

bool Sender::came_back(const EnvelopeHead& head, bool counts) {
  if (under_way_.empty() || under_way_.front().head != head) return false;
  Message back = std::move(under_way_.front());
  under_way_.pop_front();
  cost_under_way_ -= back.cost;
  if (counts) {
    cost_ -= back.cost;
  } else if (back.cost > 0) {
    // Of an earlier change some may be waiting that were sent behind it.
    sealed_.insert(std::ranges::upper_bound(sealed_, back.number, {}, &Message::number),
                   std::move(back));
  } else if (type_of(head) == MessageType::renew) {
    control_.push_back(std::move(back));
  }
  return true;
}

}  // namespace storemark::corosync_group
