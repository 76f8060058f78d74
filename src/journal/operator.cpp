// SPDX-License-Identifier: Apache-2.0
#include <storemark/operator.hpp>

#include "journal/adopt.hpp"
#include "journal/core.hpp"
#include "journal/errors.hpp"
#include "journal/open.hpp"
#include "text/utf8.hpp"
#include "journal/word_log.hpp"

namespace storemark {
namespace {

namespace fs = std::filesystem;

Result<void> check_reason(const std::string& reason, const std::string& what) {
  if (!reason.empty() && reason.size() <= max_reason_bytes && is_utf8(reason)) return {};
  return fail(Errc::invalid_argument, what, "the reason",
              "it has " + std::to_string(reason.size()) + " bytes, and must be 1 to " +
                  std::to_string(max_reason_bytes) + " of UTF-8",
              "say briefly why, for whoever reads it later");
}

/// The journal as the offline tool opens it: nobody knows the store, so nothing is held against it,
/// and nothing is written before the word is known to be good.
Result<std::shared_ptr<Core>> open_offline(const fs::path& directory) {
  auto environment = system_environment(directory, Options{});
  if (!environment) return tl::unexpected(environment.error());
  return look_only(std::move(*environment), StoreFacts{}, Options{});
}

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

/// Whether the record can be written at all.
Result<void> check_fits(Record record) {
  std::array<std::byte, layout::slot_bytes> scratch;
  return codec::encode_folding(record, scratch);
}

/// Back up, write the audit line, then heal and write the record: a trail without a deed is
/// harmless, a deed without a trail is not.
Result<WordGiven> give_word(Core& core, const fs::path& directory, Record next, AuditLine line) {
  if (auto fits = check_fits(next); !fits) return tl::unexpected(fits.error());
  const std::uint64_t generation = core.record_after_settling().generation;
  const auto backup = back_up(directory, generation);
  if (!backup) return tl::unexpected(backup.error());
  line.when = core.wall_clock();
  line.sequence = next.floor;
  line.generation = generation + 1;
  line.backup = backup->filename().string();
  if (auto logged = append_audit(directory, line); !logged) return tl::unexpected(logged.error());
  if (auto settled = core.settle(); !settled) return tl::unexpected(settled.error());
  if (auto written = core.transition(std::move(next)); !written) {
    return tl::unexpected(written.error());
  }
  return WordGiven{core.record(), *backup};
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

/// The record as it would be had the word not been given.
Record without_word(const Record& now, const Record& before) {
  if (now.marked) return before;
  Record out = now;  // what the store told since a discard still holds
  out.discard = false;
  out.state = before.state;
  out.final = before.final;
  out.tag = before.tag;
  out.reason = before.reason;
  return out;
}

}  // namespace

Result<WordGiven> mark_clean(const fs::path& directory, const MarkRequest& request) {
  if (auto sane = check_reason(request.reason, "the store was not marked clean"); !sane) {
    return tl::unexpected(sane.error());
  }
  auto core = open_offline(directory);
  if (!core) return tl::unexpected(core.error());
  Record next = (*core)->record_after_settling();
  if (auto markable = check_markable(**core, request, next); !markable) {
    return tl::unexpected(markable.error());
  }
  const std::uint64_t held = next.floor;
  next.state = StoreState::clean;
  next.marked = true;
  next.final = FinalUuid((*core)->new_id());
  // What the store may hold beyond its floor is covered as well.
  next.floor = next.ceiling = raised_above(request, next.ceiling);
  next.mark_held = held;
  next.mark_raised = next.floor;
  next.compared = request.compared;
  next.reason = request.reason;
  next.history.push_back({ViewId((*core)->new_id()), held, 1});
  return give_word(**core, directory, std::move(next),
                   {.word = "mark-clean", .who = request.who, .reason = request.reason});
}

Result<WordGiven> discard(const fs::path& directory, const WordRequest& request) {
  const std::string what = "the store was not discarded";
  if (auto sane = check_reason(request.reason, what); !sane) return tl::unexpected(sane.error());
  auto core = open_offline(directory);
  if (!core) return tl::unexpected(core.error());
  Record next = (*core)->record_after_settling();
  if (auto free = check_no_word(**core, next, what); !free) return tl::unexpected(free.error());
  if (auto seen = check_seen(**core, next, request.if_sequence, what); !seen) {
    return tl::unexpected(seen.error());
  }
  if (next.state == StoreState::clean) {
    next.state = StoreState::dirty;
    next.final = {};
    next.tag.reset();
  }
  next.discard = true;
  next.reason = request.reason;
  return give_word(**core, directory, std::move(next),
                   {.word = "discard", .who = request.who, .reason = request.reason});
}

Result<WordGiven> undo(const fs::path& directory, const std::string& who) {
  const std::string what = "nothing was taken back";
  auto core = open_offline(directory);
  if (!core) return tl::unexpected(core.error());
  const Record now = (*core)->record_after_settling();
  if (now.adopted && !now.marked && !now.discard) {
    core->reset();  // the file gives up its name, and its lock
    return unadopt(directory, now, who);
  }
  if (!now.marked && !now.discard) {
    return fail(Errc::nothing_to_undo, what, (*core)->path(),
                "no word was given since the broker last activated", "there is nothing to do");
  }
  auto before = find_backup(directory, now);
  if (!before) {
    return fail(Errc::nothing_to_undo, what, (*core)->path(),
                "the backup that the word was given on is gone", "bring the backup file back");
  }
  return give_word(**core, directory, without_word(now, *before), {.word = "undo", .who = who});
}

}  // namespace storemark
