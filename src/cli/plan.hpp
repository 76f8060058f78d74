// SPDX-License-Identifier: Apache-2.0
// The restart rules offline: what the members would decide, and what to type next. Pure.
#pragma once

#include <storemark/restart.hpp>

#include "cli/advice.hpp"
#include "cli/scenario.hpp"

namespace storemark::cli {

/// A cluster that waits for more members than this is a slip of the finger.
inline constexpr std::uint64_t most_wait_for = 1'000'000;

struct PlanOptions {
  std::optional<std::uint64_t> wait_for;
  std::optional<RestorePolicy> policy;
  std::vector<std::string> without;  ///< members, by name, label or id
};

/// One thing that an operator may do, and what to type for it, in this order.
struct Choice {
  std::string text;  ///< as it was recorded: not yet printable
  std::vector<std::vector<std::string>> commands;
  bool gives_word = false;  ///< they change what a store may do, and can be taken back
};

struct Plan {
  Scenario scenario;  ///< what was decided on
  Decision decision;
  std::vector<std::string> unreached;  ///< stores that could not be looked at
  std::vector<std::string> in_use;     ///< stores whose brokers are running
  bool elsewhere = false;              ///< a store was read from a saved file
  /// What would be decided if those who are here were all; where somebody is missing.
  std::optional<Decision> without_missing;
  /// What would be decided if every store that may hold nothing did, where that is another answer.
  std::optional<Decision> if_nothing;
  std::vector<std::string> may_hold_nothing;  ///< those stores
  std::string ranked_first;  ///< the store that examine ranks first, where there is one cluster
  std::vector<Advice> next;
  std::vector<Choice> choices;  ///< one or another; of none or several
};

/// Errors: invalid_argument, where --without names nobody.
[[nodiscard]] Result<Plan> plan(Scenario scenario, const PlanOptions& options);
[[nodiscard]] Result<Plan> plan(const Survey& survey, const PlanOptions& options);

[[nodiscard]] ExitStatus exit_status(Outcome outcome) noexcept;

/// A member of its scenario, and what it is called, by its place in it.
[[nodiscard]] inline const Announcement& member_at(const Plan& plan, std::size_t i) {
  return plan.scenario.members[i];
}
[[nodiscard]] inline const std::string& name_at(const Plan& plan, std::size_t i) {
  return plan.scenario.names[i];
}
/// How a member is called, by its id.
[[nodiscard]] std::string name_of(const Plan& plan, const MemberId& id);
/// "dirty", "clean", or a diagnosis.
[[nodiscard]] std::string state_text(const Announcement& member);
/// How many events it surely holds less than the one that holds most.
[[nodiscard]] std::uint64_t behind(const Plan& plan, const Announcement& member);

}  // namespace storemark::cli
