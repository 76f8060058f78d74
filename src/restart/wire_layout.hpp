// SPDX-License-Identifier: Apache-2.0
// Where everything stands in a message. PROTOCOL.md is its prose; a test regenerates the tables
// there from the arrays of fields.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace storemark::wire::layout {

struct Field {
  std::string_view name;
  std::size_t offset;
  std::size_t size;
  std::string_view meaning;
  constexpr std::size_t end() const { return offset + size; }
};

constexpr Field after(const Field& previous, std::string_view name, std::size_t size,
                      std::string_view meaning) {
  return {name, previous.end(), size, meaning};
}

/// How a message says what it is; the place in wire::Message, counted from one.
enum class Type : std::uint8_t {
  announce = 1,
  offer = 2,
  retry = 3,
  prepared = 4,
  activated = 5,
  event = 6,
  confirm = 7,
  shutdown = 8,
};
inline constexpr std::uint8_t type_count = 8;

/// Before the body. Frozen for ever, as is the check behind it.
namespace envelope {
inline constexpr Field magic{"magic", 0, 4, "`SMRK`"};
inline constexpr Field version = after(magic, "version", 2, "of the protocol, 1");
inline constexpr Field type = after(version, "type", 1, "which message, 1 to 8");
inline constexpr Field reserved = after(type, "reserved", 1, "zero");
inline constexpr Field length = after(reserved, "length", 4, "of the body, in bytes");
inline constexpr std::array fields{magic, version, type, reserved, length};
}  // namespace envelope

inline constexpr std::array<char, 4> magic_bytes{'S', 'M', 'R', 'K'};
inline constexpr std::size_t header_bytes = envelope::length.end();
inline constexpr std::size_t check_bytes = 8;
inline constexpr std::size_t envelope_bytes = header_bytes + check_bytes;
inline constexpr std::uint64_t check_seed = 0x65726977;  // "wire"

// Offsets from here on count from the start of the body.

namespace announce {
inline constexpr Field round{"round", 0, 16, "id of the group's membership; not nil"};
inline constexpr Field member = after(round, "member", 16, "member id; not nil");
inline constexpr Field incarnation =
    after(member, "incarnation", 16, "of this member's run; not nil");
inline constexpr Field initial = after(incarnation, "initial", 16, "initial UUID; nil: none yet");
inline constexpr Field final_uuid = after(initial, "final", 16, "final UUID; nil: none");
inline constexpr Field proposal =
    after(final_uuid, "proposal", 16, "initial UUID for a cluster that is to be founded");
inline constexpr Field view = after(proposal, "view", 16, "id of its last view");
inline constexpr Field update_from = after(
    view, "update_from", 16, "incarnation of the donor of the update that it takes; nil: none");
inline constexpr Field following =
    after(update_from, "following", 16, "the view of that update; nil: none");
inline constexpr Field folded_digest =
    after(following, "folded_digest", 16, "chained over the views that are forgotten");
inline constexpr Field floor = after(folded_digest, "floor", 8, "the store holds at least so many");
inline constexpr Field ceiling = after(floor, "ceiling", 8, "and at most so many");
inline constexpr Field held = after(ceiling, "held", 8, "what the store counts itself");
inline constexpr Field folded = after(held, "folded", 4, "how many older views are forgotten");
inline constexpr Field wait_for = after(folded, "wait_for", 4, "cluster_wait_for, at most 1000000");
inline constexpr Field kind = after(wait_for, "kind", 1, "0 persistent, 1 transient");
inline constexpr Field state =
    after(kind, "state", 1, "0 none, 1 empty, 2 updating, 3 dirty, 4 clean");
inline constexpr Field diagnosis = after(
    state, "diagnosis", 1, "0 none, 1 absent, 2 lost, 3 hollow, 4 damaged, 5 future, 6 foreign");
inline constexpr Field certainty =
    after(diagnosis, "certainty", 1, "0 exact, 1 between, 2 at least");
inline constexpr Field restore = after(certainty, "restore", 1, "0 manual, 1 latest");
inline constexpr Field found = after(restore, "found", 1, "0 allowed, 1 never");
inline constexpr Field flags =
    after(found, "flags", 2,
          "1 active, 2 sole, 4 marked, 8 discard, 16 suspended, 32 bound; the others zero");
inline constexpr Field speaks =
    after(flags, "speaks", 2, "the highest protocol version that it knows; at least `version`");
inline constexpr Field label = after(speaks, "label", 2, "bytes of the label, 0 to 16");
inline constexpr Field address = after(label, "address", 2, "bytes of the address, 0 to 255");
inline constexpr Field members = after(address, "members", 2, "members of its last view, 0 to 64");
inline constexpr Field history = after(members, "history", 2, "views of its history, 0 to 32");
inline constexpr Field compared =
    after(history, "compared", 2, "stores that its mark was compared with, 0 to 63");
inline constexpr Field quorum = after(compared, "quorum", 1, "0 ignored, 1 automatic, 2 required");
inline constexpr Field epoch =
    after(quorum, "epoch", 8, "counts the views of an active cluster that had a quorum");
inline constexpr Field reserved = after(epoch, "reserved", 3, "zero");
inline constexpr std::array fields{
    round,     member,        incarnation, initial,  final_uuid, proposal, view,     update_from,
    following, folded_digest, floor,       ceiling,  held,       folded,   wait_for, kind,
    state,     diagnosis,     certainty,   restore,  found,      flags,    speaks,   label,
    address,   members,       history,     compared, quorum,     epoch,    reserved};
inline constexpr std::size_t fixed_bytes = reserved.end();
static_assert(fixed_bytes % 8 == 0);

inline constexpr std::uint16_t flag_active = 1;
inline constexpr std::uint16_t flag_sole = 2;
inline constexpr std::uint16_t flag_marked = 4;
inline constexpr std::uint16_t flag_discard = 8;
inline constexpr std::uint16_t flag_suspended = 16;
inline constexpr std::uint16_t flag_bound = 32;
inline constexpr std::uint16_t known_flags = 63;

// Behind the fixed fields, packed: label, address, members, history, compared.
inline constexpr std::size_t member_bytes = 16 + 8 + 1;  // and its label
inline constexpr std::size_t history_bytes = 16 + 8 + 2;
inline constexpr std::size_t compared_bytes = 16 + 16 + 8;
}  // namespace announce

namespace offer {
inline constexpr Field round{"round", 0, 16, "id of the group's membership; not nil"};
inline constexpr Field joiner = after(round, "joiner", 16, "incarnation of the joiner; not nil");
inline constexpr Field ticket = after(joiner, "ticket", 16, "shown to the donor; not nil");
inline constexpr Field sequence =
    after(ticket, "sequence", 8, "of the cluster, where the offer was decided");
inline constexpr Field held = after(sequence, "held", 8, "what the donor's store counts itself");
inline constexpr std::array fields{round, joiner, ticket, sequence, held};
}  // namespace offer

namespace in_round {
inline constexpr Field round{"round", 0, 16, "id of the group's membership; not nil"};
inline constexpr std::array fields{round};
}  // namespace in_round

namespace activated {
inline constexpr Field view{"view", 0, 16, "the first view of this start; not nil"};
inline constexpr std::array fields{view};
}  // namespace activated

namespace confirm {
inline constexpr Field sequence{"sequence", 0, 8, "durable in the sender's store up to here"};
inline constexpr std::array fields{sequence};
}  // namespace confirm

namespace shutdown {
inline constexpr Field final_uuid{"final", 0, 16, "a fresh final UUID; not nil"};
inline constexpr std::array fields{final_uuid};
}  // namespace shutdown

template <std::size_t count>
constexpr bool gapless(const std::array<Field, count>& fields) {
  std::size_t at = 0;
  for (const Field& field : fields) {
    if (field.offset != at) return false;
    at = field.end();
  }
  return true;
}
static_assert(gapless(envelope::fields) && gapless(announce::fields) && gapless(offer::fields));
static_assert(envelope::length.offset == 8 && envelope::length.size == 4, "frozen");

}  // namespace storemark::wire::layout
