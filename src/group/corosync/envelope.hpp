// SPDX-License-Identifier: Apache-2.0
// What stands before each message of the group. PROTOCOL.md has the table. Pure; whatever the
// bytes.
#pragma once

#include <array>
#include <string>
#include <variant>

#include "group/corosync/address.hpp"

namespace storemark::corosync_group {

inline constexpr std::uint32_t envelope_magic = 0x47434D53;  // "SMCG"
inline constexpr std::uint8_t protocol_version = 1;
inline constexpr std::size_t envelope_bytes = 20;

enum class MessageType : std::uint8_t {
  data = 1,
  hello = 2,
  exclude = 3,
  renew = 4,
  agree = 5,
  bundle = 6,
};

using EnvelopeHead = std::array<std::uint8_t, envelope_bytes>;
/// The head alone, for one who sends head and body as two pieces.
[[nodiscard]] EnvelopeHead envelope_head(MessageType type, ByteView body);
/// Head and body.
[[nodiscard]] Bytes in_envelope(MessageType type, ByteView body);

struct Opened {
  MessageType type{};
  ByteView body;  ///< of the bytes given
};
/// It is ours, and of another version; what follows is not known.
struct OtherVersion {
  std::uint8_t version = 0;
};
struct NotOurs {
  std::string why;
};
[[nodiscard]] std::variant<Opened, OtherVersion, NotOurs> open_envelope(ByteView bytes);

}  // namespace storemark::corosync_group
