// SPDX-License-Identifier: Apache-2.0
// The commands, each in a file of its own. Each adds itself to the parser, and says what to run
// once it was chosen.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>

#include "cli/output.hpp"

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
