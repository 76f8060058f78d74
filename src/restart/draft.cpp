// SPDX-License-Identifier: Apache-2.0
#include "restart/draft.hpp"

#include <algorithm>
#include <utility>

namespace storemark::restart {

Draft::Draft(Members members) : members_(std::move(members)) {
  unsigned unfit = 0;
  for (const Announcement* member : members_) {
    decision_.members.push_back(
        {member->id, member->incarnation, member->label, Action::wait, {}, Rule::none, ""});
    decision_.wait_for = std::max<unsigned>(decision_.wait_for, member->wait_for);
    unfit += is_unfit(*member) ? 1U : 0U;
  }
  decision_.present = static_cast<unsigned>(members_.size()) - unfit;
}

void Draft::conclude(Outcome outcome, Rule rule, std::string why, Action action) {
  decision_.outcome = outcome;
  decision_.rule = rule;
  for (MemberDecision& member : decision_.members) {
    member.action = action;
    member.rule = rule;
    member.evidence = why;
  }
  decision_.why = std::move(why);
}

void Draft::set(const Announcement& member, Action action, Rule rule, std::string evidence) {
  const auto at = std::ranges::find(members_, &member) - members_.begin();
  MemberDecision& out = decision_.members[static_cast<std::size_t>(at)];
  out.action = action;
  out.rule = rule;
  out.evidence = std::move(evidence);
}

void Draft::update(const Announcement& member, const Members& donors, Rule rule,
                   std::string evidence) {
  set(member, Action::update, rule, std::move(evidence));
  const auto at = std::ranges::find(members_, &member) - members_.begin();
  decision_.members[static_cast<std::size_t>(at)].donor = donors[next_donor_ % donors.size()]->id;
  ++next_donor_;
}

void Draft::update_given_up(const Announcement& member, const Members& donors,
                            const Announcement& position, Rule rule) {
  if (member.state != StoreState::updating) lose(member, compare(member, position));
  update(member, donors, rule,
         member.discard ? "an operator gave its store up"
                        : "an update of it was cut: it takes one from the beginning");
}

void Draft::lose(const Announcement& member, const Comparison& to) {
  if (to.proven) return;
  std::uint64_t kept = member.ceiling - std::min(member.ceiling, to.beyond);
  if (to.relation == Relation::diverged) kept = to.fork_sequence;
  if (to.relation == Relation::unknown) kept = 0;
  if (kept >= member.ceiling && !to.unbounded) return;
  decision_.loses.push_back(
      {member.id, kept + 1, member.ceiling, member.floor > kept, to.unbounded});
}

}  // namespace storemark::restart
