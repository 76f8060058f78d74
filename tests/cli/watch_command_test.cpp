// SPDX-License-Identifier: Apache-2.0
// storemark watch, on real journals.
#include <sstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class WatchCommand : public StoresTest {
 protected:
  /// A shell that watches `what`, ends the watch when its first line was read, and says how it
  /// ended. Nothing waits for a clock: the watch itself would last a day.
  static Ran ended_by(const std::string& signal, const std::string& what) {
    return type("fifo=$(mktemp -u); mkfifo $fifo; storemark watch --interval 86400 " + what +
                " > $fifo & watch=$!; { read -r line; echo \"$line\"; kill -" + signal +
                " $watch; } < $fifo; wait $watch; status=$?; rm $fifo; exit $status");
  }
};

TEST_F(WatchCommand, ALineForEachStoreAndThenForEachChange) {
  const std::string a = dirty("a", 5);
  const std::string b = clean("b", 5);
  const Ran ran = run_tool({"watch", a, b, "--count", "3", "--interval", "0.001"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 2) << ran.out;
  EXPECT_TRUE(ran.says(a + " dirty 5 exact")) << ran.out;
  EXPECT_FALSE(ran.says("\x1b")) << ran.out;
}

TEST_F(WatchCommand, ASignalEndsItInPeace) {
  const std::string a = dirty("a", 5);
  for (const char* signal : {"INT", "TERM"}) {
    const Ran ran = ended_by(signal, a);
    EXPECT_EQ(ran.status, 0) << signal << ran.err;
    EXPECT_TRUE(ran.says("first seen")) << ran.out;
  }
}

TEST_F(WatchCommand, JsonIsADocumentALine) {
  const Ran ran = run_tool({"watch", dirty("a", 5), path("nowhere"), "--count", "1", "-o", "json"});
  EXPECT_EQ(ran.status, 4);
  std::istringstream in(ran.out);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["schema"], "storemark.watch/1");
  EXPECT_EQ(lines[0]["sequence"], 5);
  EXPECT_EQ(lines[1]["state"], "missing");
}

TEST_F(WatchCommand, ATerminalIsDrawnAnew) {
  const std::string a = dirty("a", 5);
  Setting terminal;
  terminal.terminal = true;
  terminal.environment = {"TERM=xterm", "NO_COLOR=1"};
  const std::vector<std::string> argv{"watch", a, "--count", "2", "--interval", "0.001"};
  const Ran ran = run_tool(argv, terminal);
  EXPECT_TRUE(ran.says("\x1b[H\x1b[2J")) << ran.out;
  EXPECT_FALSE(ran.says("\x1b[31m")) << ran.out;
  terminal.environment = {"TERM=dumb"};
  EXPECT_FALSE(run_tool(argv, terminal).says("\x1b"));
}

TEST_F(WatchCommand, OnlyReads) {
  const std::string a = dirty("a", 5);
  const std::string before = bytes(a);
  EXPECT_EQ(run_tool({"watch", a, "--count", "2", "--interval", "0.001"}).status, 0);
  EXPECT_EQ(bytes(a), before);
}

TEST_F(WatchCommand, AReaderThatIsGoneEndsIt) {
  const Ran ran = type("{ storemark watch --interval 0.001 " + dirty("a", 5) +
                       "; echo ended $? >&2; } | head -n 1");
  EXPECT_TRUE(ran.says("first seen")) << ran.out;
  EXPECT_TRUE(ran.complains("ended 0")) << ran.err;
}

TEST_F(WatchCommand, AFullDiskEndsIt) {
  Setting full;
  full.out_to = "/dev/full";
  EXPECT_EQ(run_tool({"watch", dirty("a", 5)}, full).status, 1);
}

TEST_F(WatchCommand, AskedWrongly) {
  EXPECT_EQ(run_tool({"watch"}).status, 2);
  for (const char* seconds : {"0", "-1", "x", "1e9", "0.0001", "86401", ""}) {
    EXPECT_EQ(run_tool({"watch", path("a"), "--interval", seconds}).status, 2) << seconds;
  }
  EXPECT_EQ(run_tool({"watch", path("a"), "--count", "0"}).status, 2);
}

}  // namespace
}  // namespace storemark::cli_test
