// SPDX-License-Identifier: Apache-2.0
#include "journal/store_facts.hpp"

#include <algorithm>

namespace storemark::recovery {
namespace {

/// The store holds less than the count says, by no more than what an operator's mark added to it.
bool within_mark(const Record& record, std::uint64_t held, std::uint64_t count) {
  return record.mark_raised != 0 && record.mark_raised == count && held >= record.mark_held &&
         held < count;
}

void diagnose(Verdict& verdict, Diagnosis diagnosis, std::string why) {
  verdict.diagnosis = diagnosis;
  verdict.why.push_back(std::move(why));
}

/// Nothing was counted since the mark.
bool stand_at_mark(Verdict& verdict) {
  const bool known = verdict.ceiling == verdict.floor;
  verdict.certainty = Certainty::exact;
  verdict.ceiling = verdict.floor;
  return !known;
}

/// The store says how many events it holds.
bool apply_sequence(std::uint64_t held, Verdict& verdict) {
  const Record& record = *verdict.record;
  if (verdict.state == StoreState::updating) return false;
  if (within_mark(record, held, verdict.floor)) return stand_at_mark(verdict);
  if (held < verdict.floor) {
    diagnose(verdict, Diagnosis::hollow,
             "the store holds " + std::to_string(held) + " events, its journal has counted " +
                 std::to_string(verdict.floor));
    return false;
  }
  const bool known = verdict.floor == held && verdict.ceiling == held;
  verdict.certainty = Certainty::exact;
  verdict.floor = verdict.ceiling = held;
  if (known) return false;
  if (verdict.state == StoreState::clean) {
    verdict.state = StoreState::dirty;
    verdict.clean_by_tag = false;
    verdict.why.push_back("not clean: the store holds " + std::to_string(held) +
                          " events, more than when it was shut down");
  }
  return true;
}

/// The store says that it has not one event.
bool apply_nothing(Verdict& verdict) {
  if (within_mark(*verdict.record, 0, verdict.floor)) return stand_at_mark(verdict);
  if (verdict.floor > 0) {
    diagnose(verdict, Diagnosis::hollow,
             "the journal has counted " + std::to_string(verdict.floor) +
                 " events, and the store holds nothing");
    return false;
  }
  // Told as any other number is; half a donor's store is said to be nothing else.
  const bool known = verdict.ceiling == 0 || verdict.state == StoreState::updating;
  verdict.state = StoreState::empty;
  verdict.ceiling = 0;
  verdict.certainty = Certainty::exact;
  return !known;
}

}  // namespace

TagSays compare_tag(const StoreFacts& facts, const Record& record) {
  if (!facts.tag || !record.tag) return TagSays::nothing;
  return *facts.tag == *record.tag ? TagSays::same : TagSays::different;
}

bool apply_facts(const StoreFacts& facts, Verdict& verdict) {
  if (facts.content == StoreContent::unknown) return false;
  if (verdict.diagnosis == Diagnosis::absent) {
    if (facts.content == StoreContent::holds_data) {
      diagnose(verdict, Diagnosis::lost, "the store holds data, and its journal is missing");
    }
    return false;
  }
  if (verdict.diagnosis != Diagnosis::none || !verdict.record) return false;
  const bool updating = verdict.state == StoreState::updating;
  if (facts.content == StoreContent::holds_nothing && !(updating && verdict.floor > 0)) {
    return apply_nothing(verdict);
  }
  if (verdict.state == StoreState::empty) {
    diagnose(verdict, Diagnosis::lost,
             "the store holds data, and its journal was never told of any");
    return false;
  }
  return facts.sequence ? apply_sequence(*facts.sequence, verdict) : false;
}

}  // namespace storemark::recovery
