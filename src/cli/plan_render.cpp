// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_render.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/plan_answers.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

std::string sequence_of(const Announcement& member) {
  if (member.certainty == Certainty::at_least) return fmt::format("at least {}", member.floor);
  if (member.ceiling > member.floor) return fmt::format("{} to {}", member.floor, member.ceiling);
  return std::to_string(member.floor);
}

/// What was decided for the member at `at`. Clones share id and incarnation: their labels do not.
const MemberDecision& decided_for(const Plan& plan, std::size_t at) {
  const Announcement& member = plan.scenario.members[at];
  const auto& decisions = plan.decision.members;
  return *std::find_if(decisions.begin(), decisions.end(), [&](const MemberDecision& d) {
    return d.id == member.id && d.incarnation == member.incarnation && d.label == member.label;
  });
}

std::string action_text(const Plan& plan, const MemberDecision& decided) {
  std::string out(to_string(decided.action));
  if (decided.donor) out += " from " + printable(name_of(plan, *decided.donor));
  return out;
}

Colour colour_of(Outcome outcome) {
  if (outcome == Outcome::start) return Colour::good;
  return outcome == Outcome::wait || outcome == Outcome::needs_operator ? Colour::care
                                                                        : Colour::bad;
}

/// Who is missing stands below.
std::string why(const Plan& plan) {
  if (plan.decision.missing.empty()) return plan.decision.why;
  return plan.decision.why.substr(0, plan.decision.why.find("; not here: "));
}

std::string headline(const Plan& plan) {
  std::string word(to_string(plan.decision.outcome));
  std::replace(word.begin(), word.end(), '_', ' ');
  return paragraph(coloured(colour_of(plan.decision.outcome), word) +
                       fmt::format(" ({}): ", to_string(plan.decision.rule)),
                   "  ", printable(why(plan)));
}

std::string rows(const Plan& plan) {
  Table table(
      {{"MEMBER", 30}, {"STATE", 12}, {"SEQUENCE", 24}, {"BEHIND"}, {"ACTION", 30}, {"RULE"}});
  for (std::size_t i = 0; i < plan.scenario.members.size(); ++i) {
    const Announcement& member = plan.scenario.members[i];
    const MemberDecision& decided = decided_for(plan, i);
    table.add({{printable(plan.scenario.names[i])},
               {state_text(member)},
               {sequence_of(member)},
               {std::to_string(behind(plan, member))},
               {action_text(plan, decided)},
               {std::string(to_string(decided.rule))}});
  }
  return table.text("  ");
}

std::string events_text(const Loss& loss) {
  if (loss.unbounded) return fmt::format("all that it holds from event {} on", loss.from);
  if (loss.from == loss.to) return fmt::format("event {}", loss.from);
  return fmt::format("events {} to {}", loss.from, loss.to);
}

std::string losses(const Plan& plan) {
  std::string out;
  for (const Loss& loss : plan.decision.loses) {
    out += paragraph(
        "  ", "    ",
        fmt::format("loses: {} {} {}", printable(name_of(plan, loss.id)),
                    loss.certain ? "gives up" : "may hold, and gives up,", events_text(loss)));
  }
  return out;
}

Json missing_json(const Plan& plan) {
  Json out = Json::array();
  for (const MissingMember& missing : plan.decision.missing) {
    out.push_back(
        {{"id", id_to_json(missing.id)}, {"name", missing.label}, {"sequence", missing.sequence}});
  }
  for (const std::string& name : plan.unreached) {
    out.push_back({{"id", Json()}, {"name", name}, {"sequence", Json()}});
  }
  return out;
}

Json member_json(const Plan& plan, std::size_t at) {
  const Announcement& member = plan.scenario.members[at];
  const MemberDecision& decided = decided_for(plan, at);
  return {{"name", plan.scenario.names[at]},
          {"id", id_to_json(decided.id)},
          {"state", state_text(member)},
          {"sequence", member.floor},
          {"ceiling", member.ceiling},
          {"behind", behind(plan, member)},
          {"action", to_string(decided.action)},
          {"donor", decided.donor ? Json(name_of(plan, *decided.donor)) : Json()},
          {"rule", to_string(decided.rule)},
          {"evidence", decided.evidence}};
}

std::string answers_text(const Plan& plan) {
  std::string out;
  for (const Answer& answer : answers(plan)) {
    out += paragraph(fmt::format("  {:<12}", answer.question), std::string(14, ' '),
                     printable(answer.text));
  }
  return out;
}

std::string command_text(const std::vector<std::string>& argv) {
  return fmt::format("    {}\n", coloured(Colour::strong, command_line(argv)));
}

std::string next_text(const Plan& plan) {
  std::string out;
  for (const Advice& one : plan.next) {
    // It is one of the choices.
    if (one.word == "mark-clean" && !plan.choices.empty()) continue;
    out += paragraph("> ", "  ", one.text);
    if (!one.argv.empty()) out += command_text(one.argv);
  }
  return out;
}

std::string choices_text(const Plan& plan) {
  std::string out;
  for (const Choice& one : plan.choices) {
    out += paragraph(out.empty() ? "> either: " : "> or: ", "  ", printable(one.text));
    for (const auto& argv : one.commands) out += command_text(argv);
  }
  return out;
}

Json choices_json(const Plan& plan) {
  Json out = Json::array();
  for (const Choice& one : plan.choices)
    out.push_back({{"text", one.text}, {"next", one.commands}});
  return out;
}

Json answers_json(const Plan& plan) {
  Json out = Json::object();
  for (const Answer& answer : answers(plan)) out[answer.id] = answer.text;
  return out;
}

}  // namespace

std::string plan_text(const Plan& plan) {
  std::string out = headline(plan) + rows(plan);
  for (std::size_t i = 0; i < plan.scenario.members.size(); ++i) {
    const MemberDecision& decided = decided_for(plan, i);
    if (decided.evidence == plan.decision.why) continue;
    out += paragraph(
        "  ", "    ",
        fmt::format("{}: {}", printable(plan.scenario.names[i]), printable(decided.evidence)));
  }
  out += losses(plan);
  if (!plan.in_use.empty()) {
    out +=
        paragraph("  ", "    ",
                  fmt::format("in use: {}; the plan is for brokers that are stopped, and where one "
                              "runs, the others join it instead",
                              printable(listed(plan.in_use))));
  }
  out += answers_text(plan);
  return out + next_text(plan) + choices_text(plan);
}

Json plan_json(const Plan& plan) {
  Json out = Json::object();
  out["schema"] = "storemark.plan/1";
  out["verdict"] = to_string(plan.decision.outcome);
  out["rule"] = to_string(plan.decision.rule);
  out["exit"] = static_cast<int>(exit_status(plan.decision.outcome));
  out["why"] = plan.decision.why;
  out["initial"] = id_to_json(plan.decision.initial);
  out["members"] = Json::array();
  for (std::size_t i = 0; i < plan.scenario.members.size(); ++i) {
    out["members"].push_back(member_json(plan, i));
  }
  out["missing"] = missing_json(plan);
  out["loses"] = Json::array();
  for (const Loss& loss : plan.decision.loses) {
    out["loses"].push_back({{"name", name_of(plan, loss.id)},
                            {"from", loss.from},
                            {"to", loss.to},
                            {"certain", loss.certain},
                            {"unbounded", loss.unbounded}});
  }
  out["in_use"] = plan.in_use;
  out["answers"] = answers_json(plan);
  out["choices"] = choices_json(plan);
  out["next"] = Json::array();
  for (const Advice& one : plan.next) {
    if (!one.argv.empty()) out["next"].push_back(one.argv);
  }
  return out;
}

}  // namespace storemark::cli
