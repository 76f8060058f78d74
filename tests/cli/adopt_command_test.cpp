// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

namespace fs = std::filesystem;

class AdoptCommand : public StoresTest {
 protected:
  [[nodiscard]] Ran adopt(const std::string& directory, const std::string& initial,
                          const std::string& sequence = "12") const {
    return run_tool({"adopt", directory, "--initial", initial, "--sequence", sequence, "--reason",
                     "the journal was lost"});
  }
};

TEST_F(AdoptCommand, MakesAJournalForAStoreThatLostIt) {
  fs::create_directory(path("b1"));
  const Ran ran = adopt(path("b1"), to_string(cluster_));
  EXPECT_EQ(ran.status, 0) << ran.err;
  const Verdict verdict = examined(path("b1")).verdict;
  EXPECT_EQ(verdict.state, StoreState::dirty);
  EXPECT_EQ(verdict.floor, 12U);
  EXPECT_EQ(verdict.record->initial, cluster_);
  EXPECT_TRUE(verdict.record->adopted);
  EXPECT_TRUE(run_tool({"examine", path("b1")}).says_in_words("made by an operator (adopt)"));
}

TEST_F(AdoptCommand, WondersWhereTheStoreIs) {
  fs::create_directory(path("b1"));
  EXPECT_TRUE(adopt(path("b1"), to_string(cluster_)).complains("not mounted"));
  fs::create_directory(path("b2"));
  std::ofstream(path("b2") + "/messages") << "x";
  EXPECT_FALSE(adopt(path("b2"), to_string(cluster_)).complains("not mounted"));
}

TEST_F(AdoptCommand, ReplacesOneThatCannotBeRead) {
  const std::string b1 = dirty("b1", 5);
  for (unsigned slot = 0; slot < slot_count; ++slot) zero(b1, slot);
  const std::string before = bytes(b1);
  EXPECT_EQ(adopt(b1, to_string(cluster_)).status, 0);
  EXPECT_EQ(examined(b1).verdict.floor, 12U);
  EXPECT_EQ(run_tool({"undo", b1}).status, 0);
  EXPECT_EQ(bytes(b1), before);
}

TEST_F(AdoptCommand, AUuidThatIsNone) {
  fs::create_directory(path("b1"));
  for (const char* wrong :
       {"", "x", "6f1d9a1e3c0b4d7e9a550c2f4b8e7d11", "{6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d11}",
        "6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d1g", "00000000-0000-0000-0000-000000000000"}) {
    const Ran ran = adopt(path("b1"), wrong);
    EXPECT_EQ(ran.status, 2) << wrong;
    EXPECT_TRUE(ran.complains("SM101")) << ran.err;
  }
  EXPECT_TRUE(fs::is_empty(path("b1")));
}

TEST_F(AdoptCommand, IsRefusedWhereThereIsAJournal) {
  const std::string b1 = dirty("b1", 5);
  const std::string before = bytes(b1);
  const Ran ran = adopt(b1, to_string(cluster_));
  EXPECT_EQ(ran.status, 8);
  EXPECT_TRUE(ran.complains("SM207")) << ran.err;
  EXPECT_EQ(adopt(path("nowhere"), to_string(cluster_)).status, 1);
  EXPECT_EQ(adopt(b1, to_string(cluster_), "many").status, 2);
  EXPECT_EQ(bytes(b1), before);
}

}  // namespace
}  // namespace storemark::cli_test
