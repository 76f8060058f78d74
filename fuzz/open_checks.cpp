// SPDX-License-Identifier: Apache-2.0
// What must hold of opening an image for writing.
#include <algorithm>
#include <limits>

#include "checks.hpp"
#include "journal/open.hpp"
#include "medium.hpp"
#include "require.hpp"

namespace storemark::fuzz {
namespace {

using recovery::Reading;

Result<Journal> open(Medium& medium, const StoreFacts& facts) {
  Options options;
  options.jump_bound = max_sequence;
  return open_journal(environment_on(medium), facts, options);
}

/// Anchors are never written again. Where they are whole, no torn slot makes it another's file.
bool is_anchored(const recovery::Evidence& evidence, const JournalId& journal) {
  return std::ranges::all_of(evidence.anchors, [&](const codec::Decoded& anchor) {
    return anchor.health == SlotHealth::current && anchor.journal == journal;
  });
}

void check_refusal(const Image& image, const Medium& medium, const Reading& reading) {
  require(medium.writes == 0 || image.has_broken_block(), "refused, and yet it was written");
  const bool last_generation = reading.generation == std::numeric_limits<std::uint64_t>::max();
  require(reading.verdict.diagnosis != Diagnosis::none || reading.write_forbidden ||
              last_generation || image.has_broken_block(),
          "refused, and nothing is wrong");
}

void check_stopped(const Image& image, const StoreFacts& facts, const Verdict& healed,
                   unsigned writes, std::size_t torn_at) {
  Medium medium(image);
  medium.writes_left = writes;
  medium.torn_at = torn_at;
  if (open(medium, facts)) return;
  medium.writes_left = ~0U;
  const auto after = open(medium, facts);
  require(after.has_value(), "its healing was stopped, and it cannot be opened");
  require_same(after->verdict(), healed, "its healing was stopped, and it says another thing");
}

}  // namespace

void check_open(const Image& image, const StoreFacts& facts, unsigned writes, std::size_t torn_at) {
  if (facts.content == StoreContent::unknown) return;
  const recovery::Evidence evidence = evidence_of(image);
  const AtHand at_hand(evidence, facts);
  const Reading reading = recovery::read(evidence, facts);
  Medium medium(image);
  const auto first = open(medium, facts);
  if (!first) {
    check_refusal(image, medium, reading);
    return;
  }
  require_same(first->verdict(), reading.verdict, "opened, it says other than when it was read");
  medium.writes = 0;
  const auto second = open(medium, facts);
  require(second.has_value(), "healed, it cannot be opened");
  require_same(second->verdict(), first->verdict(), "opened twice, it says another thing");
  require(medium.writes == 0, "healed, it was written again");
  if (is_anchored(evidence, reading.journal)) {
    check_stopped(image, facts, first->verdict(), writes, torn_at);
  }
}

}  // namespace storemark::fuzz
