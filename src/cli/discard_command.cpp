// SPDX-License-Identifier: Apache-2.0
// storemark discard
#include <memory>

#include "cli/options.hpp"
#include "cli/who.hpp"
#include "cli/word.hpp"

namespace storemark::cli {
namespace {

struct DiscardOptions {
  std::string directory;
  WordRequest request;
  Format format = Format::table;
};

constexpr const char* discard_footer =
    "Says that this store's data is not needed: its broker may move it aside and take an update, "
    "and\n"
    "can do nothing else. No data is touched now. storemark undo takes it back until the broker "
    "next\n"
    "activates.\n"
    "\n"
    "Exit status: 0 done; 1 failure; 2 asked wrongly; 6 damaged; 7 in use; 8 refused; 9 the "
    "sequence\n"
    "is not N any more.";

ExitStatus run_discard(DiscardOptions& options) {
  options.request.who = who_is_asking();
  return tell("discard", options.directory, discard(options.directory, options.request),
              options.format);
}

}  // namespace

void add_discard(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<DiscardOptions>();
  CLI::App& command =
      add_command(app, chosen, "discard", "give this store up: it can only take an update",
                  discard_footer, [options] { return run_discard(*options); });
  add_directory(command, options->directory);
  add_word(command, options->request.if_sequence, options->request.reason);
  add_format(command, options->format);
}

}  // namespace storemark::cli
