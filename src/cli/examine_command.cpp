// SPDX-License-Identifier: Apache-2.0
// storemark examine
#include <memory>

#include "cli/command.hpp"
#include "cli/examine_json.hpp"
#include "cli/examine_table.hpp"
#include "cli/gather.hpp"
#include "cli/options.hpp"

namespace storemark::cli {
namespace {

struct ExamineOptions {
  std::vector<std::string> stores;
  std::string rsh = default_rsh;
  bool slots = false;
  Format format = Format::table;
};

constexpr const char* examine_footer =
    "States: empty, updating (half of it is a donor's), dirty (in use, or left by a crash), "
    "clean;\n"
    "or a diagnosis: missing (cannot be reached), absent (no journal; not taken for empty),\n"
    "lost, hollow, damaged (nothing can be read), future (a newer format), foreign.\n"
    "Sequence: exact; from floor to ceiling; or at least, where the medium has lost something.\n"
    "A rank with a question mark is not proven; the line below says why.\n"
    "\n"
    "Exit status, the gravest of:\n"
    "  0 each store was read, and all its copies are whole: empty, updating, dirty or clean, in "
    "use\n"
    "    or not; a store left dirty by a crash is not damaged\n"
    "  4 a store is missing or has no journal, or its sequence is unproven since it was repaired\n"
    "  5 stores contradict each other: two are one member (a cloned directory), two are marked, "
    "or\n"
    "    one shutdown left two sequences\n"
    "  6 damage: nothing can be read; or a slot, or a copy of the founding record (an anchor), is\n"
    "    not valid, though the others tell all.\n"
    "    A power cut in the middle of a write can leave such a slot, too: it cannot be told from\n"
    "    one that rotted, and the next start heals it. So do lost, hollow, future and foreign.\n"
    "  1 failure, 2 asked wrongly";

std::string answer(const Survey& result, const ExamineOptions& options) {
  if (options.format == Format::json) return dump(survey_json(result));
  std::string text = examine_table(result);
  if (!options.slots) return text;
  for (const Store& store : result.stores) text += "\n" + slots_table(store);
  return text;
}

ExitStatus run_examine(const ExamineOptions& options) {
  auto stores = look_at(options.stores, options.rsh);
  if (!stores) return report(stores.error());
  const Survey result = survey(std::move(*stores));
  const ExitStatus status = emit(answer(result, options), result.status);
  for (const Store& store : result.stores) {
    if (!store.seen) report(store.seen.error());
  }
  return status;
}

}  // namespace

void add_examine(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ExamineOptions>();
  CLI::App& command = add_command(app, chosen, "examine",
                                  "a row per store, ranked; which is the latest; what to type next",
                                  examine_footer, [options] { return run_examine(*options); });
  add_stores(command, options->stores);
  add_flag(command, "--slots", options->slots, "decode every slot, and say why one is invalid");
  add_rsh(command, options->rsh);
  add_format(command, options->format);
}

}  // namespace storemark::cli
