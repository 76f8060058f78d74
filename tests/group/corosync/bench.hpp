// SPDX-License-Identifier: Apache-2.0
// Orders that a test leads by hand, step by step.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "group/corosync/order.hpp"

namespace storemark::corosync_group {

inline Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }
inline Bytes data(const std::string& text) {
  return in_envelope(MessageType::data, bytes_of(text));
}

/// One node, at the address (number, 1), with its number as identity.
struct One {
  explicit One(std::uint32_t number, bool has_quorum = false)
      : address{number, 1}, order({address, number, "", has_quorum}) {}

  void drain() {
    while (auto action = order.next()) {
      if (auto* multicast = std::get_if<Multicast>(&*action)) {
        said.push_back(std::move(multicast->bytes));
      } else if (auto* install = std::get_if<Install>(&*action)) {
        std::string text = "view";
        for (const GroupNode node : install->view.nodes) text += " " + std::to_string(node.value);
        if (install->view.quorum == Quorum::yes) text += " yes";
        if (install->view.quorum == Quorum::no) text += " no";
        seen.push_back(text);
      } else if (auto* deliver = std::get_if<Deliver>(&*action)) {
        seen.push_back(std::to_string(deliver->from.value) + ":" +
                       std::string(deliver->message.begin(), deliver->message.end()));
      } else if (auto* lost = std::get_if<Lost>(&*action)) {
        seen.push_back(std::string(error_id(lost->error.code)) + " " + lost->error.why);
      } else {
        notices.push_back(std::get<Notice>(*action).text);
      }
    }
  }
  std::vector<std::string> take() { return std::exchange(seen, {}); }

  Address address;
  Order order;
  std::deque<Bytes> said;
  std::vector<std::string> seen;
  std::vector<std::string> notices;
};

using Ones = std::vector<One*>;

inline void configure(const Ones& ones, const Configuration& item) {
  for (One* one : ones) {
    one->order.configuration(item);
    one->drain();
  }
}
inline void give(const Ones& ones, Address from, const Bytes& bytes) {
  for (One* one : ones) {
    one->order.message(from, bytes);
    one->drain();
  }
}
/// What `from` has said, in order, to all of `ones`.
inline void flush(const Ones& ones, One& from) {
  while (!from.said.empty()) {
    const Bytes bytes = from.said.front();
    from.said.pop_front();
    give(ones, from.address, bytes);
  }
}
/// What it has to say next.
inline Bytes say(One& from) {
  Bytes out = from.said.front();
  from.said.pop_front();
  return out;
}
/// What each of them has to say, to all of them, until nobody has.
inline void talk(const Ones& ones) {
  const auto has_said = [](const One* one) { return !one->said.empty(); };
  while (std::ranges::any_of(ones, has_said)) {
    for (One* one : ones) flush(ones, *one);
  }
}
/// What `from` says, and the same from another: Agrees of one round are alike.
inline void say_alike(const Ones& ones, One& from, Address other) {
  const std::deque<Bytes> said = from.said;
  flush(ones, from);
  for (const Bytes& bytes : said) give(ones, other, bytes);
}
inline void certain(const Ones& ones, std::uint64_t departures) {
  for (One* one : ones) {
    one->order.certain(departures);
    one->drain();
  }
}
/// A ring of these, with their processes; there were as many departures as its seq says.
inline Configuration ring_of(const Ones& ones, std::uint64_t seq, std::vector<Address> left = {}) {
  Configuration out{{}, std::move(left), RingId{ones.front()->address.nodeid, seq}, seq};
  for (const One* one : ones) out.members.push_back(one->address);
  return out;
}
/// They form a ring, and come to a view.
inline void meet(const Ones& ones, std::uint64_t seq) {
  configure(ones, ring_of(ones, seq));
  talk(ones);
  certain(ones, seq);
}

}  // namespace storemark::corosync_group
