// SPDX-License-Identifier: Apache-2.0
// The operator's word on a journal that is not in use. Each call backs up the journal file beside
// it first, appends who, when and why to the audit log "storemark.audit" in the data directory, is
// durable on return, and can be taken back with undo() until the broker next activates.
#pragma once

#include <cstdint>
#include <filesystem>
#include <storemark/error.hpp>
#include <storemark/examine.hpp>
#include <storemark/record.hpp>
#include <string>
#include <vector>

namespace storemark {

struct MarkRequest {
  /// The sequence that the operator saw: the word is given for that and no other (changed_since).
  std::uint64_t if_sequence = 0;
  std::string reason{};              ///< 1 to max_reason_bytes bytes
  std::string who{};                 ///< for the audit log; not recorded in the journal
  std::vector<Compared> compared{};  ///< the stores this one was compared with
  bool accept_at_least = false;      ///< mark it though its sequence is unproven
  /// The generation of the record that the operator saw; any other is refused (changed_since). 0:
  /// it does not matter.
  std::uint64_t if_generation = 0;
};

struct WordRequest {
  std::uint64_t if_sequence = 0;
  std::string reason{};
  std::string who{};
};

struct AdoptRequest {
  InitialUuid initial;
  std::uint64_t sequence = 0;  ///< what the store holds
  std::string reason{};
  std::string who{};
};

/// What was done, and where the way back is.
struct WordGiven {
  Record record;                 ///< as it stands now
  std::filesystem::path backup;  ///< the file as it was; empty where there was none
};

/// Threads: any. Errors of all: in_use, journal_absent, journal_damaged, journal_future,
/// not_a_journal, no_permission, read_only_filesystem, no_space, io_failed, directory_missing,
/// invalid_argument, changed_since.
///
/// Marks a dirty store clean, with a fresh final UUID, a new history entry that begins at what the
/// store held, and a sequence raised above every compared one. Errors also: wrong_state (empty,
/// updating or clean already), unproven, jump_too_large, record_full.
[[nodiscard]] Result<WordGiven> mark_clean(const std::filesystem::path& directory,
                                           const MarkRequest& request);

/// Lets the broker move this store aside and take an update; until then it can only do that.
[[nodiscard]] Result<WordGiven> discard(const std::filesystem::path& directory,
                                        const WordRequest& request);

/// Makes a journal (dirty, at `sequence`) for a store that has none, or whose journal is damaged
/// beyond reading. Errors also: journal_exists.
[[nodiscard]] Result<WordGiven> adopt(const std::filesystem::path& directory,
                                      const AdoptRequest& request);

/// Takes the last word back. Errors also: nothing_to_undo (no word was given since the broker last
/// activated).
[[nodiscard]] Result<WordGiven> undo(const std::filesystem::path& directory,
                                     const std::string& who);

struct Repair {
  bool rebuilt = false;          ///< a fresh file was built beside it and exchanged
  std::filesystem::path backup;  ///< the damaged file, where one was exchanged
  Verdict before;
  Verdict after;
};

/// Heals the journal from a good slot only, building a fresh file and exchanging it. A sound
/// journal is left alone. Writes the verdict, so it cannot make a dirty store clean. Errors also:
/// journal_damaged (no good slot: nothing is touched), not_durable.
[[nodiscard]] Result<Repair> repair(const std::filesystem::path& directory);

}  // namespace storemark
