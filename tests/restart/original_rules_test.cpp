// SPDX-License-Identifier: Apache-2.0
// Every point where the answer differs from the original rules stands in the table of
// docs/original-rules.md, and nothing else does.
#include "original_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "abstract_states.hpp"

namespace storemark::restart_test {
namespace {

std::string state_of(const Announcement& member) {
  if (member.kind == MemberKind::transient) return "transient";
  if (member.diagnosis != Diagnosis::none) return std::string(to_string(member.diagnosis));
  if (member.discard) return "discarded";
  return (member.marked ? "marked " : "") + std::string(to_string(member.state));
}

/// "dirty: update, now refuse (R4)".
using Differences = std::map<std::string, unsigned>;

void note_differences(const std::vector<Announcement>& members, Differences& into) {
  const std::vector<Action> before = original_decision(members);
  const Decision now = decide(members);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto ours = std::ranges::find(now.members, members[i].id, &MemberDecision::id);
    if (ours->action == before[i]) continue;
    ++into[state_of(members[i]) + ": " + std::string(to_string(before[i])) + ", now " +
           std::string(to_string(ours->action)) + " (" + std::string(to_string(ours->rule)) + ")"];
  }
}

void each(unsigned size, bool active, std::vector<Announcement>& members, Differences& into) {
  if (members.size() == size) {
    note_differences(members, into);
    return;
  }
  for (const State state : states()) {
    members.push_back(member(static_cast<unsigned>(members.size())));
    state(members.back());
    const bool first = active && members.size() == 1;
    if (!first || can_be_active(members.back())) {
      members.back().active = first;
      each(size, active, members, into);
    }
    members.pop_back();
  }
}

/// The first column of the table.
std::set<std::string> listed() {
  std::ifstream page(STOREMARK_ORIGINAL_RULES);
  std::set<std::string> out;
  const std::regex row(R"(^\| ([a-z ]+: [a-z]+, now [a-z]+ \(R[0-9]+\)) \|.*)");
  for (std::string line; std::getline(page, line);) {
    std::smatch found;
    if (std::regex_match(line, found, row)) out.insert(found[1]);
  }
  return out;
}

TEST(OriginalRules, EveryDifferenceIsListedWithItsReason) {
  Differences found;
  std::vector<Announcement> members;
  for (const bool active : {false, true}) {
    for (unsigned size = 1; size <= 3; ++size) each(size, active, members, found);
  }
  const std::set<std::string> known = listed();
  for (const auto& [difference, times] : found) {
    EXPECT_TRUE(known.contains(difference)) << "not in the table: " << difference;
  }
  for (const std::string& difference : known) {
    EXPECT_TRUE(found.contains(difference)) << "no difference any more: " << difference;
  }
  EXPECT_GT(found.size(), 10U);
}

}  // namespace
}  // namespace storemark::restart_test
