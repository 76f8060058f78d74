// SPDX-License-Identifier: Apache-2.0
// What is to be known of a data directory beside the examination of its journal: the raw file, the
// audit log, what lies beside it, and on what it stands. Bounded; only names and sizes of files
// that are not ours.
#pragma once

#include "cli/json.hpp"

namespace storemark::cli {

/// At most so many blocks of 4096 bytes of the journal's file are taken, and none of zeros.
inline constexpr std::size_t most_blocks = 64;
/// At most so many entries of the directory are named.
inline constexpr std::size_t most_entries = 1000;

/// Of a data directory on this host, there or not.
[[nodiscard]] Json evidence_of(const std::string& directory);

/// The audit log in a piece of evidence; nothing where it has none.
[[nodiscard]] std::optional<std::string> audit_in(const Json& evidence);

[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace storemark::cli
