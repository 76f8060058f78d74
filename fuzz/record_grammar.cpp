// SPDX-License-Identifier: Apache-2.0
#include "record_grammar.hpp"

#include <algorithm>

#include "forge.hpp"
#include "journal/bytes.hpp"
#include "require.hpp"

namespace storemark::fuzz {
namespace {

// What is chosen anew for a record; the rest is as in the one that it comes from.
enum Change : std::uint8_t {
  state = 1,
  sequence = 2,
  flags = 4,
  ids = 8,
  tag = 16,
  mark = 32,
  sections = 64,
  hostile = 128,
};

constexpr std::uint8_t escape = 0xF0;

/// A sequence: small, or near the end of all counting.
std::uint64_t sequence_from(ByteSource& in) {
  const std::uint64_t n = in.number();
  return n <= max_sequence ? n : max_sequence - n % 4;
}

template <class Bytes>
Bytes bytes_from(ByteSource& in, std::size_t most) {
  const auto taken = in.bytes(in.below(most + 1));
  return Bytes(taken.begin(), taken.end());
}

/// The encoder refuses what is not UTF-8; the hostile bytes make up for it.
std::string text_from(ByteSource& in, std::size_t most) {
  auto text = bytes_from<std::string>(in, most);
  for (char& c : text) c = static_cast<char>(c & 0x7F);
  return text;
}

void change_sections(ByteSource& in, Record& r) {
  r.view.id = ViewId(small_id(in.byte()));
  r.view.members.resize(in.below(max_members + 1));
  for (Member& member : r.view.members) {
    member.id = MemberId(small_id(in.byte()));
    member.sequence = in.byte();
    member.label = text_from(in, max_label_bytes);
  }
  r.history.resize(in.below(max_history + 1));
  for (HistoryEntry& entry : r.history) {
    entry.view = ViewId(small_id(in.byte()));
    entry.from = in.byte();
    entry.members = in.byte();
  }
  r.compared.resize(in.below(max_compared + 1));
  for (Compared& entry : r.compared) {
    entry.id = MemberId(small_id(in.byte()));
    entry.view = ViewId(small_id(in.byte()));
    entry.sequence = in.byte();
  }
  r.reason = text_from(in, max_reason_bytes);
  r.payload = bytes_from<std::vector<std::uint8_t>>(in, 255);
  r.folded = in.byte();
}

void change_fields(ByteSource& in, std::uint8_t changes, Record& r) {
  if ((changes & Change::state) != 0) r.state = static_cast<StoreState>(1 + in.below(4));
  if ((changes & Change::sequence) != 0) {
    r.floor = sequence_from(in);
    r.ceiling = std::min(r.floor + in.number() % max_sequence, max_sequence);
  }
  if ((changes & Change::flags) != 0) {
    const std::uint8_t set = in.byte();
    r.sole = (set & layout::flag_sole) != 0;
    r.marked = (set & layout::flag_marked) != 0;
    r.discard = (set & layout::flag_discard) != 0;
    r.adopted = (set & layout::flag_adopted) != 0;
    r.unproven = (set & layout::flag_unproven) != 0;
  }
  if ((changes & Change::ids) != 0) {
    r.journal = JournalId(small_id(in.byte()));
    r.member = MemberId(small_id(in.byte()));
    r.initial = InitialUuid(small_id(in.byte()));
    r.final = FinalUuid(small_id(in.byte()));
  }
  if ((changes & Change::tag) != 0) {
    auto bytes = bytes_from<std::vector<std::uint8_t>>(in, max_tag_bytes);
    r.tag = bytes.empty() ? std::nullopt : std::optional(StoreTag{std::move(bytes)});
  }
  if ((changes & Change::mark) != 0) {
    r.mark_held = sequence_from(in);
    r.mark_raised = sequence_from(in);
    r.donor = MemberId(small_id(in.byte()));
    r.target = sequence_from(in);
  }
  if ((changes & Change::sections) != 0) change_sections(in, r);
}

std::uint64_t generation_from(ByteSource& in, std::uint64_t before) {
  const std::uint8_t step = in.byte();
  if (step == escape) return in.integer(8);
  return before + 1 + step % 4 - (step >= 0x80 ? 2 : 0);
}

/// Of a record that is larger than a slot.
void shrink(Record& r) {
  if (!r.compared.empty()) {
    r.compared.pop_back();
  } else {
    r.view.members.pop_back();
  }
}

/// Bytes over the encoded record: where, how many, which. Then the checksums are set right, save
/// that one in four envelopes stays wrong where it was hit.
void overwrite(ByteSource& in, Made& made) {
  const std::size_t times = 1 + in.below(4);
  for (std::size_t i = 0; i < times; ++i) {
    const std::uint64_t where = in.integer(2);
    const auto bytes = in.bytes(1 + in.below(8));
    const std::size_t at = where % (layout::hashed_bytes - 8);
    std::memcpy(made.bytes.data() + at, bytes.data(), bytes.size());
    made.hostile_envelope = made.hostile_envelope || (at < 64 && where % 4 == 3);
  }
}

/// What the encoder refuses comes in behind its back.
void encode(Made& made) {
  Record legal = made.record;
  if (legal.journal.is_nil()) legal.journal = JournalId(small_id(1));
  legal.generation = std::max<std::uint64_t>(legal.generation, 1);
  for (;;) {
    const auto done = codec::encode(legal, made.bytes);
    if (done) break;
    require(done.error().code == Errc::record_full, "a record within the bounds is refused");
    shrink(legal);
  }
  codec::put_bytes(made.bytes.data() + layout::journal.offset, made.record.journal);
  codec::put(made.bytes.data() + layout::generation.offset, made.record.generation);
}

}  // namespace

Uuid small_id(std::uint8_t value) {
  Uuid id;
  id.bytes.fill(value);
  return id;
}

Made make_record(ByteSource& in, const std::vector<Made>& earlier) {
  Made made;
  Record& r = made.record;
  r.journal = JournalId(small_id(1));
  r.generation = 1;
  if (!earlier.empty()) {
    const Made& from = earlier[earlier.size() - 1 - in.below(earlier.size())];
    r = from.record;
    r.parent = codec::body_hash(from.bytes);
    r.generation = generation_from(in, from.record.generation);
  }
  const std::uint8_t changes = in.byte();
  change_fields(in, changes, r);
  encode(made);
  if ((changes & Change::hostile) != 0) overwrite(in, made);
  if (made.hostile_envelope) {
    forge_body(made.bytes, 0);
  } else {
    forge(made.bytes, 0);
  }
  return made;
}

}  // namespace storemark::fuzz
