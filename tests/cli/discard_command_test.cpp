// SPDX-License-Identifier: Apache-2.0
#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class DiscardCommand : public StoresTest {};

TEST_F(DiscardCommand, GivesAStoreUp) {
  const std::string b1 = dirty("b1", 5);
  const Ran ran = run_tool({"discard", b1, "--if-sequence", "5", "--reason", "behind"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(ran.says("given up")) << ran.out;
  EXPECT_TRUE(examined(b1).verdict.record->discard);
  EXPECT_TRUE(
      run_tool({"examine", b1}).says_in_words("given up by an operator (discard): \"behind\""));
  EXPECT_EQ(run_tool({"undo", b1}).status, 0);
  EXPECT_FALSE(examined(b1).verdict.record->discard);
}

TEST_F(DiscardCommand, IsRefused) {
  const std::string b1 = dirty("b1", 5);
  const std::string before = bytes(b1);
  EXPECT_EQ(run_tool({"discard", b1, "--if-sequence", "4", "--reason", "x"}).status, 9);
  EXPECT_EQ(run_tool({"discard", b1, "--if-sequence", "5"}).status, 2);
  EXPECT_EQ(run_tool({"discard", path("nowhere"), "--if-sequence", "5", "--reason", "x"}).status,
            1);
  const auto broker = open(b1, 5);
  EXPECT_EQ(run_tool({"discard", b1, "--if-sequence", "5", "--reason", "x"}).status, 7);
  EXPECT_EQ(bytes(b1), before);
}

}  // namespace
}  // namespace storemark::cli_test
