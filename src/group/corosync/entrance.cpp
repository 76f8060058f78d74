// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/entrance.hpp"

#include <algorithm>
#include <utility>

#include "group/corosync/hello_codec.hpp"

namespace storemark::corosync_group {

void Entrance::shut(const std::vector<Address>& members, const RingId& ring) {
  ring_ = ring;
  outside_ = {members.begin(), members.end()};
  std::erase_if(noticed_, [&](const Address& who) { return !outside_.contains(who); });
}

Entrance::Verdict Entrance::judge(Address from, ByteView bytes) {
  if (!outside_.contains(from)) return Verdict::counts;
  const auto opened = open_envelope(bytes);
  // Order names who speaks another version, and goes on without it.
  if (std::holds_alternative<OtherVersion>(opened)) return Verdict::counts;
  if (const auto* alien = std::get_if<NotOurs>(&opened)) {
    if (noticed_.insert(from).second) {
      notice_ = "a message from " + to_string(from) + " is ignored: " + alien->why;
    }
    return Verdict::is_void;
  }
  const auto& message = std::get<Opened>(opened);
  if (message.type != MessageType::hello) return Verdict::is_void;
  const auto hello = decode_hello(message.body);
  if (!hello || hello->ring != ring_) return Verdict::is_void;
  outside_.erase(from);
  return Verdict::counts;
}

std::optional<std::string> Entrance::notice() { return std::exchange(notice_, std::nullopt); }

}  // namespace storemark::corosync_group
