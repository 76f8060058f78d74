// SPDX-License-Identifier: Apache-2.0
#include "cli/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/announce.hpp"
#include "cli/choices.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

bool is_meant(const Announcement& member, const std::string& name, const std::string& word) {
  return word == name || word == member.label || word == to_string(member.id);
}

/// Whoever is gone for good is here no more, and missed by nobody.
Result<void> leave_out(Scenario& scenario, const std::string& word) {
  std::vector<MemberId> gone;
  for (std::size_t i = 0; i < scenario.members.size(); ++i) {
    if (is_meant(scenario.members[i], scenario.names[i], word)) {
      gone.push_back(scenario.members[i].id);
    }
    for (const Member& known : scenario.members[i].view.members) {
      if (word == known.label || word == to_string(known.id)) gone.push_back(known.id);
    }
  }
  if (gone.empty()) {
    return tl::unexpected<Error>({Errc::invalid_argument, "there is no plan", "--without " + word,
                                  "no store and no last view has a member of that name",
                                  "name it as examine does, or by its id", 0});
  }
  const auto is_gone = [&](const MemberId& id) {
    return std::find(gone.begin(), gone.end(), id) != gone.end();
  };
  for (std::size_t i = scenario.members.size(); i > 0; --i) {
    auto& known = scenario.members[i - 1].view.members;
    known.erase(
        std::remove_if(known.begin(), known.end(), [&](const Member& m) { return is_gone(m.id); }),
        known.end());
    if (!is_gone(scenario.members[i - 1].id)) continue;
    scenario.members.erase(scenario.members.begin() + static_cast<std::ptrdiff_t>(i - 1));
    scenario.names.erase(scenario.names.begin() + static_cast<std::ptrdiff_t>(i - 1));
  }
  return {};
}

/// The same members, if nobody else came any more.
std::optional<Decision> decide_without(const Decision& with, std::vector<Announcement> members) {
  if (with.missing.empty() && with.present >= with.wait_for) return std::nullopt;
  const auto is_gone = [&](const Member& known) {
    return std::any_of(with.missing.begin(), with.missing.end(),
                       [&](const MissingMember& missing) { return missing.id == known.id; });
  };
  // As --without takes it: the directory of that name as well.
  std::erase_if(members, [&](const Announcement& member) {
    return std::any_of(with.missing.begin(), with.missing.end(), [&](const MissingMember& missing) {
      return !missing.label.empty() && is_meant(member, member.label, missing.label);
    });
  });
  for (Announcement& member : members) {
    member.wait_for = std::max(1U, with.present);
    auto& known = member.view.members;
    known.erase(std::remove_if(known.begin(), known.end(), is_gone), known.end());
  }
  return decide(members);
}

void add_evidence(Decision& decision, const Announcement& member, std::string_view text) {
  for (MemberDecision& one : decision.members) {
    if (one.id != member.id || one.incarnation != member.incarnation) continue;
    if (one.label != member.label) continue;
    if (one.evidence == decision.why) one.evidence.clear();  // that is said of all
    one.evidence += one.evidence.empty() ? "" : "; ";
    one.evidence += text;
  }
}

/// A journal that has counted nothing, of a store that holds nothing, is announced as empty: where
/// the journal does not prove it, the answer may be another.
void note_uncounted(const Survey& survey, Plan& plan) {
  std::vector<Announcement> members = plan.scenario.members;
  for (const Store& store : survey.stores) {
    const auto at = std::find(plan.scenario.names.begin(), plan.scenario.names.end(), store.name);
    if (at == plan.scenario.names.end()) continue;
    const auto i = static_cast<std::size_t>(at - plan.scenario.names.begin());
    if (holds_no_event(store)) {
      add_evidence(plan.decision, members[i],
                   "its journal allowed not one event, so its broker announces it as empty");
    } else if (may_hold_no_event(store)) {
      add_evidence(plan.decision, members[i],
                   "its journal counted not one event: if its store holds nothing, its broker "
                   "announces it as empty");
      plan.may_hold_nothing.push_back(store.name);
      members[i].state = StoreState::empty;
      members[i].certainty = Certainty::exact;
      members[i].ceiling = 0;
      members[i].final = {};
    }
  }
  Decision then = decide(members);
  const bool same = then.outcome == plan.decision.outcome && then.rule == plan.decision.rule;
  if (!same) plan.if_nothing = std::move(then);
}

/// Commands that change who may start, where an operator has to say it.
std::vector<Advice> advice_for(const Survey& survey, Outcome outcome) {
  std::vector<Advice> out;
  const auto add = [&out](std::vector<Advice> more) {
    out.insert(out.end(), more.begin(), more.end());
  };
  if (outcome == Outcome::needs_operator) {
    for (const Cluster& cluster : survey.clusters) add(advise(survey, cluster));
    // That is among the answers.
    std::erase_if(out, [](const Advice& one) { return one.word == "latest"; });
  }
  for (StoreIndex i = 0; i < survey.stores.size(); ++i) add(advise(survey, i));
  return out;
}

}  // namespace

Result<Plan> plan(Scenario scenario, const PlanOptions& options) {
  Plan out;
  for (const std::string& word : options.without) {
    if (auto left = leave_out(scenario, word); !left) return tl::unexpected(left.error());
  }
  for (Announcement& member : scenario.members) {
    if (options.wait_for) member.wait_for = static_cast<std::uint32_t>(*options.wait_for);
    if (options.policy) member.restore = *options.policy;
  }
  out.decision = decide(scenario.members);
  out.without_missing = decide_without(out.decision, scenario.members);
  out.scenario = std::move(scenario);
  return out;
}

Result<Plan> plan(const Survey& survey, const PlanOptions& options) {
  Scenario scenario;
  std::vector<std::string> unreached;
  std::vector<std::string> in_use;
  bool elsewhere = false;
  for (const Store& store : survey.stores) {
    elsewhere = elsewhere || !store.file.empty();
    if (store.seen && store.seen->in_use) in_use.push_back(store.name);
    auto announced = announcement_of(store);
    if (!announced) {
      unreached.push_back(store.name);
      continue;
    }
    scenario.names.push_back(store.name);
    scenario.members.push_back(std::move(*announced));
  }
  auto out = plan(std::move(scenario), options);
  if (!out) return out;
  note_uncounted(survey, *out);
  out->unreached = std::move(unreached);
  out->in_use = std::move(in_use);
  out->elsewhere = elsewhere;
  // A store nobody has looked at may be the latest.
  if (!out->unreached.empty() && out->decision.outcome == Outcome::start) {
    out->decision.outcome = Outcome::wait;
    out->decision.why += "; but " + listed(out->unreached) + " could not be looked at";
  }
  if (survey.clusters.size() == 1 && !survey.clusters.front().ranked.empty()) {
    out->ranked_first = survey.stores[survey.clusters.front().ranked.front().store].name;
  }
  out->next = advice_for(survey, out->decision.outcome);
  out->choices = choices(survey, *out);
  return out;
}

ExitStatus exit_status(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::start:
      return ExitStatus::safe;
    case Outcome::wait:
      return ExitStatus::wait;
    case Outcome::needs_operator:
      return ExitStatus::needs_operator;
    case Outcome::conflict:
      return ExitStatus::conflict;
    case Outcome::damaged:
      break;
  }
  return ExitStatus::damaged;
}

std::string name_of(const Plan& plan, const MemberId& id) {
  for (std::size_t i = 0; i < plan.scenario.members.size(); ++i) {
    if (plan.scenario.members[i].id == id) return plan.scenario.names[i];
  }
  return short_id(id);
}

std::string state_text(const Announcement& member) {
  return std::string(member.diagnosis == Diagnosis::none ? to_string(member.state)
                                                         : to_string(member.diagnosis));
}

std::uint64_t behind(const Plan& plan, const Announcement& member) {
  std::uint64_t most = 0;
  for (const Announcement& other : plan.scenario.members) most = std::max(most, other.floor);
  return most - std::min(most, member.floor);
}

}  // namespace storemark::cli
