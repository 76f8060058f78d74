// SPDX-License-Identifier: Apache-2.0
#include "restart/wire_announce.hpp"

#include <tuple>

#include "text/utf8.hpp"

namespace storemark::wire {
namespace {

namespace at = layout::announce;

static_assert(at::fixed_bytes + max_label_bytes + max_address +
                      max_members * (at::member_bytes + max_label_bytes) +
                      max_history * at::history_bytes + max_compared * at::compared_bytes +
                      layout::envelope_bytes <=
                  max_control_bytes,
              "the largest announcement fits");

// The numbers on the wire are those of the enumerators; PROTOCOL.md spells them out.
constexpr auto last_kind = MemberKind::transient;
constexpr auto last_state = StoreState::clean;
constexpr auto last_diagnosis = Diagnosis::foreign;
constexpr auto last_certainty = Certainty::at_least;
constexpr auto last_restore = RestorePolicy::latest;
constexpr auto last_found = FoundPolicy::never;
constexpr auto last_quorum = QuorumPolicy::required;
static_assert(static_cast<int>(last_kind) == 1 && static_cast<int>(last_state) == 4 &&
                  static_cast<int>(last_diagnosis) == 6 && static_cast<int>(last_certainty) == 2 &&
                  static_cast<int>(last_restore) == 1 && static_cast<int>(last_found) == 1 &&
                  static_cast<int>(last_quorum) == 2,
              "a new enumerator is a new protocol version");

std::uint16_t flags_of(const Announcement& member) {
  return static_cast<std::uint16_t>(
      (member.active ? at::flag_active : 0) | (member.sole ? at::flag_sole : 0) |
      (member.marked ? at::flag_marked : 0) | (member.discard ? at::flag_discard : 0) |
      (member.suspended ? at::flag_suspended : 0) | (member.bound ? at::flag_bound : 0));
}

void write_ids(const Announce& announce, Writer& out) {
  const Announcement& member = announce.member;
  out.id(announce.round);
  out.id(member.id);
  out.id(member.incarnation);
  out.id(member.initial);
  out.id(member.final);
  out.id(member.proposal);
  out.id(member.view.id);
  out.id(announce.update_from);
  out.id(announce.following);
  out.id(Uuid{announce.folded_digest.bytes});
}

void write_numbers(const Announce& announce, Writer& out) {
  const Announcement& member = announce.member;
  out.integer(member.floor);
  out.integer(member.ceiling);
  out.integer(announce.held);
  out.integer(member.folded);
  out.integer(member.wait_for);
  out.integer(static_cast<std::uint8_t>(member.kind));
  out.integer(static_cast<std::uint8_t>(member.state));
  out.integer(static_cast<std::uint8_t>(member.diagnosis));
  out.integer(static_cast<std::uint8_t>(member.certainty));
  out.integer(static_cast<std::uint8_t>(member.restore));
  out.integer(static_cast<std::uint8_t>(member.found));
  out.integer(flags_of(member));
  out.integer(announce.speaks);
}

void write_counts(const Announce& announce, Writer& out) {
  const Announcement& member = announce.member;
  out.integer(saturated<std::uint16_t>(member.label.size()));
  out.integer(saturated<std::uint16_t>(announce.address.size()));
  out.integer(saturated<std::uint16_t>(member.view.members.size()));
  out.integer(saturated<std::uint16_t>(member.history.size()));
  out.integer(saturated<std::uint16_t>(member.compared.size()));
  out.integer(static_cast<std::uint8_t>(member.quorum));
  out.integer(member.epoch);
}

void write_packed(const Announce& announce, Writer& out) {
  out.text(announce.member.label);
  out.text(announce.address);
  for (const Member& member : announce.member.view.members) {
    out.id(member.id);
    out.integer(member.sequence);
    out.integer(saturated<std::uint8_t>(member.label.size()));
    out.text(member.label);
  }
  for (const HistoryEntry& entry : announce.member.history) {
    out.id(entry.view);
    out.integer(entry.from);
    out.integer(entry.members);
  }
  for (const Compared& entry : announce.member.compared) {
    out.id(entry.id);
    out.id(entry.view);
    out.integer(entry.sequence);
  }
}

void read_ids(const Reader& in, Announce& out) {
  out.round = in.id<Uuid>(at::round);
  out.member.id = in.id<MemberId>(at::member);
  out.member.incarnation = in.id<Incarnation>(at::incarnation);
  out.member.initial = in.id<InitialUuid>(at::initial);
  out.member.final = in.id<FinalUuid>(at::final_uuid);
  out.member.proposal = in.id<InitialUuid>(at::proposal);
  out.member.view.id = in.id<ViewId>(at::view);
  out.update_from = in.id<Incarnation>(at::update_from);
  out.following = in.id<ViewId>(at::following);
  out.folded_digest = {in.id<Uuid>(at::folded_digest).bytes};
}

/// Sets the enumerator, if there is one with this number.
template <class Enum>
bool read_enum(const Reader& in, const Field& field, Enum last, Enum& out) {
  const auto number = in.integer<std::uint8_t>(field);
  if (number > static_cast<std::uint8_t>(last)) return false;
  out = static_cast<Enum>(number);
  return true;
}

std::string_view read_enums(const Reader& in, Announcement& out) {
  if (!read_enum(in, at::kind, last_kind, out.kind)) return "its kind is unknown";
  if (!read_enum(in, at::state, last_state, out.state)) return "its state is unknown";
  if (!read_enum(in, at::diagnosis, last_diagnosis, out.diagnosis))
    return "its diagnosis is unknown";
  if (!read_enum(in, at::certainty, last_certainty, out.certainty))
    return "its certainty is unknown";
  if (!read_enum(in, at::restore, last_restore, out.restore)) return "its policy is unknown";
  if (!read_enum(in, at::found, last_found, out.found)) return "its policy is unknown";
  if (!read_enum(in, at::quorum, last_quorum, out.quorum)) return "its policy is unknown";
  const auto flags = in.integer<std::uint16_t>(at::flags);
  if ((flags & ~at::known_flags) != 0) return "an unknown flag is set";
  out.active = (flags & at::flag_active) != 0;
  out.sole = (flags & at::flag_sole) != 0;
  out.marked = (flags & at::flag_marked) != 0;
  out.discard = (flags & at::flag_discard) != 0;
  out.suspended = (flags & at::flag_suspended) != 0;
  out.bound = (flags & at::flag_bound) != 0;
  return {};
}

std::string_view read_numbers(const Reader& in, Announce& out) {
  Announcement& member = out.member;
  member.floor = in.integer<std::uint64_t>(at::floor);
  member.ceiling = in.integer<std::uint64_t>(at::ceiling);
  out.held = in.integer<std::uint64_t>(at::held);
  member.folded = in.integer<std::uint32_t>(at::folded);
  member.wait_for = in.integer<std::uint32_t>(at::wait_for);
  member.epoch = in.integer<std::uint64_t>(at::epoch);
  out.speaks = in.integer<std::uint16_t>(at::speaks);
  if (member.floor > member.ceiling) return "its floor is above its ceiling";
  if (member.ceiling > max_sequence || out.held > max_sequence) {
    return "its sequence is beyond all counting";
  }
  if (member.wait_for > max_wait_for) return "it waits for more members than there can be";
  if (out.speaks < protocol_version) return "it does not speak the protocol that it uses";
  return {};
}

std::string_view read_texts(Reader& in, Announce& out) {
  const std::size_t label = in.integer<std::uint16_t>(at::label);
  const std::size_t address = in.integer<std::uint16_t>(at::address);
  if (label > max_label_bytes) return "its label is too long";
  if (address > max_address) return "its address is too long";
  out.member.label = in.next_text(label);
  out.address = in.next_text(address);
  if (!is_utf8(out.member.label)) return "its label is not UTF-8";
  return {};
}

std::string_view read_members(Reader& in, View& out) {
  const std::size_t count = in.integer<std::uint16_t>(at::members);
  if (count > max_members) return "its view has too many members";
  for (std::size_t i = 0; i < count && !in.ran_over(); ++i) {
    Member member;
    member.id = in.next_id<MemberId>();
    member.sequence = in.next<std::uint64_t>();
    const std::size_t label = in.next<std::uint8_t>();
    if (member.sequence > max_sequence) return "a member's sequence is beyond all counting";
    if (label > max_label_bytes) return "a member's label is too long";
    member.label = in.next_text(label);
    if (!is_utf8(member.label)) return "a member's label is not UTF-8";
    out.members.push_back(std::move(member));
  }
  return {};
}

std::string_view read_history(Reader& in, std::vector<HistoryEntry>& out) {
  const std::size_t count = in.integer<std::uint16_t>(at::history);
  if (count > max_history) return "its history is too long";
  for (std::size_t i = 0; i < count && !in.ran_over(); ++i) {
    HistoryEntry entry;
    entry.view = in.next_id<ViewId>();
    entry.from = in.next<std::uint64_t>();
    entry.members = in.next<std::uint16_t>();
    if (in.ran_over()) break;
    if (entry.from > max_sequence) return "its history is beyond all counting";
    if (!out.empty() && entry.from < out.back().from) return "its history goes backwards";
    if (std::ranges::any_of(out, [&](auto& before) { return before.view == entry.view; })) {
      return "its history has a view twice";
    }
    out.push_back(entry);
  }
  return {};
}

std::string_view read_compared(Reader& in, std::vector<Compared>& out) {
  const std::size_t count = in.integer<std::uint16_t>(at::compared);
  if (count > max_compared) return "its mark was compared with too many stores";
  for (std::size_t i = 0; i < count && !in.ran_over(); ++i) {
    Compared entry;
    entry.id = in.next_id<MemberId>();
    entry.view = in.next_id<ViewId>();
    entry.sequence = in.next<std::uint64_t>();
    if (entry.sequence > max_sequence) return "a compared sequence is beyond all counting";
    out.push_back(entry);
  }
  return {};
}

/// What is wrong with this body, which has all fixed fields; or an empty text.
std::string_view read_body(Reader& in, Announce& out) {
  read_ids(in, out);
  if (out.round.is_nil()) return "it names no round";
  if (out.member.id.is_nil() || out.member.incarnation.is_nil()) return "it names no member";
  if (auto wrong = read_enums(in, out.member); !wrong.empty()) return wrong;
  if (auto wrong = read_numbers(in, out); !wrong.empty()) return wrong;
  if (!in.is_zero(at::reserved)) return "reserved bytes are not zero";
  in.go_to(at::fixed_bytes);
  if (auto wrong = read_texts(in, out); !wrong.empty()) return wrong;
  if (auto wrong = read_members(in, out.member.view); !wrong.empty()) return wrong;
  if (auto wrong = read_history(in, out.member.history); !wrong.empty()) return wrong;
  if (auto wrong = read_compared(in, out.member.compared); !wrong.empty()) return wrong;
  if (in.ran_over() || !in.at_end()) return "its body has not the length that its counts add up to";
  return {};
}

/// Every field, in the order of the struct.
auto fields_of(const Announcement& a) {
  return std::tie(a.id, a.label, a.incarnation, a.kind, a.active, a.state, a.diagnosis, a.certainty,
                  a.initial, a.final, a.floor, a.ceiling, a.history, a.folded, a.view, a.sole,
                  a.marked, a.discard, a.compared, a.wait_for, a.restore, a.found, a.quorum,
                  a.suspended, a.bound, a.epoch, a.proposal);
}

}  // namespace

bool Announce::operator==(const Announce& other) const {
  return round == other.round && fields_of(member) == fields_of(other.member) &&
         address == other.address && held == other.held && update_from == other.update_from &&
         following == other.following && folded_digest == other.folded_digest &&
         speaks == other.speaks;
}

void write_announce(const Announce& announce, Writer& out) {
  write_ids(announce, out);
  write_numbers(announce, out);
  write_counts(announce, out);
  out.zeros(at::reserved.size);
  write_packed(announce, out);
}

tl::expected<Message, std::string> read_announce(std::span<const std::uint8_t> body) {
  if (body.size() < at::fixed_bytes) {
    return tl::unexpected<std::string>("it is too short for an announcement");
  }
  Reader in(body);
  Announce out;
  if (auto wrong = read_body(in, out); !wrong.empty()) {
    return tl::unexpected<std::string>(std::string(wrong));
  }
  return Message(std::move(out));
}

}  // namespace storemark::wire
