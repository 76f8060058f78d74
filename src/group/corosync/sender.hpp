// SPDX-License-Identifier: Apache-2.0
// What this node sends: what waits, and what is under way until it comes back. Small data that wait
// go together. Pure.
#pragma once

#include <deque>

#include "group/corosync/envelope.hpp"

namespace storemark::corosync_group {

class Sender {
 public:
  /// At most so many bytes of data wait or are under way, or one message.
  explicit Sender(std::size_t queue_bytes) noexcept : queue_bytes_(queue_bytes) {}

  /// Whether data of that size are taken. If not, has_room_again() will say when.
  [[nodiscard]] bool has_room(std::size_t size);
  /// Once after has_room() said no, when half is free.
  [[nodiscard]] bool has_room_again();

  // To be sent.
  void push(const EnvelopeHead& head, ByteView body);
  /// A whole message, that goes before all data.
  void push_control(ByteView bytes);
  [[nodiscard]] bool nothing_waits() const noexcept {
    return control_.empty() && sealed_.empty() && data_.empty();
  }
  [[nodiscard]] bool nothing_under_way() const noexcept { return under_way_.empty(); }
  /// Whether data may go: so many at once are under way.
  [[nodiscard]] bool is_window_open() const noexcept;
  struct Message {
    EnvelopeHead head{};
    Bytes body;
    std::uint64_t number = 0;  ///< of data: they are sent in its order
    std::size_t cost = 0;      ///< of data; 0: control
  };
  /// What goes next: controls, when all that was under way is back; else data, where they may.
  /// nullptr: nothing. It stays the same until it has gone, or is a control.
  [[nodiscard]] const Message* next(bool data_may_go);
  /// That it has gone.
  void pop();
  /// Data that went without waiting.
  void went(const EnvelopeHead& head, ByteView body);

  /// A message of this node has come. Where it does not count it goes again, before all that waits;
  /// but no Hello, Agree or Exclude, which would be too late. False: it is not the one that was
  /// sent next; some were lost.
  [[nodiscard]] bool came_back(const EnvelopeHead& head, bool counts);
  /// Data that were taken, since ever.
  [[nodiscard]] std::uint64_t data_taken() const noexcept { return data_taken_; }

 private:
  void seal();

  const std::size_t queue_bytes_;
  bool wants_room_ = false;
  std::deque<Message> control_;
  std::deque<Message> sealed_;  ///< that went, and did not count, or goes next; by number
  std::deque<Message> data_;
  std::deque<Message> under_way_;
  std::size_t cost_ = 0;  ///< of data, waiting and under way
  std::size_t cost_under_way_ = 0;
  std::uint64_t data_taken_ = 0;
};

}  // namespace storemark::corosync_group
