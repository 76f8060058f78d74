// SPDX-License-Identifier: Apache-2.0
// A member's state in words, for logs and readiness.
#include <algorithm>
#include <array>
#include <set>

#include "driver/member.hpp"

namespace storemark {

std::string_view to_string(MemberPhase phase) noexcept {
  constexpr std::array<std::string_view, 7> names{"joining", "waiting",   "starting", "updating",
                                                  "active",  "suspended", "stopped"};
  return names.at(static_cast<std::size_t>(phase));
}

namespace driver {
namespace {

std::string name_of(const MissingMember& member) {
  return member.label.empty() ? to_string(member.id).substr(0, 8) : member.label;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " and " : ", ";
    out += words[i];
  }
  return out;
}

/// ": c, last seen at 1051"; empty where nobody is known to be missing.
std::string who(const std::vector<MissingMember>& missing) {
  std::vector<std::string> known;
  for (const MissingMember& member : missing) {
    known.push_back(name_of(member) + ", last seen at " + std::to_string(member.sequence));
  }
  return known.empty() ? "" : ": " + joined(known);
}

/// "waiting for 1 of 3: c, last seen at 1051".
std::string too_few(const Decision& decision) {
  return "waiting for " + std::to_string(decision.wait_for - decision.present) + " of " +
         std::to_string(decision.wait_for) + who(decision.missing);
}

std::string waiting_text(const Decision& decision, const MemberDecision* mine) {
  if (decision.rule == Rule::r5 && decision.wait_for > decision.present) return too_few(decision);
  std::string out;
  switch (decision.outcome) {
    case Outcome::needs_operator:
      out = "waiting for an operator";
      break;
    case Outcome::conflict:
      out = "waiting for a conflict to end";
      break;
    default:
      out = "waiting";
      break;
  }
  const std::string& why =
      mine != nullptr && !mine->evidence.empty() ? mine->evidence : decision.why;
  return out + " (" + std::string(to_string(decision.rule)) + "): " + why;
}

void note_differences(const std::vector<Announcement>& members, std::vector<std::string>& notes) {
  std::set<std::uint32_t> wanted;
  std::set<RestorePolicy> policies;
  std::set<QuorumPolicy> quorums;
  std::vector<std::string> said;
  for (const Announcement& member : members) {
    wanted.insert(member.wait_for);
    policies.insert(member.restore);
    quorums.insert(member.quorum);
    said.push_back(member.label + " wants " + std::to_string(member.wait_for));
  }
  if (wanted.size() > 1) {
    notes.push_back("members differ in how many they wait for, the largest counts: " +
                    joined(said));
  }
  if (policies.size() > 1) {
    notes.emplace_back("members differ in their restore policy: \"manual\" counts");
  }
  if (quorums.size() > 1) {
    notes.push_back("members differ in their quorum policy: \"" +
                    std::string(to_string(*quorums.rbegin())) + "\" counts");
  }
}

/// A store that is moved aside with what the others have not: why, and where they parted.
void note_losses(const Decision& decision, std::vector<std::string>& notes) {
  for (const MemberDecision& member : decision.members) {
    const bool loses = std::ranges::any_of(
        decision.loses, [&](const Loss& loss) { return loss.id == member.id && loss.certain; });
    if (loses) notes.push_back(member.label + ": " + member.evidence);
  }
}

}  // namespace

Status Member::status() const {
  Status out;
  out.sequence = durable_;
  out.wait_for = std::max<std::uint32_t>(1, parts_.options.wait_for);
  if (const Decision* decision = session_.decision()) {
    out.rule = decision->rule;
    out.outcome = decision->outcome;
    out.present = decision->present;
    out.wait_for = decision->wait_for;
    out.missing = decision->missing;
    out.loses = decision->loses;
  }
  out.notes = session_.refused();
  note_differences(session_.announced(), out.notes);
  if (const Decision* decision = session_.decision()) note_losses(*decision, out.notes);
  if (shutdown_dropped_) {
    out.notes.emplace_back("the shutdown was dropped: a part without a quorum is not the cluster");
  }
  describe(out);
  return out;
}

void Member::describe(Status& out) const {
  const auto& replica = session_.replica();
  if (stopped_) {
    out.phase = MemberPhase::stopped;
    out.text = stopped_->clean    ? "shut down, the store is clean"
               : !stopped_->error ? "left"
                                  : to_string(*stopped_->error);
    return;
  }
  switch (session_.role()) {
    case restart::Role::active:
      if (session_.suspended()) return describe_suspended(out);
      out.view = replica->view_id();
      out.members = replica->view().members;
      out.ready = session_.ready();
      out.alone = session_.alone();
      out.phase = out.ready ? MemberPhase::active : MemberPhase::starting;
      out.text = !out.ready ? "activated, and waiting until all that start are"
                            : "active, one of " + std::to_string(out.members.size());
      if (out.ready && out.alone) {
        out.text = "active, alone: clients are answered without a second copy";
      }
      return;
    case restart::Role::following:
    case restart::Role::starting:
      if (session_.taking_update()) {
        out.phase = MemberPhase::updating;
        out.text = "taking an update";
        if (!donor_.empty()) out.text += " from " + donor_;
        if (const auto want = session_.want_of_quorum(); !want.empty()) out.text += "; " + want;
        return;
      }
      out.phase = MemberPhase::starting;
      out.text = wanted_ != 0 ? "restoring its own store" : "prepared, and waiting for the others";
      return;
    default:
      describe_waiting(out);
  }
}

void Member::describe_suspended(Status& out) const {
  out.phase = MemberPhase::suspended;
  out.view = session_.replica()->view_id();
  out.members = session_.replica()->view().members;
  out.outcome = Outcome::wait;
  out.rule = Rule::none;
  out.missing = session_.missing();
  out.text = session_.want_of_quorum() + "; this member applies nothing until the others are back" +
             who(out.missing);
}

void Member::describe_waiting(Status& out) const {
  const Decision* decision = session_.decision();
  if (decision == nullptr) {
    out.phase = MemberPhase::joining;
    const std::vector<std::string> silent = session_.silent();
    out.text = silent.empty() ? "joining the group"
                              : "waiting for " + joined(silent) + " to announce itself";
    return;
  }
  out.phase = MemberPhase::waiting;
  if (const auto want = session_.want_of_quorum(); !want.empty()) {
    out.text = "waiting: " + want + who(out.missing);
    return;
  }
  if (session_.mine() == nullptr && session_.announced().size() > max_members) {
    out.text = "waiting: the cluster has as many members as it can, " + std::to_string(max_members);
    return;
  }
  out.text = waiting_text(*decision, session_.mine());
}

}  // namespace driver
}  // namespace storemark
