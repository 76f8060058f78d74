// SPDX-License-Identifier: Apache-2.0
// The messages that members of a cluster send each other, and their bytes. Pure. The layout is in
// PROTOCOL.md beside this file.
#pragma once

#include <cstdint>
#include <span>
#include <storemark/restart.hpp>
#include <string>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

namespace storemark::wire {

inline constexpr std::uint16_t protocol_version = 1;
/// What a message that is no event may measure, in bytes.
inline constexpr std::size_t max_control_bytes = 16384;
inline constexpr std::size_t max_event_payload = std::size_t{1} << 20;
inline constexpr std::size_t max_address = 255;
inline constexpr std::uint32_t max_wait_for = 1'000'000;

/// What a member says of itself in one round: the membership of the group that it was made in.
struct Announce {
  Uuid round;  ///< GroupView::id
  Announcement member;
  std::string address;     ///< where updates are taken from it
  std::uint64_t held = 0;  ///< what its store counts itself: below the sequence after a mark
  /// A joiner that takes an update and has missed nothing since: from whom, of which view. Else
  /// nil.
  Incarnation update_from;
  ViewId following;
  BodyHash folded_digest;                   ///< over the views that member.folded counts
  std::uint16_t speaks = protocol_version;  ///< the highest version that it knows

  bool operator==(const Announce&) const;
};

/// A donor: the joiner with this incarnation may take its update.
struct Offer {
  Uuid round;
  Incarnation joiner;
  Uuid ticket;
  std::uint64_t sequence = 0;  ///< of the cluster where the decision (or the request) was delivered
  std::uint64_t held = 0;      ///< what the donor's store counts itself at that point
  auto operator<=>(const Offer&) const = default;
};

/// A joiner: the update failed; offer another.
struct Retry {
  Uuid round;
  auto operator<=>(const Retry&) const = default;
};

/// The store is restored, founded or updated: this member can be activated.
struct Prepared {
  Uuid round;
  auto operator<=>(const Prepared&) const = default;
};

/// A member of a starting cluster: "dirty" is durable in its journal.
struct Activated {
  ViewId view;  ///< the first one of this start
  auto operator<=>(const Activated&) const = default;
};

/// One replicated event.
struct Event {
  std::vector<std::uint8_t> payload;
  auto operator<=>(const Event&) const = default;
};

/// Every event up to this one is durable in the sender's store.
struct Confirm {
  std::uint64_t sequence = 0;
  auto operator<=>(const Confirm&) const = default;
};

/// The administrative shutdown: everybody stops here.
struct Shutdown {
  FinalUuid final;
  auto operator<=>(const Shutdown&) const = default;
};

using Message = std::variant<Announce, Offer, Retry, Prepared, Activated, Event, Confirm, Shutdown>;

/// The bytes of a message that keeps to the bounds; what exceeds them is the caller's mistake, and
/// gives bytes that decode() refuses.
[[nodiscard]] std::vector<std::uint8_t> encode(const Message& message);

/// The message, or in one sentence why these bytes are none. Any bytes; takes time in their number.
/// What it returns keeps to every bound of record.hpp, its enumerators are known ones, its floor is
/// not above its ceiling, its history ascends and names no view twice, and an id without which it
/// means nothing is not nil. It encodes to the same bytes again.
[[nodiscard]] tl::expected<Message, std::string> decode(std::span<const std::uint8_t> bytes);

}  // namespace storemark::wire
