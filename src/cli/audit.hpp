// SPDX-License-Identifier: Apache-2.0
// The operator's words on a store, as storemark.audit in its data directory tells them. Any text is
// safe: the file is one that people edit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storemark::cli {

inline constexpr std::string_view audit_file_name = "storemark.audit";
/// The newest part of the file that is read: some four hundred words.
inline constexpr std::size_t most_audit_bytes = 64 * 1024;

struct AuditEntry {
  std::string when;  ///< RFC 3339, as it stands there
  std::string word;  ///< "mark-clean", "discard", "adopt", "undo"
  std::string who;
  std::string reason;
  std::uint64_t sequence = 0;    ///< of the record that the word wrote
  std::uint64_t generation = 0;  ///< likewise
};

/// The last most_audit_bytes of the file, from the beginning of a line on; nothing where there is
/// no such file, or it cannot be read.
[[nodiscard]] std::optional<std::string> read_audit(const std::string& directory);

/// The lines that can be read, in their order; the number of those that cannot.
struct AuditLog {
  std::vector<AuditEntry> entries;
  std::size_t unreadable = 0;
};
[[nodiscard]] AuditLog parse_audit(std::string_view text);

}  // namespace storemark::cli
