// SPDX-License-Identifier: Apache-2.0
#include "cli/verify_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

bool is_whole(const SlotReport& slot) {
  return slot.record && (slot.health == SlotHealth::current || slot.health == SlotHealth::older);
}

struct Whole {
  const Record* record;
  std::optional<BodyHash> hash;
};

/// The whole records, the newest first.
std::vector<Whole> whole_records(const Examination& seen) {
  std::vector<Whole> out;
  for (const SlotReport& slot : seen.slots) {
    if (is_whole(slot)) out.push_back({&*slot.record, slot.hash});
  }
  std::stable_sort(out.begin(), out.end(), [](const Whole& a, const Whole& b) {
    return a.record->generation > b.record->generation;
  });
  return out;
}

Check check_anchor(std::size_t index, const SlotReport& anchor) {
  const bool good = anchor.health == SlotHealth::current;
  return {fmt::format("anchor {}", index), good,
          good ? "checksum verifies, the founding record"
               : fmt::format("{}: {}", to_string(anchor.health), anchor.why)};
}

Check check_slot(std::size_t index, const SlotReport& slot) {
  const std::string name = fmt::format("slot {}", index);
  if (!is_whole(slot)) {
    return {name, false, fmt::format("{}: {}", to_string(slot.health), slot.why)};
  }
  return {name, true,
          fmt::format("checksum verifies, generation {}, {}", slot.record->generation,
                      slot.health == SlotHealth::current ? "newest" : "older")};
}

Check check_copies(const Examination& seen) {
  const auto copies =
      std::count_if(seen.slots.begin(), seen.slots.end(),
                    [](const SlotReport& slot) { return slot.health == SlotHealth::current; });
  const std::size_t whole = seen.slots.size() - bad_slots(seen).size();
  return {"copies", whole == seen.slots.size(),
          fmt::format("{} of {} slots are whole, {} of them the newest record", whole,
                      seen.slots.size(), copies)};
}

Check check_reading(const Verdict& verdict) {
  std::string text =
      fmt::format("{}, sequence {}", to_string(verdict.state), sequence_text(verdict));
  if (verdict.faults_to_be_wrong > 0) {
    text += fmt::format("; no fewer than {} could make it wrong",
                        counted(verdict.faults_to_be_wrong, "slot fault"));
  }
  return {"reading", verdict.certainty != Certainty::at_least, text};
}

Check check_identity(const std::vector<Whole>& records) {
  const Record& newest = *records.front().record;
  for (const auto& [record, hash] : records) {
    if (record->journal != newest.journal || record->member != newest.member) {
      return {"identity", false, "slots name different journals or members"};
    }
    if (record->initial != newest.initial && !record->initial.is_nil()) {
      return {"identity", false, "slots name different initial UUIDs"};
    }
  }
  return {"identity", true,
          fmt::format("one journal, {}; one member, {}", short_id(newest.journal),
                      short_id(newest.member))};
}

/// What is wrong between a record and the next older one; empty: nothing.
std::string chain_fault(const Whole& newer, const Whole& older) {
  const std::uint64_t generation = newer.record->generation;
  const std::uint64_t before = older.record->generation;
  if (generation == before) {
    return *newer.record == *older.record
               ? ""
               : fmt::format("two records have generation {}", generation);
  }
  if (newer.record->parent == older.record->parent) {
    return fmt::format("generations {} and {} have one parent", generation, before);
  }
  if (generation == before + 1 && older.hash && newer.record->parent != *older.hash) {
    return fmt::format("generation {} does not follow from the generation {} that is there",
                       generation, before);
  }
  return {};
}

/// Records of one generation are one record, and each names the one before it as its parent.
Check check_chain(const std::vector<Whole>& records) {
  std::size_t generations = 1;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const std::string fault = chain_fault(records[i - 1], records[i]);
    if (!fault.empty()) return {"chain", false, fault};
    generations += records[i - 1].record->generation == records[i].record->generation ? 0 : 1;
  }
  if (generations == 1) {
    return {"chain", true,
            fmt::format("one record, generation {}", records.front().record->generation)};
  }
  return {"chain", true,
          fmt::format("generations {} to {}, each with one record and its own parent",
                      records.back().record->generation, records.front().record->generation)};
}

std::string history_fault(const Record& record) {
  std::set<std::pair<ViewId, std::uint64_t>> seen;
  for (std::size_t i = 0; i < record.history.size(); ++i) {
    const HistoryEntry& entry = record.history[i];
    if (i > 0 && entry.from < record.history[i - 1].from) {
      return fmt::format("view {} begins at {}, before the view that went before it",
                         short_id(entry.view), entry.from);
    }
    if (!seen.emplace(entry.view, entry.from).second) {
      return fmt::format("view {} is there twice", short_id(entry.view));
    }
  }
  if (!record.history.empty() && record.history.back().from > record.ceiling) {
    return fmt::format("the last view begins at {}, past the ceiling {}",
                       record.history.back().from, record.ceiling);
  }
  return {};
}

Check check_history(const Record& record) {
  const std::string fault = history_fault(record);
  if (!fault.empty()) return {"history", false, fault};
  std::string text = fmt::format("{}, in order", counted(record.history.size(), "view"));
  if (record.folded > 0) text += fmt::format("; {} older folded away", record.folded);
  return {"history", true, text};
}

Check check_fields(const Record& record) {
  std::vector<std::string> faults;
  if (record.floor > record.ceiling) faults.emplace_back("the floor is above the ceiling");
  if ((record.state == StoreState::clean) == record.final.is_nil()) {
    faults.emplace_back("a final UUID belongs to clean, and to nothing else");
  }
  if ((record.state == StoreState::updating) == record.donor.is_nil()) {
    faults.emplace_back("a donor belongs to updating, and to nothing else");
  }
  if (record.marked && record.state != StoreState::clean) {
    faults.emplace_back("a mark belongs to clean");
  }
  return {"fields", faults.empty(), faults.empty() ? "agree with the state" : listed(faults)};
}

std::string what_repair_does(const Store& store) {
  const Verdict& verdict = store.seen->verdict;
  if (verdict.diagnosis == Diagnosis::absent) {
    return "do nothing: there is no journal (see storemark adopt)";
  }
  if (!verdict.record) {
    return fmt::format("do nothing: no slot is there to heal from{}",
                       verdict.diagnosis == Diagnosis::damaged ? " (see storemark adopt)" : "");
  }
  if (store.seen->in_use) return "do nothing: the journal is in use; its broker heals it";
  if (verdict.diagnosis == Diagnosis::future) return "do nothing: a newer storemark wrote it";
  if (verdict.diagnosis == Diagnosis::none && !verdict.unsettled &&
      bad_anchors(*store.seen).empty()) {
    return "do nothing: the journal is sound";
  }
  std::string says =
      fmt::format("{}, sequence {}", to_string(verdict.state), sequence_text(verdict));
  return fmt::format(
      "build a fresh file from the record of generation {}, with \"{}\" in all six slots, and put "
      "it "
      "in the journal's place; the file as it is now stays beside it",
      verdict.record->generation, says);
}

/// What finding() has looked at already.
void add_slot_checks(Verification& out, const Examination& seen) {
  for (std::size_t i = 0; i < seen.slots.size(); ++i) {
    out.checks.push_back(check_slot(i, seen.slots[i]));
  }
  for (std::size_t i = 0; i < seen.anchors.size(); ++i) {
    out.checks.push_back(check_anchor(i, seen.anchors[i]));
  }
  out.checks.push_back(check_copies(seen));
  if (seen.verdict.record) out.checks.push_back(check_reading(seen.verdict));
}

/// Whether the whole records agree with each other and with themselves; false if not.
bool add_record_checks(Verification& out, const Examination& seen) {
  const std::size_t first = out.checks.size();
  const std::vector<Whole> records = whole_records(seen);
  if (!records.empty()) {
    out.checks.push_back(check_identity(records));
    out.checks.push_back(check_chain(records));
    out.checks.push_back(check_fields(*records.front().record));
    out.checks.push_back(check_history(*records.front().record));
  }
  return std::all_of(out.checks.begin() + static_cast<std::ptrdiff_t>(first), out.checks.end(),
                     [](const Check& check) { return check.good; });
}

}  // namespace

Verification verify(Store store) {
  Verification out;
  out.store = std::move(store);
  out.status = finding(out.store);
  if (!out.store.seen) {
    out.repair = "do nothing: the store cannot be reached";
    return out;
  }
  const Examination& seen = *out.store.seen;
  out.repair = what_repair_does(out.store);
  if (seen.verdict.diagnosis == Diagnosis::absent) return out;
  add_slot_checks(out, seen);
  // What a running broker is writing just now proves nothing.
  if (!add_record_checks(out, seen) && !seen.busy) out.status = ExitStatus::damaged;
  return out;
}

}  // namespace storemark::cli
