// SPDX-License-Identifier: Apache-2.0
// storemark plan
#include <memory>

#include "cli/command.hpp"
#include "cli/gather.hpp"
#include "cli/options.hpp"
#include "cli/plan_render.hpp"

namespace storemark::cli {
namespace {

struct PlanCommand {
  std::vector<std::string> stores;
  std::string scenario;
  std::string policy;
  std::string rsh = default_rsh;
  PlanOptions options;
  Format format = Format::table;
};

constexpr const char* plan_footer =
    "Applies the rules by which the members decide when they start, without starting anything.\n"
    "\n"
    "Exit status: 0 start: the brokers may be started; 3 wait: more members have to come;\n"
    "4 an operator has to choose; 5 conflict; 6 a store is lost, hollow, damaged or of a newer\n"
    "format, and waits for an operator's word, while the others may go on as the plan says;\n"
    "1 failure, 2 asked wrongly.";

ExitStatus tell_plan(const Result<Plan>& planned, Format format) {
  if (!planned) return report(planned.error());
  const ExitStatus status = exit_status(planned->decision.outcome);
  return emit(format == Format::json ? dump(plan_json(*planned)) : plan_text(*planned), status);
}

ExitStatus run_plan(const PlanCommand& command) {
  if (command.scenario.empty() == command.stores.empty()) {
    return report_usage("storemark plan", "neither stores nor a scenario, or both",
                        "storemark plan --wait-for N STORE..., or --scenario FILE");
  }
  if (!command.scenario.empty()) {
    auto scenario = read_scenario(command.scenario);
    if (!scenario) return report(scenario.error());
    return tell_plan(plan(std::move(*scenario), command.options), command.format);
  }
  if (!command.options.wait_for) {
    return report_usage("storemark plan", "--wait-for N was not given",
                        "N is how many members the brokers wait for");
  }
  auto stores = look_at(command.stores, command.rsh);
  if (!stores) return report(stores.error());
  const ExitStatus status =
      tell_plan(plan(survey(std::move(*stores)), command.options), command.format);
  return status;
}

void add_choices(CLI::App& command, PlanCommand& into) {
  add_bounded(command, "--wait-for", into.options.wait_for, {1, most_wait_for},
              "how many members the brokers wait for");
  const auto take_policy = [&into](const std::string& word) {
    if (word != "manual" && word != "latest") {
      refuse_word("--policy", "\"" + word + "\" is neither manual nor latest");
    }
    into.options.policy = word == "latest" ? RestorePolicy::latest : RestorePolicy::manual;
  };
  add_word_for(command,
               {"--policy", "manual|latest", "what the brokers may do without a clean store"},
               take_policy);
  add_each(command, {"--without", "MEMBER", "a member that will not come back"},
           into.options.without);
}

}  // namespace

void add_plan(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<PlanCommand>();
  CLI::App& command = add_command(
      app, chosen, "plan", "may the brokers be started, who restores, who is updated, what is lost",
      plan_footer, [options] { return run_plan(*options); });
  add_stores(command, options->stores, Needed::no);
  add_text(command, {"--scenario", "FILE", "announcements, in place of stores"}, options->scenario);
  add_choices(command, *options);
  add_rsh(command, options->rsh);
  add_format(command, options->format);
}

}  // namespace storemark::cli
