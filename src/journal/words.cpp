// SPDX-License-Identifier: Apache-2.0
#include "journal/words.hpp"

#include "journal/core.hpp"
#include "journal/errors.hpp"

namespace storemark {
namespace {

Result<void> check_seen(const Core& core, const Record& record, std::uint64_t seen,
                        const std::string& what) {
  if (record.floor == seen) return {};
  return fail(Errc::changed_since, what, core.path(),
              "the sequence is " + std::to_string(record.floor) + ", not " + std::to_string(seen),
              "examine the stores again and decide anew");
}

/// Looked at under the lock: from here on nobody else writes.
Result<void> check_unwritten(const Core& core, std::uint64_t seen, const std::string& what) {
  const std::uint64_t now = core.verdict().record ? core.verdict().record->generation : 0;
  if (seen == 0 || now == seen) return {};
  return fail(Errc::changed_since, what, core.path(),
              "its generation is " + std::to_string(now) + ", not " + std::to_string(seen),
              "examine the stores again and decide anew");
}

Result<void> check_no_word(const Core& core, const Record& record, const std::string& what) {
  if (!record.marked && !record.discard) return {};
  return fail(Errc::wrong_state, what, core.path(),
              record.marked ? "it is marked clean already" : "it is discarded already",
              "`storemark undo` takes that back");
}

/// The sequence of a marked store stands above every one that it was compared with.
std::uint64_t raised_above(const MarkRequest& request, std::uint64_t held) {
  std::uint64_t raised = held;
  for (const Compared& other : request.compared) {
    if (other.sequence >= raised) raised = other.sequence + 1;
  }
  return raised;
}

Result<void> check_markable(const Core& core, const MarkRequest& request, const Record& record) {
  const std::string what = "the store was not marked clean";
  if (auto free = check_no_word(core, record, what); !free) return free;
  if (record.state != StoreState::dirty) {
    return fail(Errc::wrong_state, what, core.path(),
                "it is " + std::string(to_string(record.state)) + ", and only a dirty one needs it",
                record.state == StoreState::updating
                    ? "its store is half another's: let it take the update anew"
                    : "start it as it is");
  }
  if (auto seen = check_seen(core, record, request.if_sequence, what); !seen) return seen;
  if (auto same = check_unwritten(core, request.if_generation, what); !same) return same;
  if (core.verdict().certainty == Certainty::at_least && !request.accept_at_least) {
    return fail(Errc::unproven, what, core.path(),
                "its sequence is a lower bound: the medium has lost something",
                "look for a store that is proven, or accept it: --accept-at-least");
  }
  const std::uint64_t raised = raised_above(request, record.ceiling);
  if (raised > max_sequence || raised - record.floor > core.jump_bound()) {
    return fail(Errc::jump_too_large, what, core.path(),
                "it would raise the sequence to " + std::to_string(raised),
                "check the stores that it is compared with");
  }
  return {};
}

}  // namespace

Result<Record> marked_record(Core& core, const MarkRequest& request) {
  Record next = core.record_after_settling();
  if (auto markable = check_markable(core, request, next); !markable) {
    return tl::unexpected(markable.error());
  }
  const std::uint64_t held = next.floor;
  next.state = StoreState::clean;
  next.marked = true;
  next.final = FinalUuid(core.new_id());
  // What the store may hold beyond its floor is covered as well.
  next.floor = next.ceiling = raised_above(request, next.ceiling);
  // Marked before, and its broker has not counted on from there: it still holds what it held then.
  if (next.mark_raised == 0 || next.mark_raised != held) next.mark_held = held;
  next.mark_raised = next.floor;
  next.compared = request.compared;
  next.reason = request.reason;
  next.history.push_back({ViewId(core.new_id()), held, 1});
  return next;
}

Result<Record> discarded_record(Core& core, const WordRequest& request) {
  const std::string what = "the store was not discarded";
  Record next = core.record_after_settling();
  if (auto free = check_no_word(core, next, what); !free) return tl::unexpected(free.error());
  if (auto seen = check_seen(core, next, request.if_sequence, what); !seen) {
    return tl::unexpected(seen.error());
  }
  if (next.state == StoreState::clean) {
    next.state = StoreState::dirty;
    next.final = {};
    next.tag.reset();
  }
  next.discard = true;
  next.reason = request.reason;
  return next;
}

bool stood_before_word(const Record& before, const Record& now) {
  constexpr std::uint64_t most_records_since = 3;
  const bool near = before.generation < now.generation &&
                    now.generation - before.generation <= most_records_since;
  const bool held_less = before.mark_raised == before.floor && before.mark_held == now.mark_held;
  const bool same_count = now.marked ? before.floor == now.mark_held || held_less
                                     : before.floor <= now.floor && now.ceiling <= before.ceiling;
  // What it was is gone for ever once an update of it was begun.
  const bool overwritten =
      now.state == StoreState::updating && before.state != StoreState::updating;
  return near && !overwritten && same_count && before.journal == now.journal &&
         before.view == now.view && !before.marked && !before.discard;
}

Record record_without_word(const Record& now, const Record& before) {
  if (now.marked) return before;
  Record out = now;  // what the store told since a discard still holds
  out.discard = false;
  out.state = before.state;
  out.final = before.final;
  out.tag = before.tag;
  out.reason = before.reason;
  return out;
}

}  // namespace storemark
