// SPDX-License-Identifier: Apache-2.0
// storemark log
#include <memory>

#include "cli/command.hpp"
#include "cli/gather.hpp"
#include "cli/log_render.hpp"
#include "cli/log_svg.hpp"
#include "cli/options.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

struct LogOptions {
  std::vector<std::string> stores;
  std::string rsh = default_rsh;
  Format format = Format::table;
};

constexpr const char* log_footer =
    "What can still be read of the past: the views that a store lived through, the records in its\n"
    "slots and anchors, the operator's words (storemark.audit), and where it stands now. Several "
    "stores\n"
    "are put on one line, which splits where their histories part; the place is named.\n"
    "Ordered by the chain of views and the sequence. The clock is what each host believed: "
    "advice.\n"
    "-o svg draws it, as one file: storemark log -o svg STORE... > log.svg\n"
    "\n"
    "Exit status, as examine's: 0, or the gravest of 4, 5 and 6; 1 failure, 2 asked wrongly.";

/// For people: long names that begin alike leave no room for what is said of them.
std::string drawn(std::vector<Store> stores, Format format) {
  const std::string directory = common_directory(stores);
  for (Store& store : stores) store.name.erase(0, directory.size());
  Timeline line = timeline(stores);
  if (!directory.empty()) line.remarks.push_back("the stores are in " + printable(directory));
  return format == Format::svg ? log_svg(stores, line) : log_text(stores, line);
}

std::string answer(const Survey& seen, Format format) {
  if (format != Format::json) return drawn(seen.stores, format);
  return dump(log_json(seen.stores, timeline(seen.stores), seen.status));
}

ExitStatus run_log(const LogOptions& options) {
  auto stores = look_at(options.stores, options.rsh, Depth::everything);
  if (!stores) return report(stores.error());
  const Survey seen = survey(std::move(*stores));
  const ExitStatus status = emit(answer(seen, options.format), seen.status);
  for (const Store& store : seen.stores) {
    if (!store.seen) report(store.seen.error());
  }
  return status;
}

}  // namespace

void add_log(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<LogOptions>();
  CLI::App& command = add_command(app, chosen, "log",
                                  "views, transitions and marks over time, and where stores parted",
                                  log_footer, [options] { return run_log(*options); });
  add_stores(command, options->stores);
  add_rsh(command, options->rsh);
  add_format(command, options->format, WithSvg::yes);
}

}  // namespace storemark::cli
