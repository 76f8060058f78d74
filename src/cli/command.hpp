// SPDX-License-Identifier: Apache-2.0
// The commands, each in a file of its own. Each adds itself to the parser, and says what to run
// once it was chosen. The parser's own headers, which cost seconds in every file that has them, are
// seen by main.cpp and options.cpp alone.
#pragma once

#include <functional>

#include "cli/output.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own
class App;
}

namespace storemark::cli {

/// What the command line asked for.
using Chosen = std::function<ExitStatus()>;

void add_examine(CLI::App& app, Chosen& chosen);
void add_plan(CLI::App& app, Chosen& chosen);
void add_log(CLI::App& app, Chosen& chosen);
void add_collect(CLI::App& app, Chosen& chosen);
void add_watch(CLI::App& app, Chosen& chosen);
void add_probe(CLI::App& app, Chosen& chosen);
void add_verify(CLI::App& app, Chosen& chosen);
void add_mark_clean(CLI::App& app, Chosen& chosen);
void add_discard(CLI::App& app, Chosen& chosen);
void add_adopt(CLI::App& app, Chosen& chosen);
void add_undo(CLI::App& app, Chosen& chosen);
void add_explain(CLI::App& app, Chosen& chosen);

}  // namespace storemark::cli
