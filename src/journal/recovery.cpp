// SPDX-License-Identifier: Apache-2.0
#include "journal/recovery.hpp"

#include <algorithm>
#include <map>

#include "journal/store_facts.hpp"

namespace storemark::recovery {
namespace {

using codec::Decoded;
using legal::Age;

std::string slots_named(const Reading& reading, SlotHealth health) {
  std::string names;
  for (std::size_t i = 0; i < slot_count; ++i) {
    if (reading.slots.at(i).health == health) {
      names += (names.empty() ? "" : ", ") + std::to_string(i);
    }
  }
  return names;
}

/// Whose file it is: the journal that most blocks name; between equals, the one that the anchors
/// name. Nobody's where not even they decide.
std::optional<JournalId> identify(const Evidence& evidence) {
  struct Votes {
    int all = 0;
    int anchors = 0;
  };
  std::map<JournalId, Votes> votes;
  for (const Decoded& slot : evidence.slots) {
    const bool counts = slot.health == SlotHealth::current || slot.health == SlotHealth::future;
    if (counts) ++votes[slot.journal].all;
  }
  for (const Decoded& anchor : evidence.anchors) {
    if (anchor.health != SlotHealth::current) continue;
    ++votes[anchor.journal].all;
    ++votes[anchor.journal].anchors;
  }
  JournalId best;
  Votes most;
  bool tied = false;
  for (const auto& [id, has] : votes) {
    const auto order = std::pair(has.all, has.anchors) <=> std::pair(most.all, most.anchors);
    if (order < 0) continue;
    tied = order == 0;
    best = id;
    most = has;
  }
  return tied ? std::nullopt : std::optional(best);
}

SlotReport report_block(const Decoded& block, const JournalId& journal) {
  SlotReport report{block.health, block.why, block.record, {}};
  if (block.record) report.hash = block.hash;
  if (!block.journal.is_nil() && block.journal != journal) {
    report.health = SlotHealth::foreign;
    report.why = "a record of another journal, " + to_string(block.journal);
  }
  return report;
}

void report_blocks(const Evidence& evidence, Reading& reading) {
  for (std::size_t i = 0; i < anchor_count; ++i) {
    reading.anchors.at(i) = report_block(evidence.anchors.at(i), reading.journal);
  }
  for (std::size_t i = 0; i < slot_count; ++i) {
    const Decoded& slot = evidence.slots.at(i);
    const SlotReport& report = reading.slots.at(i) = report_block(slot, reading.journal);
    if (report.health == SlotHealth::current || report.health == SlotHealth::misplaced) {
      if (report.record)
        reading.generation = std::max(reading.generation, report.record->generation);
      reading.write_forbidden = reading.write_forbidden || slot.write_forbidden;
    }
  }
}

/// The valid slot with the highest generation; of a fork, the one with the highest sequence.
std::optional<std::size_t> newest_slot(const Reading& reading) {
  std::optional<std::size_t> best;
  const auto rank = [&](std::size_t i) {
    const Record& r = *reading.slots.at(i).record;
    return std::tuple(r.generation, r.floor, r.ceiling);
  };
  for (std::size_t i = 0; i < slot_count; ++i) {
    if (reading.slots.at(i).health != SlotHealth::current) continue;
    if (!best || rank(i) > rank(*best)) best = i;
  }
  return best;
}

/// Ages follow the chain of parents, so that a block of the right generation but of another line
/// is no legal one.
void measure_ages(const Evidence& evidence, std::size_t newest, Reading& reading) {
  std::array<std::optional<BodyHash>, 5> line;
  line[0] = evidence.slots.at(newest).hash;
  for (std::size_t step = 0; step + 1 < line.size() && line.at(step); ++step) {
    for (const Decoded& slot : evidence.slots) {
      if (slot.health == SlotHealth::current && slot.hash == *line.at(step)) {
        line.at(step + 1) = slot.record->parent;
      }
    }
  }
  for (std::size_t i = 0; i < slot_count; ++i) {
    SlotReport& report = reading.slots.at(i);
    Age& age = reading.image.at(i);
    if (report.health == SlotHealth::zero || report.health == SlotHealth::invalid) {
      age = Age::torn;
    } else if (report.health != SlotHealth::current) {
      age = Age::fault;
    } else {
      const auto found = std::find(line.begin(), line.end(), evidence.slots.at(i).hash);
      age = found == line.end() ? Age::fault : static_cast<Age>(found - line.begin());
      if (age == Age::newest) continue;
      report.health = SlotHealth::older;
      report.why = "an older record, generation " + std::to_string(report.record->generation);
    }
  }
}

/// The worse of two states to announce for one store.
StoreState worse(StoreState a, StoreState b) {
  const auto badness = [](StoreState s) {
    switch (s) {
      case StoreState::updating:
        return 3;
      case StoreState::dirty:
        return 2;
      case StoreState::clean:
        return 1;
      default:
        return 0;
    }
  };
  const StoreState worst = badness(a) > badness(b) ? a : b;
  return worst == StoreState::clean ? StoreState::dirty : worst;  // clean needs one voice
}

/// Records of the newest generation that differ, and newer ones in the wrong place: each can raise
/// the sequence and veto clean. True where there was one.
bool weigh_other_evidence(const Evidence& evidence, std::size_t newest, Reading& reading) {
  Verdict& verdict = reading.verdict;
  const Record& record = *evidence.slots.at(newest).record;
  bool found = false;
  for (std::size_t i = 0; i < slot_count; ++i) {
    const SlotReport& report = reading.slots.at(i);
    const bool misplaced = report.health == SlotHealth::misplaced;
    const bool placed = report.health == SlotHealth::current || report.health == SlotHealth::older;
    if (!report.record || (!misplaced && !placed)) continue;
    if (report.record->generation < record.generation) continue;
    if (evidence.slots.at(i).hash == evidence.slots.at(newest).hash) continue;
    found = true;
    reading.speaks_against.at(i) = true;
    verdict.floor = std::max(verdict.floor, report.record->floor);
    verdict.ceiling = std::max(verdict.ceiling, report.record->ceiling);
    verdict.state = worse(verdict.state, report.record->state);
    verdict.why.push_back(
        misplaced ? "slot " + std::to_string(i) + " holds a newer record, written for another slot"
                  : "two different records have generation " + std::to_string(record.generation));
  }
  return found;
}

unsigned copies_of_newest(const Reading& reading) {
  return static_cast<unsigned>(std::count(reading.image.begin(), reading.image.end(), Age::newest));
}

/// Whether the copies that are left are enough to say clean. True where they are not.
bool weaken_clean(const StoreFacts& facts, Reading& reading) {
  Verdict& verdict = reading.verdict;
  if (verdict.state != StoreState::clean) return false;
  const unsigned copies = copies_of_newest(reading);
  const TagSays tag = compare_tag(facts, *verdict.record);
  const std::string found = std::to_string(copies) + " of 6 slots say clean";
  if (tag == TagSays::different) {
    verdict.why.emplace_back("not clean: the store's tag is not the one it was shut down with");
  } else if (copies >= copies_for_clean) {
    return false;
  } else if (copies >= copies_for_clean_with_tag && tag == TagSays::same) {
    verdict.clean_by_tag = true;
    verdict.why.push_back(found + "; the store's tag confirms it");
    return false;
  } else {
    verdict.clean_if_tag_matches =
        copies >= copies_for_clean_with_tag && verdict.record->tag && !facts.tag;
    verdict.why.push_back("not clean: only " + found);
  }
  verdict.state = StoreState::dirty;
  return true;
}

void judge_certainty(Reading& reading) {
  Verdict& verdict = reading.verdict;
  const unsigned copies = copies_of_newest(reading);
  verdict.faults_to_be_wrong = legal::faults_to_hide_newer(reading.image);
  if (verdict.state == StoreState::clean) {
    const bool one_number = verdict.floor == verdict.ceiling;  // no writer of ours records another
    verdict.certainty = one_number ? Certainty::exact : Certainty::between;
    // An activation stands in five slots at least.
    if (copies >= copies_for_clean) verdict.faults_to_be_wrong = copies - 1;
    return;
  }
  const bool legal_image = legal::distance(reading.image) <= 1;
  if (!legal_image) {
    verdict.why.emplace_back(
        "more slots are wrong than a crash explains: newer records may have been lost");
  }
  if (!legal_image || verdict.record->unproven) {
    verdict.certainty = Certainty::at_least;
  } else {
    verdict.certainty = verdict.floor == verdict.ceiling ? Certainty::exact : Certainty::between;
  }
}

/// Whether the older records could have come before the newest by sequence writes alone. A
/// transition that was cut after its first pair looks settled, and is not.
bool one_kind(const Reading& reading) {
  const Record& newest = *reading.verdict.record;
  return std::ranges::all_of(reading.slots, [&](const SlotReport& slot) {
    if (slot.health != SlotHealth::current && slot.health != SlotHealth::older) return true;
    const Record& r = *slot.record;
    return r.state == newest.state && r.initial == newest.initial && r.final == newest.final &&
           r.marked == newest.marked && r.discard == newest.discard;
  });
}

Healing healing_for(const Reading& reading, bool verdict_is_new) {
  if (verdict_is_new) return Healing::new_record;
  if (copies_of_newest(reading) == slot_count) return Healing::none;
  return legal::is_settled(reading.image) && one_kind(reading) ? Healing::flush : Healing::copies;
}

/// No slot can be read: what is it then?
Diagnosis diagnose_nothing_readable(const Evidence& evidence) {
  const auto has_magic = [](const Decoded& d) { return d.has_magic; };
  const bool ours = std::ranges::any_of(evidence.slots, has_magic) ||
                    std::ranges::any_of(evidence.anchors, has_magic) ||
                    evidence.file_bytes == layout::file_bytes || evidence.file_bytes == 0;
  return ours ? Diagnosis::damaged : Diagnosis::foreign;
}

bool is_future(const Evidence& evidence, const Reading& reading) {
  return std::ranges::any_of(evidence.slots, [&](const Decoded& slot) {
    return slot.health == SlotHealth::future && slot.journal == reading.journal;
  });
}

void check_size(const Evidence& evidence, Verdict& verdict) {
  if (evidence.file_bytes == layout::file_bytes) return;
  verdict.diagnosis = Diagnosis::damaged;
  verdict.why.push_back("the file has " + std::to_string(evidence.file_bytes) +
                        " bytes instead of " + std::to_string(layout::file_bytes));
  if (verdict.state == StoreState::clean) verdict.state = StoreState::dirty;
  verdict.certainty = Certainty::at_least;
}

void explain_bad_slots(Reading& reading) {
  for (const SlotHealth health :
       {SlotHealth::zero, SlotHealth::invalid, SlotHealth::malformed, SlotHealth::misplaced,
        SlotHealth::foreign, SlotHealth::future, SlotHealth::unreadable}) {
    const std::string names = slots_named(reading, health);
    if (!names.empty()) {
      reading.verdict.why.push_back("slot " + names + ": " + std::string(to_string(health)));
    }
  }
}

/// No record to go by: say what the file is.
Reading without_record(Reading reading, Diagnosis diagnosis, std::string why) {
  reading.verdict.diagnosis = diagnosis;
  reading.verdict.why.push_back(std::move(why));
  explain_bad_slots(reading);
  return reading;
}

}  // namespace

Reading read(const Evidence& evidence, const StoreFacts& facts) {
  Reading reading;
  const auto journal = identify(evidence);
  reading.journal = journal.value_or(JournalId{});
  report_blocks(evidence, reading);
  if (journal && is_future(evidence, reading)) {
    return without_record(std::move(reading), Diagnosis::future,
                          "a slot was written by a newer storemark, with a feature unknown here");
  }
  const auto newest = newest_slot(reading);
  if (!newest) {
    const Diagnosis diagnosis = diagnose_nothing_readable(evidence);
    return without_record(
        std::move(reading), diagnosis,
        diagnosis == Diagnosis::damaged ? "no slot can be read" : "the file is not a journal");
  }
  Verdict& verdict = reading.verdict;
  verdict.record = reading.slots.at(*newest).record;
  verdict.state = verdict.record->state;
  verdict.floor = verdict.record->floor;
  verdict.ceiling = verdict.record->ceiling;
  reading.hash = evidence.slots.at(*newest).hash;
  reading.as_made = std::ranges::any_of(
      evidence.anchors, [&](const Decoded& anchor) { return anchor.hash == reading.hash; });
  measure_ages(evidence, *newest, reading);
  explain_bad_slots(reading);
  bool verdict_is_new = weigh_other_evidence(evidence, *newest, reading);
  verdict_is_new = weaken_clean(facts, reading) || verdict_is_new;
  judge_certainty(reading);
  check_size(evidence, verdict);
  const bool was_clean = verdict.state == StoreState::clean;
  verdict_is_new =
      verdict_is_new || (verdict.certainty == Certainty::at_least && !verdict.record->unproven);
  reading.facts_are_new = apply_facts(facts, verdict);
  const bool clean_denied = was_clean && verdict.state == StoreState::dirty;
  reading.healing = healing_for(reading, verdict_is_new || clean_denied);
  verdict.unsettled = reading.healing == Healing::copies || reading.healing == Healing::new_record;
  return reading;
}

}  // namespace storemark::recovery
