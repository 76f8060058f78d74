// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <storemark/version.hpp>

#include "run_tool.hpp"

namespace storemark::cli_test {
namespace {

void expect_hint(const std::vector<std::string>& arguments, const std::string& hint) {
  const Ran ran = run_tool(arguments);
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_TRUE(ran.complains(hint)) << ran.err;
  EXPECT_TRUE(ran.complains("SM101")) << ran.err;
}

TEST(Main, Version) {
  const Ran ran = run_tool({"--version"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "storemark " + std::string(version()) + " (journal format 1)\n");
  EXPECT_EQ(ran.err, "");
}

TEST(Main, Help) {
  const Ran ran = run_tool({"--help"});
  EXPECT_EQ(ran.status, 0);
  for (const char* part : {"examine", "plan", "verify", "mark-clean", "discard", "adopt", "undo",
                           "explain", "Exit status", "6 damaged"}) {
    EXPECT_TRUE(ran.says(part)) << part << "\n" << ran.out;
  }
}

TEST(Main, HelpOfEveryCommandFitsTheScreen) {
  for (const char* command : {"examine", "plan", "verify", "mark-clean", "discard", "adopt", "undo",
                              "log", "collect", "watch", "probe", "explain"}) {
    const Ran ran = run_tool({command, "--help"});
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.err, "");
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = ran.out.find('\n', begin)) != std::string::npos;) {
      EXPECT_LE(end - begin, 100U) << ran.out.substr(begin, end - begin);
      begin = end + 1;
    }
  }
}

TEST(Main, HelpOfExamineSaysWhatItsExitMeans) {
  const Ran ran = run_tool({"examine", "--help"});
  for (const char* part : {"  0 each store was read", "  4 a store is missing", "  6 damage"}) {
    EXPECT_TRUE(ran.says(part)) << part << "\n" << ran.out;
  }
}

TEST(Main, WrongCommands) {
  expect_hint({}, "no command was given");
  expect_hint({"exmine", "/srv"}, "did you mean \"storemark examine\"?");
  expect_hint({"mark_clean"}, "did you mean \"storemark mark-clean\"?");
  expect_hint({"frobnicate"}, "the commands are examine, plan, verify");
  expect_hint({"frob\x1b[2Jnicate"}, "frob\\x1b[2Jnicate");
}

TEST(Main, WrongFlags) {
  expect_hint({"examine", "/srv", "--slot"}, "did you mean --slots?");
  expect_hint({"mark-clean", "/srv", "--if-sequnce", "5"}, "did you mean --if-sequence?");
  expect_hint({"--verson"}, "did you mean --version?");
  expect_hint({"examine", "/srv", "-z"}, "it has no flag -z");
  expect_hint({"examine", "/srv", "-o", "yaml"}, "neither table nor json");
  expect_hint({"examine", "/srv", "-o"}, "--output");
}

TEST(Main, WrongArguments) {
  expect_hint({"examine"}, "STORE is required");
  expect_hint({"undo", "a", "b"}, "\"b\" is one argument too many");
  expect_hint({"mark-clean", "/srv"}, "--if-sequence is required");
  expect_hint({"examine", ""}, "its name is empty");
}

}  // namespace
}  // namespace storemark::cli_test
