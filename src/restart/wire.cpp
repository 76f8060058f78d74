// SPDX-License-Identifier: Apache-2.0
#include "restart/wire.hpp"

#include <xxhash.h>

#include "restart/wire_announce.hpp"
#include "restart/wire_bytes.hpp"

namespace storemark::wire {
namespace {

using layout::Type;
using Bytes = std::span<const std::uint8_t>;
using Decoded = tl::expected<Message, std::string>;

static_assert(std::variant_size_v<Message> == layout::type_count);

std::uint64_t check_of(Bytes bytes) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), layout::check_seed);
}

// --- bodies, but for the announcement's
// -----------------------------------------------------------

void write_body(const Announce& message, Writer& out) { write_announce(message, out); }
void write_body(const Offer& message, Writer& out) {
  out.id(message.round);
  out.id(message.joiner);
  out.id(message.ticket);
  out.integer(message.sequence);
  out.integer(message.held);
}
void write_body(const Retry& message, Writer& out) { out.id(message.round); }
void write_body(const Prepared& message, Writer& out) { out.id(message.round); }
void write_body(const Activated& message, Writer& out) { out.id(message.view); }
void write_body(const Event& message, Writer& out) {
  out.bytes(message.payload.data(), message.payload.size());
}
void write_body(const Confirm& message, Writer& out) { out.integer(message.sequence); }
void write_body(const Shutdown& message, Writer& out) { out.id(message.final); }

tl::unexpected<std::string> no(std::string why) {
  return tl::unexpected<std::string>(std::move(why));
}

template <std::size_t count>
bool has_length(Bytes body, const std::array<Field, count>& fields) {
  return body.size() == fields.back().end();
}
constexpr const char* wrong_length = "its body has not the length of such a message";

Decoded read_offer(Bytes body) {
  namespace at = layout::offer;
  if (!has_length(body, at::fields)) return no(wrong_length);
  const Reader in(body);
  const Offer out{in.id<Uuid>(at::round), in.id<Incarnation>(at::joiner), in.id<Uuid>(at::ticket),
                  in.integer<std::uint64_t>(at::sequence), in.integer<std::uint64_t>(at::held)};
  if (out.round.is_nil()) return no("it names no round");
  if (out.joiner.is_nil() || out.ticket.is_nil()) return no("it is an offer to nobody");
  if (out.sequence > max_sequence || out.held > max_sequence) {
    return no("its sequence is beyond all counting");
  }
  return out;
}

template <class InRound>
Decoded read_in_round(Bytes body) {
  if (!has_length(body, layout::in_round::fields)) return no(wrong_length);
  const auto round = Reader(body).id<Uuid>(layout::in_round::round);
  if (round.is_nil()) return no("it names no round");
  return InRound{round};
}

Decoded read_activated(Bytes body) {
  if (!has_length(body, layout::activated::fields)) return no(wrong_length);
  const auto view = Reader(body).id<ViewId>(layout::activated::view);
  if (view.is_nil()) return no("it names no view");
  return Activated{view};
}

Decoded read_confirm(Bytes body) {
  if (!has_length(body, layout::confirm::fields)) return no(wrong_length);
  const auto sequence = Reader(body).integer<std::uint64_t>(layout::confirm::sequence);
  if (sequence > max_sequence) return no("its sequence is beyond all counting");
  return Confirm{sequence};
}

Decoded read_shutdown(Bytes body) {
  if (!has_length(body, layout::shutdown::fields)) return no(wrong_length);
  const auto final_uuid = Reader(body).id<FinalUuid>(layout::shutdown::final_uuid);
  if (final_uuid.is_nil()) return no("it is a shutdown without a final UUID");
  return Shutdown{final_uuid};
}

Decoded read_body(Type type, Bytes body) {
  switch (type) {
    case Type::announce:
      return read_announce(body);
    case Type::offer:
      return read_offer(body);
    case Type::retry:
      return read_in_round<Retry>(body);
    case Type::prepared:
      return read_in_round<Prepared>(body);
    case Type::activated:
      return read_activated(body);
    case Type::event:
      return Event{{body.begin(), body.end()}};
    case Type::confirm:
      return read_confirm(body);
    case Type::shutdown:
      return read_shutdown(body);
  }
  return no("its type is unknown");
}

// --- the envelope
// ---------------------------------------------------------------------------------

/// Why these bytes are no message of this version, as far as the envelope says; or an empty text.
std::string envelope_broken(Bytes bytes) {
  namespace at = layout::envelope;
  if (bytes.size() < layout::envelope_bytes) return "it is too short for a message";
  // Before the checksum, so that nobody can make us hash what no version sends.
  if (bytes.size() > max_event_payload + layout::envelope_bytes) return "it is too long";
  const Reader in(bytes);
  if (std::memcmp(bytes.data(), layout::magic_bytes.data(), layout::magic_bytes.size()) != 0) {
    return "it is no message of storemark";
  }
  if (in.integer<std::uint32_t>(at::length) != bytes.size() - layout::envelope_bytes) {
    return "it has not the length that it says";
  }
  const Field check{"check", bytes.size() - layout::check_bytes, layout::check_bytes, ""};
  if (in.integer<std::uint64_t>(check) != check_of(bytes.first(check.offset))) {
    return "its checksum does not verify";
  }
  const auto version = in.integer<std::uint16_t>(at::version);
  if (version != protocol_version) {
    return "it speaks protocol " + std::to_string(version) + ", this is " +
           std::to_string(protocol_version);
  }
  if (!in.is_zero(at::reserved)) return "a reserved byte is not zero";
  return {};
}

}  // namespace

std::vector<std::uint8_t> encode(const Message& message) {
  std::vector<std::uint8_t> out;
  if (const auto* event = std::get_if<Event>(&message)) {
    out.reserve(event->payload.size() + layout::envelope_bytes);
  }
  Writer header(out);
  header.bytes(layout::magic_bytes.data(), layout::magic_bytes.size());
  header.integer(protocol_version);
  header.integer(static_cast<std::uint8_t>(message.index() + 1));
  header.zeros(layout::envelope::reserved.size + layout::envelope::length.size);
  Writer body(out);
  std::visit([&](const auto& one) { write_body(one, body); }, message);
  const auto length = boost::endian::native_to_little(saturated<std::uint32_t>(body.written()));
  std::memcpy(out.data() + layout::envelope::length.offset, &length, sizeof length);
  body.integer(check_of(out));
  return out;
}

Decoded decode(Bytes bytes) {
  if (auto wrong = envelope_broken(bytes); !wrong.empty()) return no(std::move(wrong));
  const Type type{Reader(bytes).integer<std::uint8_t>(layout::envelope::type)};
  const Bytes body = bytes.subspan(layout::header_bytes, bytes.size() - layout::envelope_bytes);
  if (type != Type::event && bytes.size() > max_control_bytes) return no("it is too long");
  return read_body(type, body);
}

}  // namespace storemark::wire
