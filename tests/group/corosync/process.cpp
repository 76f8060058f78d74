// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/endian/conversion.hpp>

#include "group/corosync/world.hpp"

namespace storemark::corosync_group {

Process::Process(Connection& made, std::uint64_t identity, bool has_quorum)
    : connection(&made),
      order({made.address, identity, "n", has_quorum}),
      sender(std::size_t{1} << 20) {
  record.self = {identity};
}

bool Process::take(std::size_t count, std::uint64_t departures) {
  if (connection->callbacks.empty()) return false;
  for (; count > 0 && !connection->callbacks.empty() && !is_lost; --count) {
    const Callback callback = std::move(connection->callbacks.front());
    connection->callbacks.pop_front();
    give(callback, departures);
    drain();
  }
  must_ask = true;
  return true;
}

/// As the thread does it: the callbacks of a ring change are one item.
void Process::give(const Callback& callback, std::uint64_t departures) {
  switch (callback.kind) {
    case Callback::Kind::message:
      return take_message(callback);
    case Callback::Kind::confchg: {
      members_ = callback.members;
      if (!change_) change_.emplace();
      change_->members = members_;
      change_->left.insert(change_->left.end(), callback.left.begin(), callback.left.end());
      const bool is_join = !is_in_;
      is_in_ = true;
      is_ring_change_ = is_ring_change_ || callback.is_of_ring;
      if (is_join && early_ring_) {
        change_->ring = early_ring_;
        change_->departures = early_departures_;
      } else if (is_join || is_ring_change_) {
        return;  // the totem callback comes
      }
      break;
    }
    case Callback::Kind::totem:
      if (!is_in_) {
        early_ring_ = callback.ring;
        early_departures_ = departures;
        return;
      }
      if (!change_) change_.emplace();
      change_->members = members_;
      change_->ring = callback.ring;
      change_->departures = departures;
      break;
  }
  is_ring_change_ = false;
  ring_ = change_->ring.value_or(ring_);
  entrance.shut(change_->members, ring_);
  order.configuration(*change_);
  change_.reset();
}

void Process::take_message(const Callback& callback) {
  const bool counts = entrance.judge(callback.from, callback.bytes) == Entrance::Verdict::counts;
  if (callback.from == connection->address) {
    EnvelopeHead head{};
    std::copy_n(callback.bytes.begin(), head.size(), head.begin());
    if (!sender.came_back(head, counts)) record.misses_own = true;
  }
  if (counts) return order.message(callback.from, callback.bytes);
  order.overheard(callback.from, callback.bytes);
}

void Process::ask(std::uint64_t departures) {
  must_ask = false;
  order.certain(departures);
  drain();
}

void Process::drain() {
  while (auto action = order.next()) {
    if (auto* bytes = std::get_if<Multicast>(&*action)) {
      sender.push_control(bytes->bytes);
    } else if (auto* install = std::get_if<Install>(&*action)) {
      record.views.push_back({std::move(install->view), {}});
    } else if (auto* given = std::get_if<Deliver>(&*action)) {
      if (record.views.empty()) {
        record.began_without_view = true;
        continue;
      }
      const std::uint64_t number = boost::endian::load_little_u64(given->message.data());
      record.views.back().given.push_back({given->from, number});
    } else if (auto* lost = std::get_if<Lost>(&*action)) {
      is_lost = true;
      why = std::move(lost->error);
    }
  }
}

bool Process::send(bool when_it_may) {
  if (when_it_may ? !order.may_send() : record.views.empty()) return false;
  Bytes message(sizeof(std::uint64_t));
  boost::endian::store_little_u64(message.data(), ++sent);
  sender.push(envelope_head(MessageType::data, message), message);
  return true;
}

bool Process::flush(Daemons& daemons) {
  const Sender::Message* message = sender.next(order.may_send());
  if (message == nullptr) return false;
  Bytes bytes(message->head.begin(), message->head.end());
  bytes.insert(bytes.end(), message->body.begin(), message->body.end());
  if (!daemons.send(*connection, std::move(bytes))) return false;
  bundles += message->head == envelope_head(MessageType::bundle, message->body);
  sender.pop();
  return true;
}

}  // namespace storemark::corosync_group
