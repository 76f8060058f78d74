// SPDX-License-Identifier: Apache-2.0
#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class VerifyCommand : public StoresTest {
 protected:
  static void destroy(const std::string& directory) {
    for (unsigned slot = 0; slot < slot_count; ++slot) zero(directory, slot);
  }
};

TEST_F(VerifyCommand, Sound) {
  const Ran ran = run_tool({"verify", dirty("b1", 5), clean("b2", 5), empty("b3")});
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_TRUE(ran.says("slot 5    ok ")) << ran.out;
  EXPECT_TRUE(ran.says("history   ok ")) << ran.out;
  EXPECT_TRUE(ran.says("--repair       would do nothing: the journal is sound")) << ran.out;
  EXPECT_FALSE(ran.says("BAD")) << ran.out;
}

TEST_F(VerifyCommand, LooksAndWritesNothing) {
  const std::string b1 = dirty("b1", 5);
  flip_bit(b1, 4);
  const std::string before = bytes(b1);
  const Ran ran = run_tool({"verify", b1});
  EXPECT_EQ(ran.status, 6);
  EXPECT_TRUE(ran.says("slot 4    BAD  invalid")) << ran.out;
  EXPECT_TRUE(ran.says_in_words("would build a fresh file from the record of generation"))
      << ran.out;
  EXPECT_EQ(bytes(b1), before);
}

TEST_F(VerifyCommand, Repairs) {
  const std::string b1 = dirty("b1", 5);
  flip_bit(b1, 4);
  const std::string before = bytes(b1);
  const Ran ran = run_tool({"verify", b1, "--repair", "--json"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  const auto repaired = ran.json()["stores"][0]["repaired"];
  EXPECT_EQ(repaired["rebuilt"], true);
  EXPECT_EQ(repaired["after"]["state"], "dirty");
  EXPECT_EQ(repaired["after"]["sequence"], 5);
  EXPECT_EQ(std::filesystem::file_size(repaired["backup"].get<std::string>()), before.size());
  EXPECT_EQ(run_tool({"verify", b1}).status, 0);
  EXPECT_EQ(run_tool({"examine", b1}).status, 0);
}

TEST_F(VerifyCommand, RepairMakesNothingClean) {
  const std::string b1 = clean("b1", 5);
  for (const unsigned slot : {0U, 2U, 4U}) zero(b1, slot);
  ASSERT_EQ(examined(b1).verdict.state, StoreState::dirty);
  static_cast<void>(run_tool({"verify", b1, "--repair"}));
  EXPECT_EQ(examined(b1).verdict.state, StoreState::dirty);
}

TEST_F(VerifyCommand, LeavesASoundJournalAlone) {
  const std::string b1 = clean("b1", 5);
  const std::string before = bytes(b1);
  const Ran ran = run_tool({"verify", b1, "--repair"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.says("nothing was to be done")) << ran.out;
  EXPECT_EQ(bytes(b1), before);
}

TEST_F(VerifyCommand, NothingToHealFrom) {
  const std::string b1 = dirty("b1", 5);
  destroy(b1);
  const std::string before = bytes(b1);
  const Ran ran = run_tool({"verify", b1, "--repair"});
  EXPECT_EQ(ran.status, 6);
  EXPECT_TRUE(ran.complains("SM203")) << ran.err;
  EXPECT_EQ(bytes(b1), before);
}

TEST_F(VerifyCommand, GoesOnAfterOneThatCannotBeHealed) {
  const std::string b1 = dirty("b1", 5);
  destroy(b1);
  const std::string b2 = dirty("b2", 5);
  flip_bit(b2, 1);
  EXPECT_EQ(run_tool({"verify", b1, b2, "--repair"}).status, 6);
  EXPECT_EQ(run_tool({"verify", b2}).status, 0);
}

TEST_F(VerifyCommand, AJournalInUseIsLookedAtAndNotRepaired) {
  const std::string b1 = dirty("b1", 5);
  const auto broker = open(b1, 5);
  EXPECT_EQ(run_tool({"verify", b1}).status, 0);
  const Ran ran = run_tool({"verify", b1, "--repair"});
  EXPECT_EQ(ran.status, 7);
  EXPECT_TRUE(ran.complains("SM301")) << ran.err;
}

TEST_F(VerifyCommand, Missing) {
  EXPECT_EQ(run_tool({"verify", path("nowhere")}).status, 4);
  std::filesystem::create_directory(path("bare"));
  EXPECT_EQ(run_tool({"verify", path("bare"), "--repair"}).status, 4);
  EXPECT_TRUE(std::filesystem::is_empty(path("bare")));
}

TEST_F(VerifyCommand, Json) {
  const auto json = run_tool({"verify", dirty("b1", 5), "-o", "json"}).json();
  EXPECT_EQ(json["schema"], "storemark.verify/1");
  EXPECT_EQ(json["exit"], 0);
  EXPECT_EQ(json["stores"][0]["checks"].size(), 15U) << "six slots, three anchors, six others";
  EXPECT_TRUE(json["stores"][0]["repaired"].is_null());
}

}  // namespace
}  // namespace storemark::cli_test
