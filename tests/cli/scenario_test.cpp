// SPDX-License-Identifier: Apache-2.0
#include "cli/scenario.hpp"

#include <gtest/gtest.h>

namespace storemark::cli {
namespace {

Result<Scenario> parsed(const std::string& text) { return parse_scenario(text, "here"); }

/// One member with these fields.
Announcement member(const std::string& fields) {
  const auto scenario = parsed(R"({"members": [{"name": "a")" + fields + "}]}");
  EXPECT_TRUE(scenario) << to_string(scenario.error());
  return scenario ? scenario->members.front() : Announcement{};
}

TEST(Scenario, AnAbsentFieldIsThatOfAFreshMember) {
  const Announcement fresh = member("");
  EXPECT_EQ(fresh.label, "a");
  EXPECT_EQ(fresh.id, MemberId(uuid_of("a")));
  EXPECT_FALSE(fresh.incarnation.is_nil());
  EXPECT_FALSE(fresh.proposal.is_nil());
  EXPECT_EQ(fresh.kind, MemberKind::persistent);
  EXPECT_EQ(fresh.state, StoreState::empty);
  EXPECT_EQ(fresh.diagnosis, Diagnosis::none);
  EXPECT_FALSE(fresh.active || fresh.sole || fresh.marked || fresh.discard);
  EXPECT_TRUE(fresh.initial.is_nil() && fresh.final.is_nil() && fresh.history.empty());
  EXPECT_EQ(fresh.floor + fresh.ceiling, 0U);
  EXPECT_EQ(fresh.wait_for, 1U);
  EXPECT_EQ(fresh.restore, RestorePolicy::manual);
  EXPECT_EQ(fresh.found, FoundPolicy::allowed);
  EXPECT_EQ(fresh.quorum, QuorumPolicy::automatic);
  EXPECT_FALSE(fresh.suspended || fresh.bound);
  EXPECT_EQ(fresh.epoch, 0U);
  EXPECT_EQ(member(R"(, "kind": "transient")").state, StoreState::none);
}

TEST(Scenario, TheCeilingIsTheSequenceUnlessSaid) {
  EXPECT_EQ(member(R"(, "sequence": 7)").ceiling, 7U);
  EXPECT_EQ(member(R"(, "sequence": 7)").certainty, Certainty::exact);
  EXPECT_EQ(member(R"(, "sequence": 7, "ceiling": 9)").certainty, Certainty::between);
  EXPECT_EQ(member(R"(, "sequence": 7, "certainty": "at least")").certainty, Certainty::at_least);
}

TEST(Scenario, ADiagnosisIsWrittenAsAState) {
  EXPECT_EQ(member(R"(, "state": "hollow")").diagnosis, Diagnosis::hollow);
  EXPECT_EQ(member(R"(, "state": "clean")").state, StoreState::clean);
}

TEST(Scenario, WhatHoldsForAllHoldsUnlessAMemberSaysOtherwise) {
  const auto scenario = parsed(R"({"wait_for": 3, "policy": "latest", "found": "never",
      "quorum": "required", "members": [{"name": "a"}, {"name": "b", "wait_for": 2,
      "policy": "manual", "found": "allowed", "quorum": "ignored"}]})");
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->members[0].wait_for, 3U);
  EXPECT_EQ(scenario->members[0].restore, RestorePolicy::latest);
  EXPECT_EQ(scenario->members[0].found, FoundPolicy::never);
  EXPECT_EQ(scenario->members[0].quorum, QuorumPolicy::required);
  EXPECT_EQ(scenario->members[1].wait_for, 2U);
  EXPECT_EQ(scenario->members[1].restore, RestorePolicy::manual);
  EXPECT_EQ(scenario->members[1].found, FoundPolicy::allowed);
  EXPECT_EQ(scenario->members[1].quorum, QuorumPolicy::ignored);
}

TEST(Scenario, OneThatWasCutOffSaysSo) {
  const Announcement a = member(R"(, "suspended": true, "bound": true, "epoch": 7)");
  EXPECT_TRUE(a.suspended && a.bound);
  EXPECT_EQ(a.epoch, 7U);
  EXPECT_FALSE(member(R"(, "suspended": true)").bound);
}

TEST(Scenario, TheLastViewIsWhereTheMemberIs) {
  const Announcement a = member(
      R"(, "sequence": 9, "history": [{"view": "v", "members": ["a", "b"]},
                                      {"view": "w", "from": 5, "members": ["a"]}])");
  ASSERT_EQ(a.history.size(), 2U);
  EXPECT_EQ(a.history[1].from, 5U);
  EXPECT_EQ(a.view.id, a.history[1].view);
  ASSERT_EQ(a.view.members.size(), 1U);
  EXPECT_EQ(a.view.members[0].id, a.id);
}

TEST(Scenario, AUuidIsTakenAsItIsSpelt) {
  const std::string spelt = "01234567-89ab-4cde-8f01-23456789abcd";
  EXPECT_EQ(to_string(uuid_of(spelt)), spelt);
  EXPECT_NE(uuid_of("a"), uuid_of("b"));
  EXPECT_FALSE(uuid_of("").is_nil());
}

struct Wrong {
  const char* text;
  const char* why;
};

const Wrong wrong[] = {
    {"", "it is not JSON"},
    {"[]", "a scenario is not an object"},
    {"{}", "there are no members"},
    {R"({"members": {}})", "\"members\" is not a list"},
    {R"({"members": [7]})", "a member is not an object"},
    {R"({"members": [{}]})", "a member has no name"},
    {R"({"members": [{"name": 7}]})", "\"name\" is not a text"},
    {R"({"members": [{"name": "a", "stat": "dirty"}]})", "a member has no field \"stat\""},
    {R"({"members": [{"name": "a", "state": "drity"}]})", "\"state\" cannot be \"drity\""},
    {R"({"members": [{"name": "a", "sequence": -1}]})", "\"sequence\" is not a whole number"},
    {R"({"members": [{"name": "a", "sequence": 1e30}]})", "\"sequence\" is not a whole number"},
    {R"({"members": [{"name": "a", "sequence": 18446744073709551615}]})", "up to"},
    {R"({"members": [{"name": "a", "sequence": 5, "ceiling": 4}]})", "below its sequence"},
    {R"({"members": [{"name": "a", "active": "yes"}]})", "neither true nor false"},
    {R"({"members": [{"name": "a", "suspended": 1}]})", "neither true nor false"},
    {R"({"members": [{"name": "a", "bound": "no"}]})", "neither true nor false"},
    {R"({"members": [{"name": "a", "bound": true}]})", "\"bound\" and not \"suspended\""},
    {R"({"members": [{"name": "a", "epoch": -1}]})", "\"epoch\" is not a whole number"},
    {R"({"members": [{"name": "a", "quorum": "no"}]})", "\"quorum\" cannot be \"no\""},
    {R"({"quorum": true, "members": [{"name": "a"}]})", "\"quorum\" is not a text"},
    {R"({"wait_for": 10000000, "members": [{"name": "a"}]})", "\"wait_for\" is not"},
    {R"({"policy": "newest", "members": [{"name": "a"}]})", "\"policy\" cannot be \"newest\""},
    {R"({"members": [{"name": "a", "history": [{"view": "v"}, {"view": "v"}]}]})", "is twice"},
    {R"({"members": [{"name": "a", "history": [{"view": "v"}, {"view": "w"}, {"view": "v"}]}]})",
     "is twice"},
    {R"({"members": [{"name": "a", "history": {"view": "v"}}]})", "\"history\" is not a list"},
    {R"({"members": [{"name": "a", "history": [{"view": 7}]}]})", "\"view\" is not a text"},
    {R"({"members": [{"name": "a", "history": [{"view": "v", "members": [7]}]}]})",
     "is not a name"},
    {R"({"members": [{"name": "a", "compared": [7]}]})", "is not an object"},
    {R"({"members": [{"name": "a", "folded": 4294967296}]})", "\"folded\" is not"},
    {R"({"members": [{"name": "a", "history": [{"from": 1}]}]})", "has no view"},
    {R"({"members": [{"name": "a", "history": [{"view": "v", "from": 9}, {"view": "w"}]}]})",
     "begins before"},
};

TEST(Scenario, WhatIsWrongIsNamed) {
  for (const Wrong& row : wrong) {
    const auto scenario = parsed(row.text);
    ASSERT_FALSE(scenario) << row.text;
    EXPECT_EQ(scenario.error().code, Errc::invalid_argument);
    EXPECT_EQ(scenario.error().where, "here");
    EXPECT_NE(scenario.error().why.find(row.why), std::string::npos) << scenario.error().why;
  }
}

TEST(Scenario, TooMuchIsRefusedQuickly) {
  std::string text = R"({"members": [)";
  for (int i = 0; i < 100'000; ++i) text += R"({"name": "a"},)";
  text += R"({"name": "a"}]})";
  const auto scenario = parsed(text);
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().why, "\"members\" has more than 64 entries");
  EXPECT_FALSE(parsed(std::string(1'000'000, '[')));
  std::string fields = R"({"members": [{"name": "a")";
  for (int i = 0; i < 200'000; ++i) fields += ",\"x" + std::to_string(i) + "\": 1";
  EXPECT_FALSE(parsed(fields + "}]}"));
}

}  // namespace
}  // namespace storemark::cli
