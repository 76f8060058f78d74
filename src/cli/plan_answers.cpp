// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/plan_compare.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

using Index = std::size_t;

/// "50 events more than b", "90 to 100 events more than c".
std::string lead_text(const Plan& plan, Index first, Index other) {
  const std::uint64_t has = member_at(plan, first).floor;
  const std::uint64_t least = has - std::min(has, member_at(plan, other).ceiling);
  const std::uint64_t most = has - std::min(has, member_at(plan, other).floor);
  const std::string range =
      least == most ? counted(most, "event") : fmt::format("{} to {} events", least, most);
  return fmt::format("{} more than {}", range, name_at(plan, other));
}

std::string proven_text(const Plan& plan, const std::vector<Index>& all, Index first) {
  std::vector<std::string> equals{name_at(plan, first)};
  std::vector<std::string> leads;
  for (const Index other : all) {
    if (other == first) continue;
    if (compare(plan, first, other).proven) {
      equals.push_back(name_at(plan, other));
    } else {
      leads.push_back(lead_text(plan, first, other));
    }
  }
  std::string out = fmt::format("{}, at {}", some_of(equals), member_at(plan, first).floor);
  // That number is no count of events: nothing is known from the difference.
  if (member_at(plan, first).marked) return out + ", by an operator's mark";
  if (!leads.empty()) out += ": " + some_of(leads);
  return out;
}

/// The store that the printed command would go on from.
std::optional<Index> offered(const Plan& plan) {
  const std::vector<Index> all = holders(plan);
  const bool marks = std::any_of(plan.next.begin(), plan.next.end(),
                                 [](const Advice& one) { return one.word == "mark-clean"; });
  if (!marks || all.empty()) return std::nullopt;
  const auto first = proven_latest(plan, all);
  return first ? *first : highest(plan, all);
}

std::string latest_text(const Plan& plan) {
  const std::vector<Index> all = holders(plan);
  if (all.empty()) {
    const bool empty = std::all_of(plan.scenario.members.begin(), plan.scenario.members.end(),
                                   [](const Announcement& m) { return state_text(m) == "empty"; });
    return empty ? "none: all are empty" : "none: no store here can be gone on from";
  }
  std::set<InitialUuid> clusters;
  for (const Index i : all) clusters.insert(member_at(plan, i).initial);
  if (clusters.size() > 1) {
    return fmt::format("they are of {} clusters, which have nothing to do with each other",
                       clusters.size());
  }
  const auto first = proven_latest(plan, all);
  if (first) return proven_text(plan, all, *first);
  const Index best = highest(plan, all);
  std::string out = fmt::format("by number {}, at {}, but it is not proven", name_at(plan, best),
                                member_at(plan, best).floor);
  // Else that is said of what can be chosen.
  if (plan.choices.empty() && !offered(plan)) {
    out += ": it may lack " + beyond_all(plan, all, best);
  }
  return out;
}

bool somebody_starts(const Plan& plan) {
  return std::any_of(plan.decision.members.begin(), plan.decision.members.end(),
                     [](const MemberDecision& member) {
                       return member.action == Action::restore || member.action == Action::found ||
                              member.action == Action::activate || member.action == Action::update;
                     });
}

std::string start_text(const Plan& plan) {
  switch (plan.decision.outcome) {
    case Outcome::start:
      return plan.decision.loses.empty() ? "yes"
                                         : "yes, and what stands above at \"loses\" is given up";
    case Outcome::wait:
      return plan.unreached.empty()
                 ? "you may: each waits for the others, and none touches its store before that"
                 : fmt::format("no: {} could not be looked at, and may hold what no other does",
                               some_of(plan.unreached));
    case Outcome::needs_operator:
      if (plan.if_nothing && plan.if_nothing->outcome == Outcome::start) {
        return fmt::format(
            "you may: they look into their stores first. If {} {} nothing, they start ({}); else "
            "they wait for your word, and no store is touched",
            some_of(plan.may_hold_nothing), plan.may_hold_nothing.size() == 1 ? "holds" : "hold",
            to_string(plan.if_nothing->rule));
      }
      return "you may, but they will only wait for your word; no store is touched before it";
    case Outcome::conflict:
      return "no: settle the conflict first; started as they are, none goes on";
    case Outcome::damaged:
      break;
  }
  if (somebody_starts(plan)) {
    return "yes, the sound ones go on; the damaged one waits by itself for your word";
  }
  const bool too_few = plan.decision.present < plan.decision.wait_for;
  return fmt::format(
      "you may, but none goes on: {}what is damaged, lost or hollow waits for your word",
      too_few
          ? fmt::format("only {} of {} count, and ", plan.decision.present, plan.decision.wait_for)
          : "");
}

/// Between stores: one of them is given up.
bool gives_choice(const Plan& plan) {
  return std::any_of(plan.choices.begin(), plan.choices.end(),
                     [](const Choice& one) { return one.gives_word; });
}

std::string lost_text(const Plan& plan) {
  if (!plan.decision.loses.empty()) {
    std::vector<std::string> names;
    for (const Loss& loss : plan.decision.loses) names.push_back(name_of(plan, loss.id));
    return fmt::format("what {} may hold beyond the donor, see \"loses\" above", some_of(names));
  }
  if (gives_choice(plan)) {
    return "nothing before your word; then what the choice says, each below";
  }
  if (const auto chosen = offered(plan)) {
    const std::string beyond = beyond_all(plan, holders(plan), *chosen);
    return fmt::format("nothing before your word; then, going on from {}: {}",
                       name_at(plan, *chosen), beyond.empty() ? "nothing of what is here" : beyond);
  }
  return "nothing";
}

std::vector<std::string> missing_names(const Plan& plan) {
  std::vector<std::string> out;
  for (const MissingMember& missing : plan.decision.missing) {
    out.push_back(fmt::format("{} (last known at {})",
                              missing.label.empty() ? short_id(missing.id) : missing.label,
                              missing.sequence));
  }
  for (const std::string& name : plan.unreached) out.push_back(name + " (not reached)");
  return out;
}

std::string without_flags(const Plan& plan) {
  std::string out;
  for (const MissingMember& missing : plan.decision.missing) {
    out += " " + command_line(
                     {"--without", missing.label.empty() ? to_string(missing.id) : missing.label});
  }
  return out;
}

std::string missing_text(const Plan& plan) {
  const std::vector<std::string> names = missing_names(plan);
  std::string out = names.empty() ? std::string() : some_of(names) + ". ";
  if (plan.decision.outcome == Outcome::start || plan.decision.outcome == Outcome::conflict) {
    return out + "It does not change the answer";
  }
  const bool one = names.size() == 1;
  if (!names.empty()) {
    out += fmt::format("{} may hold what no other does: bring {} back if you can. ",
                       one ? "It" : "They", one ? "it" : "them");
  }
  if (!plan.without_missing) return out;
  const Decision& then = *plan.without_missing;
  std::string word(to_string(then.outcome));
  std::replace(word.begin(), word.end(), '_', ' ');
  return out + fmt::format(
                   "Gone for good? Ask again with --wait-for {}{}, the N that the brokers must "
                   "then have too. The answer will be: {} ({})",
                   std::max(1U, then.present), without_flags(plan), word, to_string(then.rule));
}

/// Where no command can be told.
std::string look_text(Rule rule) {
  switch (rule) {
    case Rule::r1:
      return "nothing: start the transient members, or the persistent ones, not both";
    case Rule::r2:
      return "nothing: of the directories that are copies keep one, move the others away";
    case Rule::r8:
      return "nothing: start each cluster's brokers by themselves";
    default:
      return "nothing that this tool can say: look at the stores";
  }
}

/// Somebody's store knows better than its journal how much it holds.
bool is_vague(const Plan& plan) {
  const std::vector<Index> all = holders(plan);
  return !proven_latest(plan, all) && std::any_of(all.begin(), all.end(), [&](Index i) {
    return member_at(plan, i).floor < member_at(plan, i).ceiling;
  });
}

std::string type_text(const Plan& plan) {
  const std::string_view where = plan.elsewhere ? "on the host of its store" : "here";
  if (!plan.choices.empty() && !gives_choice(plan)) {
    return fmt::format("one of those below, {}: each cluster is planned and started by itself",
                       where);
  }
  if (!plan.choices.empty()) {
    return fmt::format(
        "what stands under one of the choices below, {}, and nothing of the others; "
        "storemark log shows where the stores parted",
        where);
  }
  const auto commands = std::count_if(plan.next.begin(), plan.next.end(),
                                      [](const Advice& one) { return !one.argv.empty(); });
  if (commands > 0 && offered(plan) && is_vague(plan)) {
    return fmt::format(
        "best nothing yet: start the brokers and stop them, which tells what each "
        "holds, and plan again. Or the command below, {}",
        where);
  }
  if (commands > 0) {
    return fmt::format("the {} below, {}, after you have read what {}",
                       commands == 1 ? "command" : "commands", where,
                       commands == 1 ? "it says" : "they say");
  }
  if (plan.decision.outcome == Outcome::start) return "nothing: start the brokers";
  if (plan.decision.outcome == Outcome::wait) return "nothing yet";
  return look_text(plan.decision.rule);
}

std::string undo_text(const Plan& plan) {
  const bool word = std::any_of(plan.next.begin(), plan.next.end(),
                                [](const Advice& one) { return one.gives_word(); });
  if (word || gives_choice(plan)) {
    return "yes, with storemark undo on the same store, until its broker next activates";
  }
  return plan.decision.outcome == Outcome::start
             ? "a start cannot be undone; what takes an update has its old store moved aside first"
             : "there is nothing to undo";
}

}  // namespace

std::vector<Answer> answers(const Plan& plan) {
  std::vector<Answer> out{{"start", "start all?", start_text(plan)},
                          {"latest", "latest?", latest_text(plan)},
                          {"lost", "lost?", lost_text(plan)}};
  const bool too_few = plan.decision.present < plan.decision.wait_for;
  if (!missing_names(plan).empty() || too_few) {
    out.push_back({"missing", "missing?", missing_text(plan)});
  }
  out.push_back({"type", "type what?", type_text(plan)});
  out.push_back({"undo", "undo?", undo_text(plan)});
  return out;
}

}  // namespace storemark::cli
