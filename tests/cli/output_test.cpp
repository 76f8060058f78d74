// SPDX-License-Identifier: Apache-2.0
// Where things are printed, and in which colour.
#include <sstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class Output : public StoresTest {
 protected:
  static bool has_colour(const std::string& text) { return text.find('\x1b') != std::string::npos; }
  static Setting terminal(std::vector<std::string> environment) {
    return {std::move(environment), true, ""};
  }
};

TEST_F(Output, ColourOnATerminal) {
  const Ran ran = run_tool({"examine", dirty("b1", 5)}, terminal({"TERM=xterm"}));
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(has_colour(ran.out)) << ran.out;
}

TEST_F(Output, NoColourWhereItIsNotWanted) {
  const std::string b1 = dirty("b1", 5);
  EXPECT_FALSE(has_colour(run_tool({"examine", b1}, {{"TERM=xterm"}, false, ""}).out));
  EXPECT_FALSE(has_colour(run_tool({"examine", b1}, terminal({"TERM=xterm", "NO_COLOR=1"})).out));
  EXPECT_FALSE(has_colour(run_tool({"examine", b1}, terminal({"TERM=dumb"})).out));
  EXPECT_FALSE(has_colour(run_tool({"examine", b1}, terminal({})).out));
  EXPECT_TRUE(has_colour(run_tool({"examine", b1}, terminal({"TERM=xterm", "NO_COLOR="})).out))
      << "an empty NO_COLOR says nothing";
}

TEST_F(Output, NoLineIsWiderThanTheTerminalButWhatIsToBeTyped) {
  const std::string a = dirty("a", 5);
  const std::string b = dirty("b", 7);
  const auto widest = [&](std::size_t columns) {
    const Setting setting{{}, true, "", static_cast<unsigned short>(columns)};
    std::istringstream in(run_tool({"plan", "--wait-for", "2", a, b}, setting).out);
    std::size_t out = 0;
    for (std::string line; std::getline(in, line, '\r'); in.get()) {
      if (!line.starts_with("    storemark ")) out = std::max(out, line.size());
    }
    return out;
  };
  for (const std::size_t columns : {60U, 80U, 100U}) {
    EXPECT_LE(widest(columns), columns);
    EXPECT_GT(widest(columns), columns - 20) << "the room is used";
  }
  EXPECT_GT(widest(0), 80U);
  EXPECT_EQ(widest(20), widest(60));
  EXPECT_LE(widest(300), 100U);
}

TEST_F(Output, JsonHasNoColourAnywhere) {
  const Ran ran = run_tool({"examine", dirty("b1", 5), "--json"}, terminal({"TERM=xterm"}));
  EXPECT_FALSE(has_colour(ran.out)) << ran.out;
}

TEST_F(Output, DataOnStdoutAllElseOnStderr) {
  const Ran ran = run_tool({"examine", path("nowhere"), "--json"});
  EXPECT_EQ(ran.json()["stores"][0]["state"], "missing");
  EXPECT_TRUE(ran.complains("SM306")) << ran.err;
  const Ran failed = run_tool({"undo", path("nowhere")});
  EXPECT_EQ(failed.out, "");
  for (const char* part : {"SM306 directory_missing", "  what ", "  where ", "  why ", "  to do ",
                           "  more   storemark explain SM306"}) {
    EXPECT_TRUE(failed.complains(part)) << part << "\n" << failed.err;
  }
}

TEST_F(Output, AnAnswerThatCannotBePrintedIsAFailure) {
  const Ran ran = run_tool({"examine", dirty("b1", 5)}, {{}, false, "/dev/full"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_TRUE(ran.complains("SM305")) << ran.err;
}

TEST_F(Output, ErrorsDoNotSteerTheTerminal) {
  const Ran ran = run_tool({"undo", path("\x1b[2Jnowhere")});
  EXPECT_EQ(ran.status, 1);
  EXPECT_FALSE(has_colour(ran.err)) << ran.err;
}

}  // namespace
}  // namespace storemark::cli_test
