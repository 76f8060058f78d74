// SPDX-License-Identifier: Apache-2.0
// storemark collect
#include <memory>

#include "cli/command.hpp"
#include "cli/evidence.hpp"
#include "cli/gather.hpp"
#include "cli/options.hpp"
#include "cli/plan_render.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

struct CollectOptions {
  std::vector<std::string> stores;
  std::string rsh = default_rsh;
  PlanOptions plan;
  Format format = Format::json;
};

constexpr const char* collect_footer =
    "Prints one JSON document for a ticket: of every store the full examination with its slots "
    "and\n"
    "anchors, the journal's raw blocks, the audit log, the names and sizes of what lies beside it, "
    "its\n"
    "filesystem and kernel; and the plan over all of them. Bounded: 64 blocks, 64 KiB of audit log "
    "and\n"
    "1000 names a store. No content of any file but ours is in it; ours has the labels, reasons "
    "and "
    "the\n"
    "broker's own payload (256 bytes) in it. The other commands take the file as a STORE.\n"
    "\n"
    "Exit status, as examine's: 0, or the gravest of 4 (a store is missing), 5 and 6; 1 failure, 2 "
    "asked\n"
    "wrongly.";

Json store_json(const Store& store) {
  Json out = to_json(store);
  if (store.evidence) {
    out["evidence"] = Json::parse(*store.evidence);
  } else {
    const bool here = store.host.empty() && store.file.empty();
    out["evidence"] = here ? evidence_of(store.directory) : Json();
  }
  return out;
}

/// What the members would decide; why there is no plan, where the stores cannot be put together.
Json decided_json(const Survey& seen, PlanOptions options) {
  if (!options.wait_for) options.wait_for = seen.stores.size();
  const auto planned = plan(seen, options);
  return planned ? plan_json(*planned) : Json();
}

Json collected_json(const Survey& seen, const PlanOptions& options) {
  Json out = Json::object();
  out["schema"] = collect_schema;
  out["time"] = rfc3339_now();
  out["exit"] = static_cast<int>(seen.status);
  out["stores"] = Json::array();
  out["missing"] = Json::array();
  for (const Store& store : seen.stores) {
    out["stores"].push_back(store_json(store));
    if (!store.seen) out["missing"].push_back(store.name);
  }
  out["plan"] = decided_json(seen, options);
  return out;
}

ExitStatus run_collect(const CollectOptions& options) {
  if (options.format != Format::json) {
    return report_usage("storemark collect", "it prints JSON, and nothing else",
                        "storemark examine has a table");
  }
  auto stores = look_at(options.stores, options.rsh, Depth::everything);
  if (!stores) return report(stores.error());
  const Survey seen = survey(std::move(*stores));
  const ExitStatus status = emit(dump(collected_json(seen, options.plan)), seen.status);
  for (const Store& store : seen.stores) {
    if (!store.seen) report(store.seen.error());
  }
  return status;
}

}  // namespace

void add_collect(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<CollectOptions>();
  CLI::App& command = add_command(app, chosen, "collect",
                                  "all evidence on the stores in one JSON document, for a ticket",
                                  collect_footer, [options] { return run_collect(*options); });
  add_stores(command, options->stores);
  add_bounded(command, "--wait-for", options->plan.wait_for, {1, most_wait_for},
              "of the plan in it; as many as there are stores unless told");
  add_rsh(command, options->rsh);
  add_format(command, options->format);
}

}  // namespace storemark::cli
