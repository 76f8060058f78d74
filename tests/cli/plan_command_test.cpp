// SPDX-License-Identifier: Apache-2.0
// storemark plan, on real journals.
#include <gtest/gtest.h>

#include <fstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class PlanCommand : public StoresTest {};

TEST_F(PlanCommand, CleanStoresStart) {
  const Ran ran = run_tool({"plan", "--wait-for", "2", clean("a", 5), clean("b", 5)});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_TRUE(ran.says("start (R10)")) << ran.out;
}

TEST_F(PlanCommand, AKilledClusterNeedsAnOperatorAndIsToldWhatToType) {
  const std::string a = dirty("a", 7);
  const std::string b = dirty("b", 5);
  const Ran ran = run_tool({"plan", "--wait-for", "2", a, b, "-o", "json"});
  EXPECT_EQ(ran.status, 4);
  const auto json = ran.json();
  EXPECT_EQ(json["verdict"], "needs_operator");
  EXPECT_EQ(json["rule"], "R13");
  ASSERT_FALSE(json["next"].empty());
  std::vector<std::string> argv = json["next"][0];
  EXPECT_EQ(argv[1], "mark-clean");
  EXPECT_EQ(argv[2], a);
  argv.erase(argv.begin());
  EXPECT_EQ(run_tool(argv).status, 0);
  const Ran after = run_tool({"plan", "--wait-for", "2", a, b});
  EXPECT_EQ(after.status, 0) << after.out;
  EXPECT_TRUE(after.says("start (R10)")) << after.out;
}

/// The members' own answer: what a broker's open would announce.
TEST_F(PlanCommand, AnIdleMemberIsAnnouncedAsItsBrokerDoes) {
  const std::string idle = dirty("a", 0);
  const std::string reserved = dirty_between("b", 0, 100);
  const std::string stopped = clean("c", 0);
  const auto plan_state = [](const std::string& store) {
    const auto json = run_tool({"plan", "--wait-for", "1", "--json", store}).json();
    return json["members"][0]["state"].get<std::string>();
  };
  EXPECT_EQ(plan_state(reserved), "dirty") << "it may hold up to 100";
  for (const std::string& store : {idle, stopped, reserved}) {
    EXPECT_EQ(plan_state(store), store == reserved ? "dirty" : "empty");
    const auto opened = Journal::open(store, {StoreContent::holds_nothing, {}, 0});
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->verdict().state, StoreState::empty);
  }
  EXPECT_EQ(plan_state(reserved), "empty") << "its broker has told";
  const Ran ran = run_tool({"plan", "--wait-for", "3", idle, reserved, stopped});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.says("start (R7)")) << ran.out;
}

/// Every choice, typed as it stands, ends the conflict, and can be taken back.
TEST_F(PlanCommand, EachChoiceOfAConflictIsAWayOut) {
  const std::string a = clean("a", 9);
  const std::string b = clean("b", 7);
  const auto first = run_tool({"plan", "--wait-for", "2", a, b, "-o", "json"});
  EXPECT_EQ(first.status, 5);
  const auto json = first.json();
  EXPECT_EQ(json["rule"], "R9");
  EXPECT_TRUE(json["next"].empty()) << "alternatives are no list of things to do";
  ASSERT_EQ(json["choices"].size(), 2U);
  for (const auto& choice : json["choices"]) {
    ASSERT_EQ(choice["next"].size(), 1U);
    std::vector<std::string> argv = choice["next"][0];
    argv.erase(argv.begin());
    EXPECT_EQ(run_tool(argv).status, 0);
    const Ran after = run_tool({"plan", "--wait-for", "2", a, b});
    EXPECT_EQ(after.status, 0) << after.out;
    EXPECT_TRUE(after.says("start (R10)")) << after.out;
    EXPECT_EQ(run_tool({"undo", argv[1]}).status, 0);
  }
  const Ran text = run_tool({"plan", "--wait-for", "2", a, b});
  EXPECT_TRUE(text.says("> either: go on from ")) << text.out;
  EXPECT_TRUE(text.says("> or: go on from ")) << text.out;
}

TEST_F(PlanCommand, WithoutTakesOneWord) {
  const Ran ran =
      run_tool({"plan", "--wait-for", "1", "--without", path("b"), clean("a", 5), clean("b", 5)});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_FALSE(ran.says(path("b") + " ")) << ran.out;
}

TEST_F(PlanCommand, TheHelpSaysN) {
  const Ran ran = run_tool({"plan", "--help"});
  EXPECT_TRUE(ran.says("--wait-for N ")) << ran.out;
  EXPECT_FALSE(ran.says("UINT")) << ran.out;
  const Ran wrong = run_tool({"plan", "--wait-for", "1000001", clean("a", 5)});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_TRUE(wrong.complains("from 1 to 1000000")) << wrong.err;
}

TEST_F(PlanCommand, WithTooFewItWaits) {
  EXPECT_EQ(run_tool({"plan", "--wait-for", "3", clean("a", 5), clean("b", 5)}).status, 3);
}

TEST_F(PlanCommand, AStoreThatIsNotThereIsNeverEmpty) {
  const Ran ran = run_tool({"plan", "--wait-for", "1", clean("a", 5), path("nowhere")});
  EXPECT_EQ(ran.status, 3);
  EXPECT_TRUE(ran.says("could not be looked at")) << ran.out;
}

TEST_F(PlanCommand, AScenarioTakesTheirPlace) {
  const std::string file = path("scenario.json");
  std::ofstream(file) << R"({"wait_for": 2, "members": [{"name": "a"}, {"name": "b"}]})";
  const Ran ran = run_tool({"plan", "--scenario", file});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(ran.says("start (R7)")) << ran.out;
  EXPECT_EQ(run_tool({"plan", "--scenario", file, "--wait-for", "3"}).status, 3);
}

TEST_F(PlanCommand, AskedWronglyItSaysHow) {
  EXPECT_EQ(run_tool({"plan"}).status, 2);
  EXPECT_EQ(run_tool({"plan", clean("a", 5)}).status, 2);
  EXPECT_EQ(run_tool({"plan", "--wait-for", "0", path("a")}).status, 2);
  EXPECT_EQ(run_tool({"plan", "--wait-for", "2", "--policy", "newest", path("a")}).status, 2);
  EXPECT_EQ(run_tool({"plan", "--wait-for", "1", path("a"), "--without", "x"}).status, 2);
  const std::string file = path("broken.json");
  std::ofstream(file) << "{";
  const Ran ran = run_tool({"plan", "--scenario", file});
  EXPECT_EQ(ran.status, 2);
  EXPECT_TRUE(ran.complains("it is not JSON")) << ran.err;
}

}  // namespace
}  // namespace storemark::cli_test
