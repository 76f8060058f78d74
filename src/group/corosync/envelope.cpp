// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/envelope.hpp"

#include <xxhash.h>

#include <algorithm>
#include <boost/endian/conversion.hpp>

namespace storemark::corosync_group {
namespace {

using boost::endian::load_little_u32;
using boost::endian::load_little_u64;

constexpr std::size_t version_at = 4;
constexpr std::size_t type_at = 5;
constexpr std::size_t zero_at = 6;
constexpr std::size_t length_at = 8;
constexpr std::size_t check_at = 12;
static_assert(check_at + sizeof(std::uint64_t) == envelope_bytes);

/// Binds the body to its type and length.
std::uint64_t check_of(std::uint8_t type, ByteView body) {
  return XXH3_64bits_withSeed(body.data(), body.size(), (std::uint64_t{body.size()} << 8) | type);
}

bool is_type(std::uint8_t type) {
  return type >= static_cast<std::uint8_t>(MessageType::data) &&
         type <= static_cast<std::uint8_t>(MessageType::bundle);
}

}  // namespace

EnvelopeHead envelope_head(MessageType type, ByteView body) {
  EnvelopeHead out{};
  boost::endian::store_little_u32(out.data(), envelope_magic);
  out[version_at] = protocol_version;
  out[type_at] = static_cast<std::uint8_t>(type);
  boost::endian::store_little_u32(&out[length_at], static_cast<std::uint32_t>(body.size()));
  boost::endian::store_little_u64(&out[check_at], check_of(out[type_at], body));
  return out;
}

Bytes in_envelope(MessageType type, ByteView body) {
  const EnvelopeHead head = envelope_head(type, body);
  Bytes out(head.size() + body.size());
  std::ranges::copy(body, std::ranges::copy(head, out.begin()).out);
  return out;
}

std::variant<Opened, OtherVersion, NotOurs> open_envelope(ByteView bytes) {
  if (bytes.size() < envelope_bytes || load_little_u32(bytes.data()) != envelope_magic) {
    return NotOurs{"it is not a message of storemark"};
  }
  if (bytes[version_at] != protocol_version) return OtherVersion{bytes[version_at]};
  const ByteView body = bytes.subspan(envelope_bytes);
  if (load_little_u32(&bytes[length_at]) != body.size()) return NotOurs{"its length is wrong"};
  const std::uint8_t type = bytes[type_at];
  if (load_little_u64(&bytes[check_at]) != check_of(type, body)) {
    return NotOurs{"its checksum is wrong"};
  }
  if (!is_type(type) || bytes[zero_at] != 0 || bytes[zero_at + 1] != 0) {
    return NotOurs{"its kind is unknown"};
  }
  return Opened{static_cast<MessageType>(type), body};
}

}  // namespace storemark::corosync_group
