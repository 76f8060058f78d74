// SPDX-License-Identifier: Apache-2.0
// What the tool's exit status says, and which error gives which: one table.
#pragma once

#include <storemark/error.hpp>
#include <string_view>

namespace storemark::cli {

enum class ExitStatus : int {
  safe = 0,            ///< yes, safe (also to look at a journal in use)
  failure = 1,         ///< the tool could not do it
  usage = 2,           ///< asked wrongly
  wait = 3,            ///< nothing is wrong; more has to come
  needs_operator = 4,  ///< a person has to say what holds
  conflict = 5,        ///< two stores that cannot both be right
  damaged = 6,         ///< damage was seen
  in_use = 7,          ///< a broker has the journal open
  refused = 8,         ///< refused by a rule; nothing was written
  changed = 9,         ///< not what the operator had looked at
};

/// How a command ends that failed with this error.
[[nodiscard]] ExitStatus exit_status(Errc code) noexcept;

/// Of several findings the gravest: 6 > 5 > 4 > 3 > 0. For findings only: the other statuses end
/// the command where they arise.
[[nodiscard]] ExitStatus graver(ExitStatus a, ExitStatus b) noexcept;

/// The list for --help.
[[nodiscard]] std::string_view exit_status_help() noexcept;

}  // namespace storemark::cli
