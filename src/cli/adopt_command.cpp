// SPDX-License-Identifier: Apache-2.0
// storemark adopt
#include <memory>

#include "cli/gather.hpp"
#include "cli/options.hpp"
#include "cli/who.hpp"
#include "cli/word.hpp"

namespace storemark::cli {
namespace {

struct AdoptOptions {
  std::string directory;
  std::string initial;
  AdoptRequest request;
  Format format = Format::table;
};

constexpr const char* adopt_footer =
    "Makes a journal, dirty at sequence N, for a store that has none, or whose journal cannot be "
    "read\n"
    "any more. N is what the store holds: ask the store. The initial UUID is the cluster's: "
    "examine\n"
    "shows it at the other stores.\n"
    "\n"
    "Exit status: 0 done; 1 failure; 2 asked wrongly, also a UUID that is none; 7 in use; 8 "
    "refused:\n"
    "there is a journal that can be read.";

ExitStatus run_adopt(AdoptOptions& options) {
  const auto initial = parse_uuid(options.initial);
  if (!initial) return report(initial.error());
  options.request.initial = InitialUuid(*initial);
  options.request.who = who_is_asking();
  const auto given = adopt(options.directory, options.request);
  const ExitStatus status = tell("adopt", options.directory, given, options.format);
  if (given && options.request.sequence > 0 && count_others(options.directory) == 0) {
    remark(
        "nothing else is in that directory: a store's volume that is not mounted looks like this; "
        "storemark undo takes it back");
  }
  return status;
}

}  // namespace

void add_adopt(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<AdoptOptions>();
  CLI::App& command = add_command(app, chosen, "adopt", "make a journal for a store that has none",
                                  adopt_footer, [options] { return run_adopt(*options); });
  add_directory(command, options->directory, "DIR");
  add_text(command, {"--initial", "UUID", "the cluster's initial UUID", Needed::yes},
           options->initial);
  add_number(command, "--sequence", options->request.sequence, "how many events the store holds");
  add_reason(command, options->request.reason);
  add_format(command, options->format);
}

}  // namespace storemark::cli
