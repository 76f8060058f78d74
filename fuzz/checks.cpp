// SPDX-License-Identifier: Apache-2.0
#include "checks.hpp"

#include <algorithm>
#include <cstdio>

#include "describe.hpp"
#include "journal/slot_file.hpp"
#include "medium.hpp"
#include "require.hpp"
#include "support/reference_reader.hpp"

namespace storemark::fuzz {
namespace {

using recovery::Reading;

constexpr std::size_t copies_for_clean = 4;
constexpr std::size_t copies_for_clean_with_tag = 2;
/// Larger files are not held in memory for the reference's sake.
constexpr std::uint64_t largest_file = layout::file_bytes + layout::pair_stride;

/// Slots that hold this very record in its own place.
std::size_t copies_of(const recovery::Evidence& evidence, const BodyHash& hash) {
  return static_cast<std::size_t>(std::ranges::count_if(evidence.slots, [&](const auto& slot) {
    return slot.health == SlotHealth::current && slot.hash == hash;
  }));
}

void check_clean(const recovery::Evidence& evidence, const StoreFacts& facts,
                 const Reading& reading) {
  const Verdict& verdict = reading.verdict;
  if (verdict.state != StoreState::clean || verdict.diagnosis != Diagnosis::none) return;
  const Record& record = *verdict.record;
  const std::size_t copies = copies_of(evidence, reading.hash);
  require(record.state == StoreState::clean, "clean, and the newest record is not");
  require(copies >= copies_for_clean_with_tag, "clean from one slot");
  require(copies >= copies_for_clean || (facts.tag && facts.tag == record.tag),
          "clean from fewer than four slots without a matching tag");
  require(!facts.tag || !record.tag || facts.tag == record.tag, "clean against the store's tag");
  require(!facts.sequence || *facts.sequence <= verdict.floor, "clean, and the store holds more");
  const bool marked_so = record.mark_held == 0 && record.mark_raised == verdict.floor;
  require(facts.content != StoreContent::holds_nothing || marked_so,
          "clean, and the store holds nothing");
  for (const codec::Decoded& slot : evidence.slots) {
    const bool seen = slot.record && slot.journal == reading.journal && slot.hash != reading.hash;
    require(!seen || slot.record->generation < record.generation, "clean against newer evidence");
  }
}

void check_numbers(const recovery::Evidence& evidence, const Reading& reading) {
  const Verdict& verdict = reading.verdict;
  require(verdict.floor <= verdict.ceiling, "the floor is above the ceiling");
  require(verdict.ceiling <= max_sequence, "a sequence beyond all counting");
  require(verdict.certainty != Certainty::exact || verdict.floor == verdict.ceiling,
          "exact, and the floor is not the ceiling");
  if (!verdict.record) return;
  for (const codec::Decoded& slot : evidence.slots) {
    if (slot.health != SlotHealth::current || slot.journal != reading.journal) continue;
    require(slot.record->generation <= verdict.record->generation, "a newer record was passed by");
    require(
        slot.record->generation < verdict.record->generation || slot.record->floor <= verdict.floor,
        "a record of the newest generation has a higher floor");
    require(slot.record->generation <= reading.generation, "a generation would be used twice");
  }
}

void check_states(const StoreFacts& facts, const recovery::Evidence& evidence,
                  const Reading& reading) {
  const Verdict& verdict = reading.verdict;
  require(verdict.record.has_value() || verdict.diagnosis != Diagnosis::none,
          "no record, and no diagnosis");
  require(verdict.diagnosis != Diagnosis::none || verdict.state != StoreState::none,
          "neither state nor diagnosis");
  require(evidence.file_bytes == layout::file_bytes || verdict.diagnosis != Diagnosis::none,
          "a file of the wrong size passes");
  if (verdict.diagnosis != Diagnosis::none || verdict.state != StoreState::empty) return;
  require(verdict.floor == 0 || facts.content == StoreContent::unknown, "empty, and counted");
  require(
      facts.content == StoreContent::holds_nothing ||
          (facts.content == StoreContent::unknown && verdict.record->state == StoreState::empty),
      "empty, and nobody said so");
}

void check_words(const Reading& reading) {
  constexpr std::size_t most = 32;
  constexpr std::size_t longest = 256;
  require(reading.verdict.why.size() <= most, "too many reasons");
  require(std::ranges::all_of(reading.verdict.why,
                              [](const auto& why) { return !why.empty() && why.size() < longest; }),
          "a reason is empty or too long");
  require(std::ranges::all_of(reading.slots,
                              [](const SlotReport& slot) {
                                return slot.health == SlotHealth::current || !slot.why.empty();
                              }),
          "a slot is not current, and nothing says why");
}

}  // namespace

recovery::Evidence evidence_of(const Image& image) {
  Medium medium(image);
  const Environment environment = environment_on(medium);
  SlotFile slots(std::move(*environment.directory->open(io::Access::read_only)));
  auto evidence = slots.read_all();
  require(evidence.has_value(), "a file cannot be read at all");
  return std::move(*evidence);
}

std::vector<StoreFacts> facts_that_matter(const recovery::Evidence& evidence) {
  using enum StoreContent;
  std::vector<StoreFacts> out{{unknown, {}, {}}, {holds_nothing, {}, {}}, {holds_data, {}, {}}};
  const Verdict known = recovery::read(evidence, StoreFacts{}).verdict;
  if (!known.record) return out;
  out.push_back({holds_data, {}, known.floor});
  if (known.ceiling != known.floor) out.push_back({holds_data, {}, known.ceiling});
  if (known.ceiling < max_sequence) out.push_back({holds_data, {}, known.ceiling + 1});
  if (known.floor > 0) out.push_back({holds_data, {}, known.floor - 1});
  const StoreTag wrong{{0xBA, 0xD0}};
  out.push_back({holds_data, known.record->tag.value_or(wrong), {}});
  out.push_back({unknown, known.record->tag, {}});
  out.push_back({holds_data, wrong, known.floor});
  return out;
}

void check_reading(const recovery::Evidence& evidence, const StoreFacts& facts) {
  const AtHand at_hand(evidence, facts);
  const Reading reading = recovery::read(evidence, facts);
  check_states(facts, evidence, reading);
  check_numbers(evidence, reading);
  check_clean(evidence, facts, reading);
  check_words(reading);
}

void check_against_reference(const Image& image, const recovery::Evidence& evidence,
                             const StoreFacts& facts) {
  if (image.has_broken_block() || image.file_bytes() > largest_file) return;
  const AtHand at_hand(evidence, facts);
  static std::vector<std::byte> file;
  image.write_file(file);
  const Verdict verdict = recovery::read(evidence, facts).verdict;
  const reference::Answer expected = reference::read(file, facts);
  Verdict wanted;
  wanted.diagnosis = expected.diagnosis;
  wanted.state = expected.state;
  wanted.floor = expected.floor;
  wanted.ceiling = expected.ceiling;
  bool same =
      verdict.diagnosis == expected.diagnosis && verdict.record.has_value() == expected.has_record;
  if (verdict.record) {
    same = same && verdict.record->generation == expected.generation &&
           verdict.floor == expected.floor && verdict.ceiling == expected.ceiling;
  }
  if (verdict.diagnosis == Diagnosis::none) same = same && verdict.state == expected.state;
  if (!same) std::fprintf(stderr, "the reference says: %s", describe(wanted).c_str());
  require(same, "the journal and the reference disagree");
}

void check_round_trip(const recovery::Evidence& evidence) {
  for (std::size_t place = 0; place < slot_count; ++place) {
    const codec::Decoded& slot = evidence.slots.at(place);
    if (!slot.record) continue;
    std::array<std::byte, layout::slot_bytes> bytes;
    require(codec::encode(*slot.record, bytes).has_value(), "what was decoded cannot be encoded");
    codec::seal(bytes, place);
    const codec::Decoded again = codec::decode(bytes, place);
    require(again.health == SlotHealth::current, "what was encoded does not decode");
    require(again.record == slot.record, "encoded and decoded, the record is another");
    require(codec::verifies(bytes, place, again.hash), "what was encoded does not verify");
  }
}

}  // namespace storemark::fuzz
