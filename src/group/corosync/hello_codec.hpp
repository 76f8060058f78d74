// SPDX-License-Identifier: Apache-2.0
// What the nodes say to each other besides data. PROTOCOL.md has the tables. Pure; whatever the
// bytes, decoding ends and takes no more memory than they do.
#pragma once

#include <optional>
#include <storemark/group.hpp>

#include "group/corosync/envelope.hpp"

namespace storemark::corosync_group {

inline constexpr std::uint64_t max_identity = (std::uint64_t{1} << 63) - 1;
inline constexpr std::size_t max_name_bytes = 64;
inline constexpr std::size_t max_excluded = 256;
inline constexpr std::size_t max_stretches = 64;
inline constexpr std::size_t max_agreed = 256;

/// A part of the sender's log that lies before its present ring: from one segment that may have got
/// its view up to the next such.
struct Stretch {
  std::uint64_t digest = 0;   ///< of all raw messages in it
  std::uint64_t certain = 0;  ///< how many, from its beginning, were certain at the sender
  bool operator==(const Stretch&) const = default;
};

struct Hello {
  std::uint64_t identity = 0;
  std::uint64_t counter = 0;  ///< grows with each Hello of this process
  RingId ring;                ///< of the last totem callback that the sender had seen
  Quorum quorum = Quorum::unknown;
  std::string name;
  std::vector<Address> excluded;   ///< who was put out and has not left, as the sender knows
  std::vector<Stretch> stretches;  ///< what was pending when the ring began; newest first
  bool operator==(const Hello&) const = default;
};

/// A Hello that counts in a round.
struct Counted {
  Address from;
  std::uint64_t counter = 0;
  bool operator==(const Counted&) const = default;
};

/// All Hellos of the round are there, and they are these. The round is named by the sender's own.
struct Agree {
  std::vector<Counted> hellos;  ///< ascending
  bool operator==(const Agree&) const = default;
};

/// Puts one out whose Hello or Agree is missing in the sender's present round, which is named by
/// the sender's Hello that counts in it.
struct Exclude {
  Address who;
  RingId ring;
  std::uint64_t counter = 0;  ///< of the sender's Hello
  MessageType missing{};      ///< hello or agree
  bool operator==(const Exclude&) const = default;
};

[[nodiscard]] Bytes encode(const Hello& hello);
[[nodiscard]] Bytes encode(const Agree& agree);
[[nodiscard]] Bytes encode(const Exclude& exclude);
[[nodiscard]] Bytes encode_renew();

// Nothing where the body is not of that kind, whole and within bounds.
[[nodiscard]] std::optional<Hello> decode_hello(ByteView body);
[[nodiscard]] std::optional<Agree> decode_agree(ByteView body);
[[nodiscard]] std::optional<Exclude> decode_exclude(ByteView body);

}  // namespace storemark::corosync_group
