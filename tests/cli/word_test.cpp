// SPDX-License-Identifier: Apache-2.0
// What every word of an operator leaves behind.
#include <fstream>
#include <iterator>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class Word : public StoresTest {
 protected:
  static std::vector<nlohmann::json> audit(const std::string& directory) {
    std::ifstream file(directory + "/storemark.audit");
    std::vector<nlohmann::json> out;
    for (std::string line; std::getline(file, line);) out.push_back(nlohmann::json::parse(line));
    return out;
  }
};

TEST_F(Word, LeavesABackupAndAnAuditLine) {
  const std::string b1 = dirty("b1", 9);
  const std::string before = bytes(b1);
  const Ran ran =
      run_tool({"mark-clean", b1, "--if-sequence", "9", "--reason", "the \"latest\"\n", "--json"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  std::ifstream backup(ran.json()["backup"].get<std::string>(), std::ios::binary);
  const std::string kept{std::istreambuf_iterator<char>(backup), {}};
  EXPECT_EQ(kept.size(), before.size());
  ASSERT_EQ(audit(b1).size(), 1U);
  EXPECT_EQ(audit(b1)[0]["word"], "mark-clean");
  EXPECT_EQ(audit(b1)[0]["reason"], "the \"latest\"\n");
  ASSERT_EQ(run_tool({"undo", b1}).status, 0);
  ASSERT_EQ(audit(b1).size(), 2U);
  EXPECT_EQ(audit(b1)[1]["word"], "undo");
}

TEST_F(Word, ReasonsDoNotSteerTheTerminal) {
  const std::string b1 = dirty("b1", 9);
  ASSERT_EQ(run_tool({"discard", b1, "--if-sequence", "9", "--reason", "\x1b[2J"}).status, 0);
  for (const Ran& ran : {run_tool({"examine", b1, "--slots"}), run_tool({"verify", b1}),
                         run_tool({"examine", b1, "--json"})}) {
    EXPECT_EQ(ran.out.find('\x1b'), std::string::npos) << ran.out;
  }
}

}  // namespace
}  // namespace storemark::cli_test
