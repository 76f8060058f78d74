// SPDX-License-Identifier: Apache-2.0
#include "journal/adopt.hpp"

#include <cerrno>

#include "journal/create.hpp"
#include "journal/errors.hpp"
#include "journal/examine_on.hpp"
#include "journal/io_errors.hpp"
#include "journal/word_log.hpp"
#include "text/utf8.hpp"

namespace storemark {
namespace {

namespace fs = std::filesystem;

constexpr auto not_adopted = "the store was not adopted";

Result<void> check_request(const AdoptRequest& request) {
  const auto refuse = [](const char* where, const char* why) {
    return fail(Errc::invalid_argument, not_adopted, where, why,
                "look at another member of the cluster: `storemark examine`");
  };
  if (request.initial.is_nil()) return refuse("the initial UUID", "it is nil");
  if (request.sequence > max_sequence) {
    return refuse("the sequence", "it is beyond all counting");
  }
  if (request.reason.empty() || request.reason.size() > max_reason_bytes ||
      !is_utf8(request.reason)) {
    return refuse("the reason", "it is empty, longer than 128 bytes or not UTF-8");
  }
  return {};
}

/// True: a damaged file is to be replaced. False: there is none.
Result<bool> find_damaged(Environment& environment) {
  const auto found = examine_on(environment, StoreFacts{});
  if (!found) return tl::unexpected(found.error());
  const auto refuse = [&](Errc code, const char* why, const char* todo) {
    return fail(code, not_adopted, environment.path, why, todo);
  };
  if (found->in_use) {
    return refuse(Errc::in_use, "its journal is in use", "stop the broker first");
  }
  if (found->verdict.diagnosis == Diagnosis::absent) return false;
  if (found->verdict.diagnosis == Diagnosis::foreign) {
    return refuse(Errc::not_a_journal, "what has the journal's name is no journal",
                  "see what it is, and move it away");
  }
  if (found->verdict.diagnosis == Diagnosis::future) {
    return refuse(Errc::journal_future, "a newer storemark wrote its journal", "use the newer one");
  }
  if (found->verdict.record) {
    return refuse(Errc::journal_exists, "it has a journal that can be read",
                  "look at it: `storemark examine`; if it is damaged, `storemark verify --repair`");
  }
  return true;
}

/// Holds the damaged file's lock while the fresh one takes its name.
Result<void> replace_damaged(Environment& environment, const Record& record,
                             const std::string& keep_as) {
  const auto to_result = [&](const io::IoError& error) {
    return tl::unexpected(to_error(error, not_adopted, environment.path));
  };
  const auto damaged = environment.directory->open(io::Access::read_write);
  if (!damaged) return to_result(damaged.error());
  auto fresh = make_file(environment, record);
  if (!fresh) return tl::unexpected(fresh.error());
  if (auto done = environment.directory->exchange((*fresh)->file(), keep_as); !done) {
    return to_result(done.error());
  }
  if (auto synced = environment.directory->sync(); !synced) return to_result(synced.error());
  return {};
}

/// What the damaged file is kept as: it belongs to the journal that replaced it, and to no other.
std::string name_of_damaged(const JournalId& adopted) {
  return std::string(journal_file_name).append(".damaged-").append(to_string(adopted));
}

}  // namespace

Record adopted_record(const Environment& environment, const AdoptRequest& request) {
  Record record = first_record(environment);
  record.initial = request.initial;
  record.state = StoreState::dirty;
  record.adopted = true;
  record.floor = record.ceiling = request.sequence;
  record.reason = request.reason;
  return record;
}

Result<WordGiven> adopt(const fs::path& directory, const AdoptRequest& request) {
  if (auto sane = check_request(request); !sane) return tl::unexpected(sane.error());
  auto environment = system_environment(directory, Options{});
  if (!environment) return tl::unexpected(environment.error());
  const auto damaged = find_damaged(*environment);
  if (!damaged) return tl::unexpected(damaged.error());
  const Record record = adopted_record(*environment, request);
  const std::string keep_as = *damaged ? name_of_damaged(record.journal) : std::string();
  const AuditLine line{.word = "adopt",
                       .who = request.who,
                       .reason = request.reason,
                       .when = record.wall_clock,
                       .sequence = request.sequence,
                       .generation = record.generation,
                       .backup = keep_as};
  if (auto logged = append_audit(directory, line); !logged) return tl::unexpected(logged.error());
  if (*damaged) {
    if (auto done = replace_damaged(*environment, record, keep_as); !done) {
      return tl::unexpected(done.error());
    }
    return WordGiven{record, directory / keep_as};
  }
  if (auto created = create_journal(*environment, record); !created) {
    return tl::unexpected(created.error());
  }
  return WordGiven{record, {}};
}

Result<WordGiven> unadopt(const fs::path& directory, const Record& adopted,
                          const std::string& who) {
  const std::string what = "the adoption was not taken back";
  auto environment = system_environment(directory, Options{});
  if (!environment) return tl::unexpected(environment.error());
  const auto to_result = [&](const io::IoError& error) {
    return tl::unexpected(to_error(error, what, environment->path));
  };
  const auto locked = environment->directory->open(io::Access::read_write);
  if (!locked) return to_result(locked.error());
  const fs::path before = directory / name_of_damaged(adopted.journal);
  const fs::path aside = directory / backup_name(directory, adopted.generation);
  const AuditLine line{.word = "undo",
                       .who = who,
                       .when = environment->wall_clock(),
                       .sequence = adopted.floor,
                       .generation = adopted.generation,
                       .backup = aside.filename().string()};
  if (auto logged = append_audit(directory, line); !logged) return tl::unexpected(logged.error());
  std::error_code error;
  fs::rename(directory / journal_file_name, aside, error);
  if (!error && fs::exists(before)) fs::rename(before, directory / journal_file_name, error);
  if (error) return to_result(io::IoError{error.value(), "rename", 0});
  if (auto synced = environment->directory->sync(); !synced) return to_result(synced.error());
  return WordGiven{adopted, aside};
}

}  // namespace storemark
