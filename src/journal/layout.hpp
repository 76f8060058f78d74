// SPDX-License-Identifier: Apache-2.0
// Where everything stands in the file and in a slot: the only header with numbers in it. FORMAT.md
// is its prose; a test regenerates the table there from `fields`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <storemark/examine.hpp>
#include <storemark/record.hpp>
#include <string_view>

namespace storemark::layout {

// --- the file ---------------------------------------------------------------------------------

inline constexpr std::size_t slot_bytes = 4096;
inline constexpr std::size_t pair_count = 3;
inline constexpr std::size_t slots_per_pair = 2;
inline constexpr std::size_t pair_bytes = slot_bytes * slots_per_pair;
/// From the start of one pair to the start of the next: far enough apart that one media fault,
/// erase block or stripe does not take two pairs.
inline constexpr std::uint64_t pair_stride = 128 * 1024;
/// After each pair stands an anchor: the founding record once more, written at creation and never
/// again. It says whose file this is when the slots disagree.
inline constexpr std::size_t anchor_count = storemark::anchor_count;
static_assert(anchor_count == pair_count);
inline constexpr std::size_t region_bytes = pair_bytes + slot_bytes;
inline constexpr std::uint64_t file_bytes = pair_stride * (pair_count - 1) + region_bytes;

constexpr std::uint64_t pair_offset(std::size_t pair) { return pair * pair_stride; }
constexpr std::uint64_t slot_offset(std::size_t slot) {
  return pair_offset(slot / slots_per_pair) + (slot % slots_per_pair) * slot_bytes;
}
constexpr std::uint64_t anchor_offset(std::size_t pair) { return pair_offset(pair) + pair_bytes; }
/// The number that an anchor's seal binds it to; slots are 0 to 5.
constexpr std::size_t anchor_place(std::size_t pair) { return slot_count + pair; }
inline constexpr std::size_t place_count = slot_count + anchor_count;

static_assert(slot_count == pair_count * slots_per_pair);
static_assert(pair_stride - pair_bytes >= 64 * 1024, "pairs stand at least 64 KiB apart");
static_assert(file_bytes % slot_bytes == 0);

// --- a slot -----------------------------------------------------------------------------------

struct Field {
  std::string_view name;
  std::size_t offset;
  std::size_t size;
  std::string_view meaning;  ///< what it says, and which fault it guards against
  constexpr std::size_t end() const { return offset + size; }
};

constexpr Field after(const Field& previous, std::string_view name, std::size_t size,
                      std::string_view meaning) {
  return {name, previous.end(), size, meaning};
}

// The envelope: frozen for ever, so that any version can tell what it must not touch.
inline constexpr Field magic{"magic", 0, 8, "`STORMARK`; guards against another program's file"};
inline constexpr Field version =
    after(magic, "version", 4, "format version of the writer; informs");
inline constexpr Field slot_size = after(version, "slot_size", 4, "4096");
inline constexpr Field incompat = after(slot_size, "incompat", 4, "unknown bit: refuse the file");
inline constexpr Field ro_compat =
    after(incompat, "ro_compat", 4, "unknown bit: read, never write");
inline constexpr Field compat = after(ro_compat, "compat", 4, "unknown bit: no matter");
inline constexpr Field reserved_a = after(compat, "reserved", 4, "zero");
inline constexpr Field journal =
    after(reserved_a, "journal", 16, "journal id; guards against a block of another file");
inline constexpr Field reserved_b = after(journal, "reserved", 8, "zero");
inline constexpr Field envelope_check =
    after(reserved_b, "envelope_check", 8,
          "XXH3-64 of bytes 0 to 55; guards against a rotten bit read as a feature");
// The body.
inline constexpr Field generation =
    after(envelope_check, "generation", 8, "counts records; the highest valid one wins");
inline constexpr Field parent =
    after(generation, "parent", 16, "body hash of the record before; guards against forks");
inline constexpr Field member =
    after(parent, "member", 16, "member id; guards against a cloned directory");
inline constexpr Field incarnation =
    after(member, "incarnation", 16, "the read-write open that wrote it");
inline constexpr Field initial =
    after(incarnation, "initial", 16, "initial UUID; nil until agreed");
inline constexpr Field final = after(initial, "final", 16, "final UUID; nil unless clean");
inline constexpr Field floor = after(final, "floor", 8, "the store holds at least so many events");
inline constexpr Field ceiling = after(floor, "ceiling", 8, "and at most so many");
inline constexpr Field state = after(ceiling, "state", 1, "1 empty, 2 updating, 3 dirty, 4 clean");
inline constexpr Field tag_size = after(state, "tag_size", 1, "0 to 32; 0: no tag");
inline constexpr Field flags =
    after(tag_size, "flags", 2, "1 sole, 2 marked, 4 discard, 8 adopted, 16 unproven");
inline constexpr Field members = after(flags, "members", 2, "entries of the last view, 0 to 64");
inline constexpr Field history = after(members, "history", 2, "history entries, 0 to 32");
inline constexpr Field compared =
    after(history, "compared", 2, "entries a mark was compared with, 0 to 63");
inline constexpr Field reason = after(compared, "reason", 2, "bytes of reason, 0 to 128");
inline constexpr Field payload = after(reason, "payload", 2, "bytes of payload, 0 to 256");
inline constexpr Field reserved_c = after(payload, "reserved", 2, "zero");
inline constexpr Field tag =
    after(reserved_c, "tag", max_tag_bytes,
          "store tag, zero-padded; guards against a store changed behind the journal");
inline constexpr Field wall_clock =
    after(tag, "wall_clock", 8, "nanoseconds since 1970 UTC, signed; orders nothing");
inline constexpr Field donor =
    after(wall_clock, "donor", 16, "member id of the donor; nil unless updating");
inline constexpr Field target =
    after(donor, "target", 8, "sequence of the store when updated; 0 unless updating");
inline constexpr Field mark_held =
    after(target, "mark_held", 8,
          "what the store held when it was marked, or when it took a marked store's place");
inline constexpr Field mark_raised =
    after(mark_held, "mark_raised", 8, "what the mark raised the sequence to; 0: no mark");
inline constexpr Field view = after(mark_raised, "view", 16, "id of the last view");
inline constexpr Field history_digest =
    after(view, "history_digest", 16, "chained digest of the folded views");
inline constexpr Field folded = after(history_digest, "folded", 4, "how many views are folded");
inline constexpr Field reserved_d = after(folded, "reserved", 12, "zero");
inline constexpr Field area = {
    "area", reserved_d.end(), 4064 - reserved_d.end(),
    "members, history, compared, reason, payload, packed in this order; the rest zero"};
// The trailer.
inline constexpr Field body_hash = after(
    area, "body_hash", 16, "XXH3-128 of bytes 0 to 4063; guards against torn and rotten blocks");
inline constexpr Field seal =
    after(body_hash, "seal", 16,
          "XXH3-128 of body_hash, seeded with the place; guards against a block in the wrong slot");

inline constexpr std::array fields{
    magic,      version,       slot_size,      incompat,   ro_compat,   compat,     reserved_a,
    journal,    reserved_b,    envelope_check, generation, parent,      member,     incarnation,
    initial,    layout::final, floor,          ceiling,    state,       tag_size,   flags,
    members,    history,       compared,       reason,     payload,     reserved_c, tag,
    wall_clock, donor,         target,         mark_held,  mark_raised, view,       history_digest,
    folded,     reserved_d,    area,           body_hash,  seal};

constexpr bool fields_are_gapless() {
  std::size_t at = 0;
  for (const Field& field : fields) {
    if (field.offset != at) return false;
    at = field.end();
  }
  return at == slot_bytes;
}
static_assert(fields_are_gapless());
static_assert(envelope_check.offset == 56 && envelope_check.end() == 64, "the envelope is frozen");
static_assert(generation.offset % 8 == 0 && floor.offset % 8 == 0 && area.offset % 8 == 0);

/// Bytes the hashes cover.
inline constexpr std::size_t hashed_bytes = body_hash.offset;
/// Added to the place to seed the seal, so that place 0 is not the unseeded hash.
inline constexpr std::uint64_t seal_seed = 0x73746f72656d6b00;  // "storemk", 0

inline constexpr std::array<char, 8> magic_bytes{'S', 'T', 'O', 'R', 'M', 'A', 'R', 'K'};

inline constexpr std::uint32_t known_incompat = 0;
inline constexpr std::uint32_t known_ro_compat = 0;

inline constexpr std::uint16_t flag_sole = 1;
inline constexpr std::uint16_t flag_marked = 2;
inline constexpr std::uint16_t flag_discard = 4;
inline constexpr std::uint16_t flag_adopted = 8;
inline constexpr std::uint16_t flag_unproven = 16;
inline constexpr std::uint16_t known_flags =
    flag_sole | flag_marked | flag_discard | flag_adopted | flag_unproven;

// Sizes in the packed area.
inline constexpr std::size_t member_bytes = 16 + 8 + 1;  // and its label
inline constexpr std::size_t history_bytes = 16 + 8 + 2;
inline constexpr std::size_t compared_bytes = 1 + 1 + 8;  // and the ids that are no index
inline constexpr std::uint8_t no_index = 0xFF;            // the id stands in full

static_assert(max_members * (member_bytes + max_label_bytes) + 16 * history_bytes +
                      max_reason_bytes + max_payload_bytes <=
                  area.size,
              "what FORMAT.md promises to fit");
static_assert(max_members * (member_bytes + max_label_bytes) + max_compared * compared_bytes +
                      max_reason_bytes + max_payload_bytes + 4 * history_bytes <=
                  area.size,
              "a mark compared with every other member of the largest view fits");

}  // namespace storemark::layout
