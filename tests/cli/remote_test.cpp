// SPDX-License-Identifier: Apache-2.0
// HOST:DIR, with a stand-in for ssh that has every host be this one.
#include <fstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

namespace fs = std::filesystem;

class Remote : public StoresTest {
 protected:
  /// A program in place of ssh: $1 is the host, the rest the command.
  std::string rsh(const std::string& body) const {
    const std::string name = path("rsh");
    std::ofstream(name) << "#!/bin/sh\nhost=$1; shift\n" << body << "\n";
    fs::permissions(name, fs::perms::owner_all);
    return name;
  }
  std::string here() const {
    return rsh("PATH=" + fs::path(STOREMARK_TOOL).parent_path().string() +
               ":$PATH\nexec sh -c \"$*\"");
  }
};

TEST_F(Remote, IsExaminedByTheToolThere) {
  const std::string b1 = dirty("b 1", 9);
  const std::string b2 = dirty("b2", 5);
  const Ran ran = run_tool({"examine", "--rsh", here(), "h1:" + b1, b2});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(ran.says_in_words("latest: h1:" + b1 + " (9 exact)")) << ran.out;
  EXPECT_TRUE(ran.says("    ssh h1 'storemark mark-clean ")) << ran.out;
}

TEST_F(Remote, IsCompared) {
  const std::string b1 = dirty("b1", 9);
  const std::string b2 = dirty("b2", 5);
  const Ran ran = run_tool({"mark-clean", b1, "--if-sequence", "9", "--reason", "x", "--rsh",
                            here(), "--compared", "h2:" + b2});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(examined(b1).verdict.record->compared.size(), 1U);
}

TEST_F(Remote, IsComparedAsItWasSeen) {
  const std::string b1 = dirty("b1", 9);
  const std::string b2 = dirty("b2", 5);
  std::vector<std::string> argv =
      run_tool({"plan", "--json", "--wait-for", "2", "--rsh", here(), b1, "h2:" + b2})
          .json()
          .at("next")
          .at(0);
  argv.erase(argv.begin());
  argv.insert(argv.end(), {"--rsh", here()});
  ASSERT_TRUE(open(b2, 5)->activate(view_, 5));
  const Ran ran = run_tool(argv);
  EXPECT_EQ(ran.status, 9) << ran.err;
  EXPECT_TRUE(ran.complains("h2:" + b2)) << ran.err;
}

TEST_F(Remote, DamageThereIsDamage) {
  const std::string b1 = dirty("b1", 9);
  flip_bit(b1, 1);
  EXPECT_EQ(run_tool({"examine", "--rsh", here(), "h1:" + b1}).status, 6);
  EXPECT_EQ(run_tool({"examine", "--rsh", here(), "h1:" + path("nowhere")}).status, 4);
}

TEST_F(Remote, AHostThatDoesNotAnswerIsMissing) {
  for (const char* body : {"exit 255", "echo '{}'", "echo hello", "kill -9 $$",
                           "echo '{\"schema\":\"storemark.examine/1\",\"stores\":[]}'"}) {
    const Ran ran = run_tool({"examine", "--rsh", rsh(body), "h1:/srv/b1"});
    EXPECT_EQ(ran.status, 4) << body;
    EXPECT_TRUE(ran.says("missing")) << ran.out;
    EXPECT_TRUE(ran.complains("the store was not reached")) << ran.err;
  }
  EXPECT_EQ(run_tool({"examine", "--rsh", path("no-such-program"), "h1:/srv/b1"}).status, 4);
}

TEST_F(Remote, NoHostIsTakenForAFlag) {
  const Ran ran = run_tool({"examine", "--rsh", here(), "--", "-oProxyCommand=x:/srv/b1"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(run_tool({"examine", "--rsh", "", "h1:/srv/b1"}).status, 2);
}

TEST_F(Remote, WordsAreGivenOnlyHere) {
  const std::string b1 = dirty("b1", 9);
  const std::string before = bytes(b1);
  EXPECT_NE(run_tool({"undo", "h1:" + b1}).status, 0);
  EXPECT_EQ(run_tool({"verify", "h1:/srv/b1", "--repair"}).status, 2);
  EXPECT_EQ(bytes(b1), before);
}

}  // namespace
}  // namespace storemark::cli_test
