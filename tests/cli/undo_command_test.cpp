// SPDX-License-Identifier: Apache-2.0
#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class UndoCommand : public StoresTest {};

TEST_F(UndoCommand, TakesAMarkBack) {
  const std::string b1 = dirty("b1", 5);
  ASSERT_EQ(run_tool({"mark-clean", b1, "--if-sequence", "5", "--reason", "x"}).status, 0);
  const Ran ran = run_tool({"undo", b1});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(ran.says("state     dirty")) << ran.out;
  EXPECT_EQ(examined(b1).verdict.state, StoreState::dirty);
  EXPECT_EQ(examined(b1).verdict.floor, 5U);
  EXPECT_EQ(run_tool({"undo", b1}).status, 8);
}

TEST_F(UndoCommand, TakesAnAdoptionBack) {
  std::filesystem::create_directory(path("b1"));
  ASSERT_EQ(run_tool({"adopt", path("b1"), "--initial", to_string(cluster_), "--sequence", "5",
                      "--reason", "x"})
                .status,
            0);
  const Ran ran = run_tool({"undo", path("b1"), "--json"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(ran.json()["record"].is_null());
  EXPECT_EQ(examined(path("b1")).verdict.diagnosis, Diagnosis::absent);
}

TEST_F(UndoCommand, ThereIsNothing) {
  const std::string b1 = dirty("b1", 5);
  const std::string before = bytes(b1);
  const Ran ran = run_tool({"undo", b1});
  EXPECT_EQ(ran.status, 8);
  EXPECT_TRUE(ran.complains("SM113 nothing_to_undo")) << ran.err;
  EXPECT_EQ(bytes(b1), before);
  EXPECT_EQ(run_tool({"undo", path("nowhere")}).status, 1);
  const auto broker = open(b1, 5);
  EXPECT_EQ(run_tool({"undo", b1}).status, 7);
}

TEST_F(UndoCommand, OnlyUntilTheBrokerActivates) {
  const std::string b1 = dirty("b1", 5);
  ASSERT_EQ(run_tool({"mark-clean", b1, "--if-sequence", "5", "--reason", "x"}).status, 0);
  {
    auto broker = open(b1, 5);
    ASSERT_TRUE(broker);
    ASSERT_TRUE(broker->activate(view_, broker->verdict().floor));
  }
  EXPECT_EQ(run_tool({"undo", b1}).status, 8);
}

}  // namespace
}  // namespace storemark::cli_test
