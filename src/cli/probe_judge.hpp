// SPDX-License-Identifier: Apache-2.0
// What a probe's numbers let one say, and what they do not. Pure.
#pragma once

#include "cli/exit_status.hpp"
#include "cli/filesystem.hpp"
#include "cli/probe.hpp"

namespace storemark::cli {

enum class SyncVerdict {
  plausible,  ///< nothing speaks against it
  doubtful,   ///< the numbers or the medium speak against it
  unknown,    ///< somebody else has to honour it, and cannot be asked
  none,       ///< there is nothing that could keep it
};
[[nodiscard]] std::string_view to_string(SyncVerdict verdict) noexcept;

struct Judgement {
  SyncVerdict verdict = SyncVerdict::unknown;
  std::vector<std::string> why;  ///< a sentence each, the verdict's own first
};

[[nodiscard]] Judgement judge(const FilesystemFacts& facts, const Measured& measured);

/// Safe where it is plausible, else "not confirmed".
[[nodiscard]] ExitStatus exit_status(SyncVerdict verdict) noexcept;

/// What no probe can tell.
inline constexpr std::string_view cannot_be_known =
    "whether a device that says \"written\" has kept its word can be seen only by cutting its "
    "power";

}  // namespace storemark::cli
