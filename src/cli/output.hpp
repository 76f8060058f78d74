// SPDX-License-Identifier: Apache-2.0
// Where things are printed: data on stdout, all else on stderr; colour on a terminal only.
#pragma once

#include <cstddef>
#include <storemark/error.hpp>
#include <string>
#include <string_view>

#include "cli/exit_status.hpp"

namespace storemark::cli {

enum class Format { table, json, svg };

enum class Colour { none, good, care, bad, strong };

/// How wide stdout's terminal is, within reason; 100 where it is none. Wider text is hard to read.
[[nodiscard]] std::size_t screen_columns();

/// The text in a colour, or as it is where the sink is no terminal or NO_COLOR is set. For stdout.
[[nodiscard]] std::string coloured(Colour colour, std::string_view text);

/// Writes data to stdout, to the last byte. A full disk or a closed pipe is a failure, reported on
/// stderr; `wanted` is the status to end with otherwise.
[[nodiscard]] ExitStatus emit(std::string_view data, ExitStatus wanted = ExitStatus::safe);

/// What, where, why, what to do, the id and where its page is: on stderr. Gives the exit status.
ExitStatus report(const Error& error);

/// One remark on stderr.
void remark(std::string_view text);

/// Reports a wrong command line: why it was not understood, where, and what would have been.
ExitStatus report_usage(std::string_view where, std::string_view why, std::string_view todo);

}  // namespace storemark::cli
