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

/// The whole records, the newest first.
std::vector<const Record*> whole_records(const Examination& seen) {
  std::vector<const Record*> out;
  for (const SlotReport& slot : seen.slots) {
    if (is_whole(slot)) out.push_back(&*slot.record);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Record* a, const Record* b) { return a->generation > b->generation; });
  return out;
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

Check check_identity(const std::vector<const Record*>& records) {
  const Record& newest = *records.front();
  for (const Record* record : records) {
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

/// Records of one generation are one record and have one parent; those of two have two.
Check check_chain(const std::vector<const Record*>& records) {
  std::size_t generations = 1;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const Record& newer = *records[i - 1];
    const Record& older = *records[i];
    const bool one = newer.generation == older.generation;
    if (one && newer != older) {
      return {"chain", false, fmt::format("two records have generation {}", newer.generation)};
    }
    if (!one && newer.parent == older.parent) {
      return {
          "chain", false,
          fmt::format("generations {} and {} have one parent", newer.generation, older.generation)};
    }
    if (!one) ++generations;
  }
  if (generations == 1) {
    return {"chain", true, fmt::format("one record, generation {}", records.front()->generation)};
  }
  return {"chain", true,
          fmt::format("generations {} to {}, each with one record and its own parent",
                      records.back()->generation, records.front()->generation)};
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
  if (verdict.diagnosis == Diagnosis::none && !verdict.unsettled) {
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
  out.checks.push_back(check_copies(seen));
  if (seen.verdict.record) out.checks.push_back(check_reading(seen.verdict));
}

/// Whether the whole records agree with each other and with themselves; false if not.
bool add_record_checks(Verification& out, const Examination& seen) {
  const std::size_t first = out.checks.size();
  const std::vector<const Record*> records = whole_records(seen);
  if (!records.empty()) {
    out.checks.push_back(check_identity(records));
    out.checks.push_back(check_chain(records));
    out.checks.push_back(check_fields(*records.front()));
    out.checks.push_back(check_history(*records.front()));
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
