// SPDX-License-Identifier: Apache-2.0
#include "journal/codec.hpp"

#include <algorithm>

#include "journal/bytes.hpp"
#include "journal/errors.hpp"
#include "journal/sections.hpp"
#include "text/utf8.hpp"

namespace storemark::codec {
namespace {

using layout::Field;

template <class Integer>
void put_field(SlotBytes slot, const Field& field, Integer value) {
  put(slot.data() + field.offset, value);
}
template <class Bytes16>
void put_id(SlotBytes slot, const Field& field, const Bytes16& value) {
  put_bytes(slot.data() + field.offset, value);
}
template <class Integer>
Integer get_field(SlotView slot, const Field& field) {
  return get<Integer>(slot.data() + field.offset);
}
template <class Bytes16>
Bytes16 get_id(SlotView slot, const Field& field) {
  return get_bytes<Bytes16>(slot.data() + field.offset);
}

bool is_zero(SlotView slot, const Field& field) {
  return all_zero(slot.subspan(field.offset, field.size));
}

std::uint64_t envelope_hash(SlotView slot) {
  return XXH3_64bits(slot.data(), layout::envelope_check.offset);
}
BodyHash hash_body(SlotView slot) {
  return to_bytes(XXH3_128bits(slot.data(), layout::hashed_bytes));
}
BodyHash seal_for(SlotView slot, std::size_t place) {
  return to_bytes(XXH3_128bits_withSeed(slot.data() + layout::body_hash.offset,
                                        layout::body_hash.size, layout::seal_seed + place));
}

BodyHash write_body_hash(SlotBytes slot) {
  const BodyHash hash = hash_body(slot);
  put_id(slot, layout::body_hash, hash);
  return hash;
}

std::string_view bound_broken(const Record& r) {
  if (r.journal.is_nil()) return "the journal id";
  if (r.generation == 0) return "the generation";
  if (r.state < StoreState::empty || r.state > StoreState::clean) return "the state";
  if (r.floor > r.ceiling) return "the floor above the ceiling";
  if (r.ceiling > max_sequence || r.target > max_sequence) return "the sequence";
  if (r.tag && (r.tag->bytes.empty() || r.tag->bytes.size() > max_tag_bytes))
    return "the store tag";
  if (r.view.members.size() > max_members) return "the number of members";
  if (std::ranges::any_of(r.view.members, [](auto& m) {
        return m.label.size() > max_label_bytes || !is_utf8(m.label);
      })) {
    return "a member's label";
  }
  if (r.compared.size() > max_compared) return "the number of compared stores";
  if (r.reason.size() > max_reason_bytes || !is_utf8(r.reason)) return "the reason";
  if (r.payload.size() > max_payload_bytes) return "the payload";
  return {};
}

void put_envelope(const Record& record, SlotBytes out) {
  std::memcpy(out.data(), layout::magic_bytes.data(), layout::magic_bytes.size());
  put_field(out, layout::version, std::uint32_t{format_version});
  put_field(out, layout::slot_size, std::uint32_t{layout::slot_bytes});
  put_id(out, layout::journal, record.journal);
  put_field(out, layout::envelope_check, envelope_hash(out));
}

std::uint16_t flags_of(const Record& r) {
  return static_cast<std::uint16_t>(
      (r.sole ? layout::flag_sole : 0) | (r.marked ? layout::flag_marked : 0) |
      (r.discard ? layout::flag_discard : 0) | (r.adopted ? layout::flag_adopted : 0) |
      (r.unproven ? layout::flag_unproven : 0));
}

void put_counts(const Record& r, SlotBytes out) {
  put_field(out, layout::members, static_cast<std::uint16_t>(r.view.members.size()));
  put_field(out, layout::history, static_cast<std::uint16_t>(r.history.size()));
  put_field(out, layout::compared, static_cast<std::uint16_t>(r.compared.size()));
  put_field(out, layout::reason, static_cast<std::uint16_t>(r.reason.size()));
  put_field(out, layout::payload, static_cast<std::uint16_t>(r.payload.size()));
}

void put_fixed(const Record& r, SlotBytes out) {
  put_field(out, layout::generation, r.generation);
  put_id(out, layout::parent, r.parent);
  put_id(out, layout::member, r.member);
  put_id(out, layout::incarnation, r.incarnation);
  put_id(out, layout::initial, r.initial);
  put_id(out, layout::final, r.final);
  put_field(out, layout::floor, r.floor);
  put_field(out, layout::ceiling, r.ceiling);
  put_field(out, layout::state, static_cast<std::uint8_t>(r.state));
  put_field(out, layout::flags, flags_of(r));
  if (r.tag) {
    put_field(out, layout::tag_size, static_cast<std::uint8_t>(r.tag->bytes.size()));
    std::memcpy(out.data() + layout::tag.offset, r.tag->bytes.data(), r.tag->bytes.size());
  }
  put_field(out, layout::wall_clock, r.wall_clock);
  put_id(out, layout::donor, r.donor);
  put_field(out, layout::target, r.target);
  put_field(out, layout::mark_held, r.mark_held);
  put_field(out, layout::mark_raised, r.mark_raised);
  put_id(out, layout::view, r.view.id);
  put_id(out, layout::history_digest, r.history_digest);
  put_field(out, layout::folded, r.folded);
}

Record get_fixed(SlotView in) {
  Record r;
  r.journal = get_id<JournalId>(in, layout::journal);
  r.generation = get_field<std::uint64_t>(in, layout::generation);
  r.parent = get_id<BodyHash>(in, layout::parent);
  r.member = get_id<MemberId>(in, layout::member);
  r.incarnation = get_id<Incarnation>(in, layout::incarnation);
  r.initial = get_id<InitialUuid>(in, layout::initial);
  r.final = get_id<FinalUuid>(in, layout::final);
  r.floor = get_field<std::uint64_t>(in, layout::floor);
  r.ceiling = get_field<std::uint64_t>(in, layout::ceiling);
  r.state = static_cast<StoreState>(get_field<std::uint8_t>(in, layout::state));
  const auto flags = get_field<std::uint16_t>(in, layout::flags);
  r.sole = (flags & layout::flag_sole) != 0;
  r.marked = (flags & layout::flag_marked) != 0;
  r.discard = (flags & layout::flag_discard) != 0;
  r.adopted = (flags & layout::flag_adopted) != 0;
  r.unproven = (flags & layout::flag_unproven) != 0;
  r.wall_clock = get_field<std::int64_t>(in, layout::wall_clock);
  r.donor = get_id<MemberId>(in, layout::donor);
  r.target = get_field<std::uint64_t>(in, layout::target);
  r.mark_held = get_field<std::uint64_t>(in, layout::mark_held);
  r.mark_raised = get_field<std::uint64_t>(in, layout::mark_raised);
  r.view.id = get_id<ViewId>(in, layout::view);
  r.history_digest = get_id<BodyHash>(in, layout::history_digest);
  r.folded = get_field<std::uint32_t>(in, layout::folded);
  return r;
}

SectionCounts get_counts(SlotView in) {
  return {
      get_field<std::uint16_t>(in, layout::members), get_field<std::uint16_t>(in, layout::history),
      get_field<std::uint16_t>(in, layout::compared), get_field<std::uint16_t>(in, layout::reason),
      get_field<std::uint16_t>(in, layout::payload)};
}

std::string_view get_tag(SlotView in, Record& record) {
  const std::size_t size = get_field<std::uint8_t>(in, layout::tag_size);
  if (size > max_tag_bytes) return "the store tag is too long";
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(in.data()) + layout::tag.offset;
  if (std::any_of(bytes + size, bytes + max_tag_bytes, [](auto b) { return b != 0; })) {
    return "the store tag is not zero-padded";
  }
  if (size > 0) record.tag = StoreTag{{bytes, bytes + size}};
  return {};
}

/// The rules that a checksum cannot know: what no writer of this format writes. Returns the broken
/// one, or an empty text.
std::string_view get_record(SlotView in, Record& record) {
  // A newer writer may use reserved bytes for a feature that does not concern us.
  const bool strict = get_field<std::uint32_t>(in, layout::compat) == 0 &&
                      get_field<std::uint32_t>(in, layout::ro_compat) == 0;
  if (strict) {
    for (const Field* f :
         {&layout::reserved_a, &layout::reserved_b, &layout::reserved_c, &layout::reserved_d}) {
      if (!is_zero(in, *f)) return "reserved bytes are not zero";
    }
    if ((get_field<std::uint16_t>(in, layout::flags) & ~layout::known_flags) != 0) {
      return "an unknown flag is set";
    }
  }
  record = get_fixed(in);
  const SectionCounts counts = get_counts(in);
  if (record.state < StoreState::empty || record.state > StoreState::clean) {
    return "the state is unknown";
  }
  if (record.floor > record.ceiling) return "the floor is above the ceiling";
  if (record.ceiling > max_sequence || record.target > max_sequence) {
    return "a sequence is beyond all counting";
  }
  if (record.journal.is_nil()) return "the journal id is nil";
  if (record.generation == 0) return "the generation is zero";
  if (counts.members > max_members || counts.history > max_history ||
      counts.compared > max_compared || counts.reason > max_reason_bytes ||
      counts.payload > max_payload_bytes) {
    return "a section is too large";
  }
  if (auto wrong = get_tag(in, record); !wrong.empty()) return wrong;
  return unpack_sections(in.subspan(layout::area.offset, layout::area.size), counts, strict,
                         record);
}

Decoded broken(SlotHealth health, std::string_view why, bool has_magic = true) {
  Decoded out;
  out.health = health;
  out.has_magic = has_magic;
  out.why = why;
  return out;
}

/// Magic and envelope; a health other than current ends the decoding.
Decoded decode_envelope(SlotView slot) {
  if (all_zero(slot)) {
    return broken(SlotHealth::zero, "all zero: never written, or wiped", false);
  }
  if (!has_magic(slot)) {
    return broken(SlotHealth::invalid, "does not begin with STORMARK: not a record, torn or rotten",
                  false);
  }
  if (get_field<std::uint64_t>(slot, layout::envelope_check) != envelope_hash(slot)) {
    return broken(SlotHealth::invalid, "the envelope's check does not verify: torn or rotten");
  }
  Decoded out;
  out.health = SlotHealth::current;
  out.has_magic = true;
  out.journal = get_id<JournalId>(slot, layout::journal);
  const auto incompat = get_field<std::uint32_t>(slot, layout::incompat);
  if ((incompat & ~layout::known_incompat) != 0 ||
      get_field<std::uint32_t>(slot, layout::slot_size) != layout::slot_bytes) {
    out.health = SlotHealth::future;
    out.why = "written by a newer storemark, format version " +
              std::to_string(get_field<std::uint32_t>(slot, layout::version));
  }
  out.write_forbidden =
      (get_field<std::uint32_t>(slot, layout::ro_compat) & ~layout::known_ro_compat) != 0;
  return out;
}

/// The place other than `place` that the seal binds it to, if any.
std::optional<std::size_t> other_place(SlotView slot, const BodyHash& seal, std::size_t place) {
  for (std::size_t other = 0; other < layout::place_count; ++other) {
    if (other != place && seal == seal_for(slot, other)) return other;
  }
  return std::nullopt;
}

std::string place_name(std::size_t place) {
  return place < slot_count ? "slot " + std::to_string(place)
                            : "anchor " + std::to_string(place - slot_count);
}

}  // namespace

Result<void> encode(const Record& record, SlotBytes out) {
  if (const auto broken = bound_broken(record); !broken.empty()) {
    return fail(Errc::invalid_argument, "the record cannot be written", std::string(broken),
                "it is outside the bounds of the format", "keep to the bounds of record.hpp");
  }
  std::ranges::fill(out, std::byte{0});
  if (record.history.size() > max_history ||
      !pack_sections(record, out.subspan(layout::area.offset, layout::area.size))) {
    return fail(Errc::record_full, "the record cannot be written", "members, history, compared",
                "together they are larger than a slot", "use fewer or shorter ones");
  }
  put_envelope(record, out);
  put_fixed(record, out);
  put_counts(record, out);
  write_body_hash(out);
  return {};
}

Result<void> encode_folding(Record& record, SlotBytes out) {
  for (;;) {
    auto done = encode(record, out);
    if (done || done.error().code != Errc::record_full || record.history.size() <= 1) return done;
    record.history_digest = fold_history(record.history_digest, record.history.front());
    ++record.folded;
    record.history.erase(record.history.begin());
  }
}

BodyHash patch_sequence(SlotBytes slot, const SequencePatch& patch) {
  put_field(slot, layout::generation, patch.generation);
  put_id(slot, layout::parent, patch.parent);
  put_id(slot, layout::incarnation, patch.incarnation);
  put_field(slot, layout::floor, patch.floor);
  put_field(slot, layout::ceiling, patch.ceiling);
  put_field(slot, layout::wall_clock, patch.wall_clock);
  return write_body_hash(slot);
}

void patch_copy(SlotView patched, SlotBytes copy) {
  constexpr std::size_t from = layout::generation.offset;
  static_assert(layout::parent.offset >= from && layout::incarnation.offset >= from);
  static_assert(layout::wall_clock.offset > layout::ceiling.offset);
  std::memcpy(copy.data() + from, patched.data() + from, layout::wall_clock.end() - from);
  put_id(copy, layout::body_hash, body_hash(patched));
}

void seal(SlotBytes slot, std::size_t place) { put_id(slot, layout::seal, seal_for(slot, place)); }

bool has_magic(SlotView slot) {
  return std::memcmp(slot.data(), layout::magic_bytes.data(), layout::magic.size) == 0;
}

bool verifies(SlotView slot, std::size_t place, const BodyHash& hash) {
  return body_hash(slot) == hash && hash_body(slot) == hash &&
         get_id<BodyHash>(slot, layout::seal) == seal_for(slot, place);
}

BodyHash body_hash(SlotView slot) { return get_id<BodyHash>(slot, layout::body_hash); }

BodyHash fold_history(const BodyHash& previous, const HistoryEntry& entry) {
  std::array<std::byte, 16 + layout::history_bytes> text;
  put_bytes(text.data(), previous);
  put_bytes(text.data() + 16, entry.view);
  put(text.data() + 32, entry.from);
  put(text.data() + 40, entry.members);
  return to_bytes(XXH3_128bits(text.data(), text.size()));
}

Decoded decode(SlotView slot, std::size_t place) {
  Decoded out = decode_envelope(slot);
  if (out.health != SlotHealth::current) return out;
  const BodyHash hash = body_hash(slot);
  if (hash != hash_body(slot)) {
    return broken(SlotHealth::invalid, "the checksum does not verify: torn or rotten");
  }
  out.hash = hash;
  const auto seal = get_id<BodyHash>(slot, layout::seal);
  if (seal != seal_for(slot, place)) {
    const auto other = other_place(slot, seal, place);
    if (!other) return broken(SlotHealth::invalid, "the seal does not verify: torn or rotten");
    out.health = SlotHealth::misplaced;
    out.why = "a record that was written for " + place_name(*other);
  }
  Record record;
  if (auto wrong = get_record(slot, record); !wrong.empty()) {
    return broken(SlotHealth::malformed,
                  "its checksum verifies, but " + std::string(wrong) + ": no storemark wrote it");
  }
  out.record = std::move(record);
  return out;
}

}  // namespace storemark::codec
