// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

namespace fs = std::filesystem;

class ExamineCommand : public StoresTest {};

TEST_F(ExamineCommand, RanksTheStoresOfACrashedCluster) {
  const std::string b1 = dirty("b1", 1042);
  const std::string b2 = dirty("b2", 990);
  const Ran ran = run_tool({"examine", b2, b1});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_TRUE(ran.says("cluster " + to_string(cluster_))) << ran.out;
  EXPECT_TRUE(ran.says_in_words("> latest: " + b1 + " (1042 exact)")) << ran.out;
  EXPECT_TRUE(ran.says("storemark mark-clean " + b1 + " --if-sequence 1042 --reason " +
                       "'latest of 2 stores' --as-seen 1042."))
      << ran.out;
  EXPECT_TRUE(ran.says(" --compared " + b2 + "@990.")) << ran.out;
}

TEST_F(ExamineCommand, WhatItSaysToTypeWorks) {
  const std::string b1 = dirty("b1", 1042);
  const std::string b2 = dirty("b2", 990);
  const std::string out = run_tool({"examine", b1, b2}).out;
  const std::size_t at = out.find("    storemark mark-clean ");
  ASSERT_NE(at, std::string::npos) << out;
  const Ran typed = type(out.substr(at, out.find('\n', at) - at));
  EXPECT_EQ(typed.status, 0) << typed.err;
  const Ran after = run_tool({"examine", b1, b2});
  EXPECT_EQ(after.status, 0);
  EXPECT_TRUE(after.says_in_words("> start the brokers: " + b1 + " is clean")) << after.out;
}

TEST_F(ExamineCommand, SaysThatARankIsUnproven) {
  const std::string b1 = dirty("b1", 1000);
  const std::string b2 = dirty_between("b2", 900, 1100);
  const Ran ran = run_tool({"examine", b1, b2});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.says("  1?    ")) << ran.out;
  EXPECT_TRUE(ran.says("900 to 1100")) << ran.out;
  EXPECT_TRUE(ran.says_in_words("latest by number, not proven")) << ran.out;
}

TEST_F(ExamineCommand, SeesASplit) {
  const std::string b1 = dirty("b1", 1000, View{ViewId{new_uuid()}, {}});
  const std::string b2 = dirty("b2", 900, View{ViewId{new_uuid()}, {}});
  const Ran ran = run_tool({"examine", b1, b2});
  EXPECT_TRUE(ran.says_in_words("never lived through")) << ran.out;
  EXPECT_TRUE(ran.says("not proven")) << ran.out;
}

TEST_F(ExamineCommand, EveryState) {
  const Ran ran = run_tool(
      {"examine", empty("e"), dirty("d", 7), clean("c", 7), updating("u", 70), "-o", "json"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  const auto json = ran.json();
  EXPECT_EQ(json["stores"][0]["state"], "empty");
  EXPECT_EQ(json["stores"][1]["state"], "dirty");
  EXPECT_EQ(json["stores"][2]["state"], "clean");
  EXPECT_EQ(json["stores"][2]["final"], to_string(final_));
  EXPECT_EQ(json["stores"][3]["state"], "updating");
  EXPECT_EQ(json["stores"][3]["record"]["target"], 70);
}

TEST_F(ExamineCommand, ADamagedSlotIsDamage) {
  for (unsigned slot = 0; slot < slot_count; ++slot) {
    const std::string b1 = clean("b" + std::to_string(slot), 7);
    flip_bit(b1, slot, 1000);
    const Ran ran = run_tool({"examine", b1, "--slots"});
    EXPECT_EQ(ran.status, 6);
    EXPECT_TRUE(ran.says("5/6")) << ran.out;
    EXPECT_TRUE(ran.says("clean ")) << ran.out;
    EXPECT_TRUE(ran.says("  slot " + std::to_string(slot) + ": ")) << ran.out;
    EXPECT_TRUE(ran.says("checksum")) << ran.out;
    EXPECT_TRUE(ran.says("storemark verify " + b1 + " --repair")) << ran.out;
  }
}

TEST_F(ExamineCommand, CleanIfTheStoresTagMatches) {
  const std::string b1 = clean("b1", 7, StoreTag{{1, 2, 3}});
  for (const unsigned slot : {0U, 1U, 2U}) zero(b1, slot);
  const Ran ran = run_tool({"examine", b1});
  EXPECT_EQ(ran.status, 6);
  EXPECT_TRUE(ran.says_in_words("clean if the store's tag matches")) << ran.out;
  const auto json = run_tool({"examine", b1, "--json"}).json();
  EXPECT_EQ(json["stores"][0]["state"], "dirty");
  EXPECT_EQ(json["stores"][0]["clean_if_tag_matches"], true);
}

TEST_F(ExamineCommand, NothingIsLeft) {
  const std::string b1 = dirty("b1", 7);
  for (unsigned slot = 0; slot < slot_count; ++slot) zero(b1, slot);
  const Ran ran = run_tool({"examine", b1});
  EXPECT_EQ(ran.status, 6);
  EXPECT_TRUE(ran.says("damaged")) << ran.out;
  EXPECT_TRUE(ran.says("storemark adopt " + b1)) << ran.out;
}

TEST_F(ExamineCommand, ATruncatedFileIsDamage) {
  const std::string b1 = clean("b1", 7);
  fs::resize_file(fs::path(b1) / journal_file_name, 100'000);
  EXPECT_EQ(run_tool({"examine", b1}).status, 6);
  fs::resize_file(fs::path(b1) / journal_file_name, 0);
  EXPECT_EQ(run_tool({"examine", b1}).status, 6);
}

TEST_F(ExamineCommand, ADirectoryThatIsNotThereIsMissing) {
  const std::string b1 = dirty("b1", 7);
  const Ran ran = run_tool({"examine", b1, path("nowhere")});
  EXPECT_EQ(ran.status, 4);
  EXPECT_TRUE(ran.says("missing")) << ran.out;
  EXPECT_FALSE(ran.says("empty")) << ran.out;
  EXPECT_TRUE(ran.says_in_words("not compared, since they cannot be read: " + path("nowhere")))
      << ran.out;
  EXPECT_TRUE(ran.complains("SM306")) << ran.err;
  EXPECT_TRUE(ran.complains("storemark explain SM306")) << ran.err;
}

TEST_F(ExamineCommand, ADirectoryWithoutAJournalIsNotEmptyEither) {
  fs::create_directory(path("bare"));
  const Ran bare = run_tool({"examine", path("bare")});
  EXPECT_EQ(bare.status, 4);
  EXPECT_TRUE(bare.says("absent")) << bare.out;
  EXPECT_TRUE(bare.says_in_words("not taken for an empty store")) << bare.out;
  std::ofstream(path("bare") + "/data.mdb") << "data";
  EXPECT_TRUE(run_tool({"examine", path("bare")}).says_in_words("its journal is lost"));
}

TEST_F(ExamineCommand, OtherThingsInItsPlace) {
  fs::create_directories(path("d") + "/" + std::string(journal_file_name));
  EXPECT_EQ(run_tool({"examine", path("d")}).status, 6);
  fs::create_directory(path("f"));
  ASSERT_EQ(mkfifo((path("f") + "/" + std::string(journal_file_name)).c_str(), 0600), 0);
  EXPECT_EQ(run_tool({"examine", path("f")}).status, 6);
  fs::create_directory(path("l"));
  fs::create_symlink("/etc/passwd", path("l") + "/" + std::string(journal_file_name));
  EXPECT_EQ(run_tool({"examine", path("l")}).status, 6);
  fs::create_directory(path("o"));
  std::ofstream(path("o") + "/" + std::string(journal_file_name)) << "[Unit]\nAfter=network\n";
  const Ran other = run_tool({"examine", path("o")});
  EXPECT_EQ(other.status, 6);
  EXPECT_TRUE(other.says("foreign")) << other.out;
}

TEST_F(ExamineCommand, AClonedDirectory) {
  const std::string b1 = dirty("b1", 7);
  const std::string copy = clone("copy", b1);
  const Ran ran = run_tool({"examine", b1, copy});
  EXPECT_EQ(ran.status, 5);
  EXPECT_TRUE(ran.says_in_words("conflict cloned:")) << ran.out;
  EXPECT_FALSE(ran.says("storemark mark-clean")) << ran.out;
}

TEST_F(ExamineCommand, ADirectoryNamedTwiceIsNoClone) {
  const std::string b1 = dirty("b1", 7);
  const Ran ran = run_tool({"examine", b1, b1 + "/", b1 + "/../b1"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.complains("named twice")) << ran.err;
}

TEST_F(ExamineCommand, AJournalInUseIsSafeToLookAt) {
  const std::string b1 = dirty("b1", 7);
  const auto broker = open(b1, 7);
  ASSERT_TRUE(broker);
  const Ran ran = run_tool({"examine", b1});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.says("in use")) << ran.out;
  EXPECT_FALSE(ran.says("mark-clean")) << ran.out;
}

TEST_F(ExamineCommand, LeavesEverythingAsItWas) {
  const std::string b1 = dirty("b1", 7);
  flip_bit(b1, 3);
  const std::string before = bytes(b1);
  const auto written = fs::last_write_time(fs::path(b1) / journal_file_name);
  EXPECT_EQ(run_tool({"examine", b1, "--slots"}).status, 6);
  EXPECT_EQ(bytes(b1), before);
  EXPECT_EQ(fs::last_write_time(fs::path(b1) / journal_file_name), written);
  EXPECT_EQ(std::distance(fs::directory_iterator(b1), fs::directory_iterator()), 1);
}

TEST_F(ExamineCommand, JsonHasEverySlot) {
  const std::string b1 = dirty("b1", 7);
  flip_bit(b1, 2);
  const Ran ran = run_tool({"examine", b1, "--json"});
  EXPECT_EQ(ran.status, 6);
  const auto json = ran.json();
  EXPECT_EQ(json["schema"], "storemark.examine/1");
  EXPECT_EQ(json["exit"], 6);
  const auto& store = json["stores"][0];
  EXPECT_EQ(store["name"], b1);
  EXPECT_EQ(store["sequence"], 7);
  EXPECT_EQ(store["certainty"], "exact");
  EXPECT_EQ(store["slots"].size(), slot_count);
  EXPECT_EQ(store["slots"][2]["health"], "invalid");
  EXPECT_NE(store["slots"][2]["why"], "");
  EXPECT_EQ(store["slots"][0]["record"]["initial"], to_string(cluster_));
}

TEST_F(ExamineCommand, SlotsAreDecoded) {
  const std::string b1 = dirty("b1", 7);
  const Ran ran = run_tool({"examine", b1, "--slots"});
  EXPECT_EQ(ran.status, 0);
  const Examination seen = examined(b1);
  EXPECT_TRUE(
      ran.says("newest record, generation " + std::to_string(seen.verdict.record->generation)));
  EXPECT_TRUE(ran.says(to_string(seen.verdict.record->journal))) << ran.out;
  EXPECT_TRUE(ran.says(to_string(view_.id))) << ran.out;
}

}  // namespace
}  // namespace storemark::cli_test
