// SPDX-License-Identifier: Apache-2.0
#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class ToolOptions : public StoresTest {};

TEST_F(ToolOptions, FormatInEverySpelling) {
  const std::string b1 = dirty("b1", 5);
  const auto without_time = [](const Ran& ran) {
    auto json = ran.json();
    json.erase("time");
    return json;
  };
  const auto json = without_time(run_tool({"examine", b1, "-o", "json"}));
  EXPECT_EQ(without_time(run_tool({"examine", b1, "-ojson"})), json);
  EXPECT_EQ(without_time(run_tool({"examine", b1, "--output=json"})), json);
  EXPECT_EQ(without_time(run_tool({"examine", "--json", b1})), json);
  EXPECT_TRUE(run_tool({"examine", b1, "-o", "table"}).says("RANK"));
}

TEST_F(ToolOptions, NumbersAreDecimal) {
  const std::string b1 = dirty("b1", 8);
  for (const char* wrong : {"010", "0x8", "+8", "8 ", "-8", "eight"}) {
    const int expected = std::string(wrong) == "010" ? 9 : 2;  // ten, not octal eight
    EXPECT_EQ(run_tool({"discard", b1, "--if-sequence", wrong, "--reason", "x"}).status, expected)
        << wrong;
  }
}

TEST_F(ToolOptions, AStoreMayBeginWithADash) {
  dirty("-b1", 5);
  const Ran ran = run_tool({"examine", "--", path("-b1")});
  EXPECT_EQ(ran.status, 0) << ran.err;
}

}  // namespace
}  // namespace storemark::cli_test
