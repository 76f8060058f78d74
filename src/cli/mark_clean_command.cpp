// SPDX-License-Identifier: Apache-2.0
// storemark mark-clean
#include <memory>

#include "cli/compare.hpp"
#include "cli/gather.hpp"
#include "cli/options.hpp"
#include "cli/who.hpp"
#include "cli/word.hpp"

namespace storemark::cli {
namespace {

struct MarkOptions {
  std::string directory;
  std::string rsh = default_rsh;
  std::vector<std::string> compared;
  MarkRequest request;
  std::vector<std::string> remarks;  ///< to be made once it is done
  Format format = Format::table;
};

constexpr const char* footer =
    "Says that the cluster goes on from this store. It is the one manual step after all brokers\n"
    "crashed: examine all stores, then mark the latest, compared with all the others. The journal\n"
    "is backed up beside itself, who, when and why go to storemark.audit, and storemark undo "
    "takes\n"
    "the mark back until the broker next activates.\n"
    "\n"
    "Exit status: 0 marked; 1 failure, also a compared store that cannot be reached; 2 asked "
    "wrongly;\n"
    "5 a compared store is of another cluster, or the same member; 6 one is damaged; 7 one is in "
    "use;\n"
    "8 refused: not dirty, or unproven without --accept-at-least; 9 the sequence is not N any "
    "more.";

/// Fills in what the store is compared with; the status to end with, or safe.
ExitStatus fill_compared(MarkOptions& options) {
  if (options.compared.empty()) {
    options.remarks.emplace_back("it was compared with no other store: --compared names them");
    return ExitStatus::safe;
  }
  const Store chosen = look_at_directory(options.directory);
  if (!chosen.seen) return report(chosen.seen.error());
  // What has no record is refused by the library, by name.
  if (!chosen.seen->verdict.record) return ExitStatus::safe;
  auto others = look_at(options.compared, options.rsh);
  if (!others) return report(others.error());
  auto comparison = compare(chosen, *others);
  if (!comparison) {
    report(comparison.error().error);
    return comparison.error().status;
  }
  options.remarks = std::move(comparison->remarks);
  options.request.compared = std::move(comparison->compared);
  return ExitStatus::safe;
}

ExitStatus run_mark_clean(MarkOptions& options) {
  if (const ExitStatus status = fill_compared(options); status != ExitStatus::safe) return status;
  options.request.who = who_is_asking();
  const auto given = mark_clean(options.directory, options.request);
  const ExitStatus status = tell("mark-clean", options.directory, given, options.format);
  if (given) {
    for (const std::string& text : options.remarks) remark(text);
  }
  return status;
}

}  // namespace

void add_mark_clean(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<MarkOptions>();
  CLI::App* command =
      app.add_subcommand("mark-clean", "the one manual step: the cluster goes on from this store");
  add_directory(*command, options->directory);
  add_word(*command, options->request.if_sequence, options->request.reason);
  command
      ->add_option("--compared", options->compared,
                   "the cluster's other stores: they are examined, and the mark says so")
      ->type_name("STORE");
  command->add_flag("--accept-at-least", options->request.accept_at_least,
                    "mark it though its sequence is not proven");
  command->add_option("--rsh", options->rsh, "reaches HOST in place of ssh")->type_name("COMMAND");
  add_format(*command, options->format);
  command->footer(footer);
  command->callback(
      [options, &chosen] { chosen = [options] { return run_mark_clean(*options); }; });
}

}  // namespace storemark::cli
