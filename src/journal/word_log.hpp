// SPDX-License-Identifier: Apache-2.0
// The paper trail of an operator's word, in the data directory: the backup of the journal's file
// and the audit log, one JSON object a line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <storemark/error.hpp>
#include <storemark/record.hpp>
#include <string>

namespace storemark {

struct AuditLine {
  std::string word{};  ///< "mark-clean", "discard", "adopt", "undo"
  std::string who{};
  std::string reason{};
  std::int64_t when = 0;  ///< nanoseconds since 1970
  std::uint64_t sequence = 0;
  std::uint64_t generation = 0;
  std::string backup{};
};

/// Copies the journal's file to a new name that has `generation` in it; durable on return.
[[nodiscard]] Result<std::filesystem::path> back_up(const std::filesystem::path& directory,
                                                    std::uint64_t generation);

/// Appends one line to "storemark.audit"; durable on return.
[[nodiscard]] Result<void> append_audit(const std::filesystem::path& directory,
                                        const AuditLine& line);

/// The last record before the word that stands on `now`, from the backups: the newest of this
/// journal on which no word stood. A second word is refused while one stands, so that is the one.
[[nodiscard]] std::optional<Record> find_backup(const std::filesystem::path& directory,
                                                const Record& now);

/// A name beside the journal that nothing has yet: "storemark.journal.backup-G", with ".N" if need
/// be.
[[nodiscard]] std::string backup_name(const std::filesystem::path& directory,
                                      std::uint64_t generation);

}  // namespace storemark
