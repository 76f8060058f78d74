// SPDX-License-Identifier: Apache-2.0
#include <storemark/operator.hpp>

#include "journal/adopt.hpp"
#include "journal/core.hpp"
#include "journal/errors.hpp"
#include "journal/open.hpp"
#include "journal/word_log.hpp"
#include "journal/words.hpp"
#include "text/utf8.hpp"

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

}  // namespace

Result<WordGiven> mark_clean(const fs::path& directory, const MarkRequest& request) {
  if (auto sane = check_reason(request.reason, "the store was not marked clean"); !sane) {
    return tl::unexpected(sane.error());
  }
  auto core = open_offline(directory);
  if (!core) return tl::unexpected(core.error());
  auto next = marked_record(**core, request);
  if (!next) return tl::unexpected(next.error());
  return give_word(**core, directory, std::move(*next),
                   {.word = "mark-clean", .who = request.who, .reason = request.reason});
}

Result<WordGiven> discard(const fs::path& directory, const WordRequest& request) {
  if (auto sane = check_reason(request.reason, "the store was not discarded"); !sane) {
    return tl::unexpected(sane.error());
  }
  auto core = open_offline(directory);
  if (!core) return tl::unexpected(core.error());
  auto next = discarded_record(**core, request);
  if (!next) return tl::unexpected(next.error());
  return give_word(**core, directory, std::move(*next),
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
  return give_word(**core, directory, record_without_word(now, *before),
                   {.word = "undo", .who = who});
}

}  // namespace storemark
