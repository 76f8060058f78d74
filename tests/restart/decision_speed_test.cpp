// SPDX-License-Identifier: Apache-2.0
// A decision over as many members as there can be, with histories as long as they can be, ends; how
// long it takes is for the benchmark.
#include <gtest/gtest.h>

#include <storemark/restart.hpp>

#include "cli/scenario.hpp"

namespace storemark {
namespace {

using cli::uuid_of;

std::vector<Announcement> many(StoreState state) {
  std::vector<Announcement> out;
  for (unsigned i = 0; i < max_members; ++i) {
    Announcement member;
    member.label = "member " + std::to_string(i);
    member.id = MemberId(uuid_of(member.label));
    member.incarnation = Incarnation(uuid_of("incarnation of " + member.label));
    member.initial = InitialUuid(uuid_of("cluster"));
    member.state = state;
    member.floor = member.ceiling = 1'000'000;
    member.restore = RestorePolicy::latest;
    if (state == StoreState::clean) member.final = FinalUuid(uuid_of("shutdown"));
    for (unsigned view = 0; view < max_history; ++view) {
      member.history.push_back(
          {ViewId(uuid_of("view " + std::to_string(view))), view * 1'000, max_members});
    }
    member.view = {member.history.back().view, {}};
    for (unsigned other = 0; other < max_members; ++other) {
      const std::string name = "member " + std::to_string(other);
      member.view.members.push_back({MemberId(uuid_of(name)), name, 900'000});
    }
    out.push_back(std::move(member));
  }
  return out;
}

TEST(Decision, OverAsManyMembersAsThereCanBe) {
  for (const StoreState state : {StoreState::clean, StoreState::dirty}) {
    const Decision decision = decide(many(state));
    EXPECT_EQ(decision.outcome, Outcome::start) << decision.why;
    EXPECT_EQ(decision.rule, state == StoreState::clean ? Rule::r10 : Rule::r12);
    EXPECT_EQ(decision.members.size(), max_members);
    EXPECT_TRUE(decision.loses.empty());
  }
}

}  // namespace
}  // namespace storemark
