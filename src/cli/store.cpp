// SPDX-License-Identifier: Apache-2.0
#include "cli/store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

std::string absent_remark(const Store& store) {
  if (store.others == 0) {
    return "no journal, and nothing else in the directory: a new data directory, or a volume that "
           "is not mounted; this is not taken for an empty store";
  }
  return fmt::format("no journal beside {} other {}: if they are a store's, its journal is lost",
                     store.others, store.others == 1 ? "entry" : "entries");
}

void add_use(std::vector<std::string>& out, const Examination& seen) {
  if (seen.busy) {
    out.emplace_back("busy: it changed while it was read; this is one moment's answer");
  } else if (seen.in_use) {
    out.emplace_back("in use: a broker has it open, and it may have moved on by now");
  }
}

void add_flags(std::vector<std::string>& out, const Record& record) {
  if (record.marked) {
    out.push_back(fmt::format("marked clean by an operator, who saw it hold {}: \"{}\"",
                              record.mark_held, printable(record.reason)));
  }
  if (record.discard) {
    out.push_back(
        fmt::format("given up by an operator (discard): \"{}\"; it can only take an update",
                    printable(record.reason)));
  }
  if (record.adopted) {
    out.push_back(fmt::format("its journal was made by an operator (adopt): \"{}\"",
                              printable(record.reason)));
  }
  if (record.state == StoreState::updating) {
    out.push_back(
        fmt::format("half of it is a donor's: an update to {} was not finished; it is "
                    "never a source",
                    record.target));
  }
  if (record.sole) out.emplace_back("sole: its broker was the last of a shrinking cluster");
}

/// The founding record keeps it when the newest has forgotten it.
bool was_adopted(const Examination& seen) {
  return seen.verdict.record->adopted ||
         std::any_of(seen.anchors.begin(), seen.anchors.end(), [](const SlotReport& anchor) {
           return anchor.record && anchor.record->adopted;
         });
}

void add_count(std::vector<std::string>& out, const Store& store) {
  if (holds_no_event(store)) {
    out.emplace_back("not one event was counted, or allowed: its broker announces it as empty");
  } else if (may_hold_no_event(store)) {
    out.emplace_back(
        "not one event was counted: if its store holds nothing, its broker announces it as empty");
  }
}

void add_anchors(std::vector<std::string>& out, const Examination& seen) {
  for (const std::size_t anchor : bad_anchors(seen)) {
    out.push_back(fmt::format(
        "anchor {} ({}): a copy of the founding record is gone; verify --repair makes it anew",
        anchor, to_string(seen.anchors.at(anchor).health)));
  }
}

}  // namespace

const std::string& local_name(const Store& store) noexcept {
  return store.host.empty() && store.file.empty() ? store.name : store.directory;
}

std::string_view state_name(const Store& store) noexcept {
  if (!store.seen) {
    const bool stood_there = store.seen.error().code == Errc::not_a_journal;
    return stood_there ? to_string(Diagnosis::foreign) : "missing";
  }
  const Verdict& verdict = store.seen->verdict;
  return verdict.diagnosis == Diagnosis::none ? to_string(verdict.state)
                                              : to_string(verdict.diagnosis);
}

std::string state_word(const Store& store) {
  const bool by_tag = is_readable(store) && store.seen->verdict.clean_if_tag_matches;
  return by_tag ? "clean if the store's tag matches" : std::string(state_name(store));
}

bool is_readable(const Store& store) noexcept {
  return store.seen && store.seen->verdict.diagnosis == Diagnosis::none;
}

bool holds_no_event(const Store& store) noexcept {
  if (!is_readable(store) || !store.seen->verdict.record) return false;
  const Verdict& verdict = store.seen->verdict;
  const bool data = verdict.state == StoreState::dirty || verdict.state == StoreState::clean;
  return data && verdict.ceiling == 0 && verdict.certainty == Certainty::exact &&
         !was_adopted(*store.seen);
}

bool may_hold_no_event(const Store& store) noexcept {
  if (!is_readable(store) || !store.seen->verdict.record || holds_no_event(store)) return false;
  const Verdict& verdict = store.seen->verdict;
  return verdict.floor == 0 && verdict.state != StoreState::empty;
}

std::vector<std::size_t> bad_slots(const Examination& seen) {
  std::vector<std::size_t> out;
  for (std::size_t slot = 0; slot < seen.slots.size(); ++slot) {
    const SlotHealth health = seen.slots[slot].health;
    if (health != SlotHealth::current && health != SlotHealth::older) out.push_back(slot);
  }
  return out;
}

std::vector<std::size_t> bad_anchors(const Examination& seen) {
  std::vector<std::size_t> out;
  for (std::size_t anchor = 0; anchor < seen.anchors.size(); ++anchor) {
    if (seen.anchors[anchor].health != SlotHealth::current) out.push_back(anchor);
  }
  return out;
}

ExitStatus finding(const Store& store) {
  if (!store.seen) {
    return store.seen.error().code == Errc::not_a_journal ? ExitStatus::damaged
                                                          : ExitStatus::needs_operator;
  }
  const Examination& seen = *store.seen;
  if (seen.verdict.diagnosis == Diagnosis::absent) return ExitStatus::needs_operator;
  if (seen.verdict.diagnosis != Diagnosis::none) return ExitStatus::damaged;
  if (!bad_anchors(seen).empty()) return ExitStatus::damaged;
  // A slot that was being written when it was read is no damage.
  if (!seen.busy && !bad_slots(seen).empty()) return ExitStatus::damaged;
  if (seen.verdict.certainty != Certainty::at_least) return ExitStatus::safe;
  // The loss is over and written down, or it is there to be seen.
  const bool recorded = seen.verdict.record && seen.verdict.record->unproven;
  return recorded ? ExitStatus::needs_operator : ExitStatus::damaged;
}

std::vector<std::string> remarks(const Store& store) {
  std::vector<std::string> out;
  if (!store.seen) {
    out.push_back(store.seen.error().why);
    return out;
  }
  const Examination& seen = *store.seen;
  if (!store.file.empty()) {
    out.push_back(fmt::format("{} as it was at {}, from a saved file", printable(store.directory),
                              printable(store.saved_at)));
  }
  if (seen.verdict.diagnosis == Diagnosis::absent) {
    out.push_back(absent_remark(store));
    return out;
  }
  add_use(out, seen);
  if (is_readable(store)) {
    if (seen.verdict.clean_if_tag_matches) {
      out.emplace_back("clean if the store's tag matches: too few copies say so by themselves");
    }
    if (seen.verdict.record) add_flags(out, *seen.verdict.record);
    add_count(out, store);
  }
  out.insert(out.end(), seen.verdict.why.begin(), seen.verdict.why.end());
  if (is_readable(store)) add_anchors(out, seen);
  if (seen.verdict.unsettled && !seen.busy) {
    out.emplace_back("unsettled: the next start, or verify --repair, heals it");
  }
  return out;
}

}  // namespace storemark::cli
