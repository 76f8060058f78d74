// SPDX-License-Identifier: Apache-2.0
// storemark undo
#include <memory>

#include "cli/options.hpp"
#include "cli/who.hpp"
#include "cli/word.hpp"

namespace storemark::cli {
namespace {

struct UndoOptions {
  std::string directory;
  Format format = Format::table;
};

constexpr const char* undo_footer =
    "Takes back the last mark-clean, discard or adopt, until the store's broker next activates.\n"
    "\n"
    "Exit status: 0 done; 1 failure; 2 asked wrongly; 6 damaged; 7 in use; 8 nothing to undo.";

ExitStatus run_undo(const UndoOptions& options) {
  return tell("undo", options.directory, undo(options.directory, who_is_asking()), options.format);
}

}  // namespace

void add_undo(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<UndoOptions>();
  CLI::App& command = add_command(app, chosen, "undo", "take the last word on a store back",
                                  undo_footer, [options] { return run_undo(*options); });
  add_directory(command, options->directory);
  add_format(command, options->format);
}

}  // namespace storemark::cli
