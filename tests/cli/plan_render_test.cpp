// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_render.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

Plan planned(const std::string& text) {
  auto scenario = parse_scenario(text, "here");
  EXPECT_TRUE(scenario) << to_string(scenario.error());
  auto out = plan(std::move(*scenario), {});
  EXPECT_TRUE(out);
  return std::move(*out);
}

/// A clean store, one behind it that may hold more, one that is damaged, and one that is away.
Plan mixed() {
  return planned(R"({"wait_for": 2, "members": [
      {"name": "a", "state": "clean", "initial": "red", "final": "f", "sequence": 100,
       "history": [{"view": "v", "members": ["a", "b", "c", "d"]}]},
      {"name": "b", "state": "dirty", "initial": "red", "sequence": 90, "ceiling": 110,
       "history": [{"view": "v", "members": ["a", "b", "c", "d"]}]},
      {"name": "c", "state": "damaged"}]})");
}

TEST(PlanRender, OneScreen) {
  const std::string text = plan_text(mixed());
  for (const char* part : {"damaged (R10): it was shut down cleanly, at 100\n",
                           "MEMBER  STATE    SEQUENCE   BEHIND  ACTION         RULE",
                           "b       dirty    90 to 110  10      update from a  R10",
                           "c       damaged  0          100     wait           R14",
                           "loses: b may hold, and gives up, events 101 to 110\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(PlanRender, TheNamesOfTheJsonStay) {
  const Json json = plan_json(mixed());
  EXPECT_EQ(json["schema"], "storemark.plan/1");
  EXPECT_EQ(json["verdict"], "damaged");
  EXPECT_EQ(json["rule"], "R10");
  EXPECT_EQ(json["exit"], 6);
  EXPECT_EQ(json["initial"], to_string(uuid_of("red")));
  ASSERT_EQ(json["members"].size(), 3U);
  const Json& b = json["members"][1];  // in the order in which they were named
  EXPECT_EQ(b["name"], "b");
  EXPECT_EQ(b["id"], to_string(uuid_of("b")));
  EXPECT_EQ(b["state"], "dirty");
  EXPECT_EQ(b["sequence"], 90);
  EXPECT_EQ(b["ceiling"], 110);
  EXPECT_EQ(b["behind"], 10);
  EXPECT_EQ(b["action"], "update");
  EXPECT_EQ(b["donor"], "a");
  EXPECT_EQ(b["rule"], "R10");
  EXPECT_NE(b["evidence"], "");
  EXPECT_TRUE(json["missing"].empty());
  EXPECT_EQ(json["loses"][0]["name"], "b");
  EXPECT_EQ(json["loses"][0]["from"], 101);
  EXPECT_TRUE(json["next"].empty());
}

TEST(PlanRender, ARunningBrokerIsSaid) {
  Plan plan = mixed();
  plan.in_use = {"a"};
  EXPECT_NE(plan_text(plan).find("in use: a; the plan is for brokers that are stopped"),
            std::string::npos);
  EXPECT_EQ(plan_json(plan)["in_use"][0], "a");
}

TEST(PlanRender, WhoIsMissingIsNamedWithTheLastThatIsKnown) {
  const Plan plan = planned(R"({"wait_for": 2, "members": [
      {"name": "a", "state": "dirty", "initial": "red", "sequence": 100,
       "history": [{"view": "v", "from": 40, "members": ["a", "b"]}]}]})");
  const std::string text = plan_text(plan);
  EXPECT_TRUE(text.starts_with("wait (R5): 1 of 2 members are here\n")) << text;
  EXPECT_NE(text.find("  missing?    b (last known at 40). "), std::string::npos) << text;
  EXPECT_EQ(text.find("last known"), text.rfind("last known")) << "said once";
  EXPECT_EQ(plan_json(plan)["missing"][0]["name"], "b");
  EXPECT_EQ(plan_json(plan)["exit"], 3);
}

TEST(PlanRender, ACloneIsToldFromItsOriginal) {
  const Plan plan = planned(R"({"members": [
      {"name": "a", "incarnation": "i", "state": "dirty", "sequence": 5},
      {"name": "copy", "id": "a", "incarnation": "i", "state": "dirty", "sequence": 5}]})");
  const Json json = plan_json(plan);
  EXPECT_EQ(json["verdict"], "conflict");
  EXPECT_EQ(json["members"][0]["name"], "a");
  EXPECT_EQ(json["members"][1]["name"], "copy");
}

}  // namespace
}  // namespace storemark::cli
