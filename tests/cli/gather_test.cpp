// SPDX-License-Identifier: Apache-2.0
// What may stand for STORE.
#include <fstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class Gather : public StoresTest {
 protected:
  /// Saves what examine says of these stores.
  [[nodiscard]] std::string saved(const std::string& name, std::vector<std::string> stores) const {
    stores.insert(stores.begin(), {"examine", "-o", "json"});
    std::ofstream(path(name)) << run_tool(stores).out;
    return path(name);
  }
};

TEST_F(Gather, ASavedFile) {
  const std::string b1 = dirty("b1", 9);
  const std::string file = saved("b1.json", {b1});
  std::filesystem::remove_all(b1);
  const Ran ran = run_tool({"examine", file, dirty("b2", 5)});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(ran.says_in_words("latest: " + file + " (9 exact)")) << ran.out;
  EXPECT_TRUE(ran.says_in_words("from a saved file")) << ran.out;
}

TEST_F(Gather, ASavedFileOfManyInAComparison) {
  const std::string b1 = dirty("b1", 9);
  const std::string file = saved("all.json", {b1, dirty("b2", 5), dirty("b3", 6)});
  const Ran ran =
      run_tool({"mark-clean", b1, "--if-sequence", "9", "--reason", "x", "--compared", file});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(examined(b1).verdict.record->compared.size(), 2U);
}

TEST_F(Gather, VerifyReadsASavedFileToo) {
  const std::string b1 = dirty("b1", 9);
  flip_bit(b1, 0);
  const std::string file = saved("b1.json", {b1});
  EXPECT_EQ(run_tool({"verify", file}).status, 6);
  EXPECT_EQ(run_tool({"verify", file, "--repair"}).status, 2);
}

TEST_F(Gather, AFileThatIsNone) {
  std::ofstream(path("text")) << "a text";
  const Ran ran = run_tool({"examine", path("text")});
  EXPECT_EQ(ran.status, 2);
  EXPECT_TRUE(ran.complains("it is not JSON")) << ran.err;
  std::ofstream(path("other.json")) << R"({"schema":"storemark.verify/1"})";
  EXPECT_TRUE(run_tool({"examine", path("other.json")}).complains("not \"storemark.examine/1\""));
}

TEST_F(Gather, TheJournalItself) {
  const std::string b1 = dirty("b1", 9);
  const Ran ran = run_tool({"examine", b1 + "/" + std::string(journal_file_name)});
  EXPECT_EQ(ran.status, 2);
  EXPECT_TRUE(ran.complains("name its directory: " + b1)) << ran.err;
}

TEST_F(Gather, ADirectoryWithAColonInItsNameIsHere) {
  const std::string b1 = dirty("host:b1", 9);
  const Ran ran = run_tool({"examine", b1});
  EXPECT_EQ(ran.status, 0) << ran.err;
}

}  // namespace
}  // namespace storemark::cli_test
