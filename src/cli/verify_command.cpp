// SPDX-License-Identifier: Apache-2.0
// storemark verify
#include <memory>

#include "cli/command.hpp"
#include "cli/gather.hpp"
#include "cli/options.hpp"
#include "cli/text.hpp"
#include "cli/verify_render.hpp"

namespace storemark::cli {
namespace {

struct VerifyOptions {
  std::vector<std::string> stores;
  bool repair = false;
  Format format = Format::table;
};

constexpr const char* verify_footer =
    "Checked of each store: every slot's checksum; how many whole copies there are; that all "
    "slots\n"
    "belong to one journal and one member; that each generation has one record and one parent; "
    "that\n"
    "the fields fit the state; the order of the views; what the slots say when read together.\n"
    "--repair heals from a good slot only: it builds a fresh file, puts it in the journal's place "
    "and\n"
    "keeps the old one beside it. It writes what examine says, so no dirty store becomes clean. It "
    "is\n"
    "refused on a journal in use, and touches nothing where no slot can be read.\n"
    "\n"
    "Exit status, the gravest of:\n"
    "  0 sound (with --repair: sound now)   4 missing, no journal, or its sequence is unproven\n"
    "  6 damaged; also with --repair where the store cannot be healed\n"
    "  1 failure, 2 asked wrongly, 7 in use (--repair)";

/// Repairing ends at the first store that refuses; what was found before is printed all the same.
struct Outcome {
  std::string text;
  Json stores = Json::array();
  ExitStatus status = ExitStatus::safe;
  bool ended = false;
};

Repaired repair_if_asked(const Verification& before, bool asked) {
  if (!asked || !before.store.seen) return std::nullopt;
  if (before.store.seen->verdict.diagnosis == Diagnosis::absent) return std::nullopt;
  return repair(before.store.directory);
}

/// How things stand after a repair: as found, if nothing was done.
ExitStatus status_after(const Verification& before, const Repaired& repaired) {
  if (!repaired) return before.status;
  if (!*repaired) return report(repaired->error());
  return (*repaired)->rebuilt ? verify(look_at_directory(before.store.name)).status : before.status;
}

bool ends_the_command(const Repaired& repaired) {
  if (!repaired || *repaired) return false;
  const ExitStatus status = exit_status(repaired->error().code);
  return status != ExitStatus::damaged;
}

void handle(Store store, bool repair_it, Outcome& out) {
  const Verification before = verify(std::move(store));
  if (!before.store.seen) report(before.store.seen.error());
  const Repaired repaired = repair_if_asked(before, repair_it);
  const ExitStatus after = status_after(before, repaired);
  out.text += (out.text.empty() ? "" : "\n") + verify_text(before, repaired);
  out.stores.push_back(verify_json(before, repaired));
  out.ended = ends_the_command(repaired);
  out.status = out.ended ? after : graver(out.status, after);
}

ExitStatus run_verify(const VerifyOptions& options) {
  auto stores = look_at(options.stores);
  if (!stores) return report(stores.error());
  Outcome out;
  for (Store& store : *stores) {
    const bool elsewhere = !store.host.empty() || !store.file.empty();
    if (options.repair && elsewhere) {
      return report_usage("storemark verify --repair", store.name + " is not on this host",
                          "repair it where it is");
    }
  }
  for (Store& store : *stores) {
    handle(std::move(store), options.repair, out);
    if (out.ended) break;
  }
  if (options.format == Format::table) return emit(out.text, out.status);
  return emit(dump({{"schema", "storemark.verify/1"},
                    {"time", rfc3339_now()},
                    {"exit", static_cast<int>(out.status)},
                    {"stores", std::move(out.stores)}}),
              out.status);
}

}  // namespace

void add_verify(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App& command =
      add_command(app, chosen, "verify", "checksums, redundancy, history; --repair heals",
                  verify_footer, [options] { return run_verify(*options); });
  add_stores(command, options->stores);
  add_flag(command, "--repair", options->repair, "heal the journal from a good slot");
  add_format(command, options->format);
}

}  // namespace storemark::cli
