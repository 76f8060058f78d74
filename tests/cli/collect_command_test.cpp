// SPDX-License-Identifier: Apache-2.0
// storemark collect, and what takes its answer.
#include <fstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class CollectCommand : public StoresTest {
 protected:
  std::string save(const Ran& ran) const {
    std::ofstream(path("all.json")) << ran.out;
    return path("all.json");
  }
};

TEST_F(CollectCommand, HasEverythingInIt) {
  const std::string a = dirty("a", 9);
  ASSERT_EQ(run_tool({"discard", a, "--if-sequence", "9", "--reason", "a test"}).status, 0);
  const Ran ran = run_tool({"collect", a, dirty("b", 7), path("nowhere")});
  EXPECT_EQ(ran.status, 4);
  const auto json = ran.json();
  EXPECT_EQ(json["schema"], "storemark.collect/1");
  EXPECT_EQ(json["exit"], 4);
  ASSERT_EQ(json["stores"].size(), 3U);
  EXPECT_EQ(json["stores"][0]["slots"].size(), slot_count);
  EXPECT_EQ(json["stores"][0]["anchors"].size(), anchor_count);
  const auto& evidence = json["stores"][0]["evidence"];
  EXPECT_NE(evidence["audit"].get<std::string>().find("discard"), std::string::npos);
  EXPECT_NE(evidence["host"]["kernel"], "");
  EXPECT_EQ(json["missing"], nlohmann::json{path("nowhere")});
  EXPECT_EQ(json["plan"]["schema"], "storemark.plan/1");
  EXPECT_EQ(json["plan"]["missing"][0]["name"], path("nowhere"));
}

TEST_F(CollectCommand, TheOthersTakeItAsAStore) {
  const std::string a = dirty("a", 9);
  ASSERT_EQ(run_tool({"mark-clean", a, "--if-sequence", "9", "--reason", "a test"}).status, 0);
  const std::string file = save(run_tool({"collect", a, dirty("b", 7)}));
  EXPECT_EQ(run_tool({"examine", file}).status, 0);
  EXPECT_TRUE(run_tool({"plan", "--wait-for", "2", file}).says("start (R10)"));
  EXPECT_TRUE(run_tool({"log", file}).says_in_words("mark-clean by"))
      << run_tool({"log", file}).out;
  const auto again = run_tool({"collect", file}).json();
  EXPECT_EQ(again["stores"][0]["evidence"]["journal_file"],
            run_tool({"collect", a}).json()["stores"][0]["evidence"]["journal_file"]);
}

TEST_F(CollectCommand, AnotherHostCollectsItself) {
  const std::string a = dirty("a", 9);
  const std::string rsh = path("rsh");
  std::ofstream(rsh) << "#!/bin/sh\nshift\nPATH=" +
                            std::filesystem::path(STOREMARK_TOOL).parent_path().string() +
                            ":$PATH\nexec sh -c \"$*\"\n";
  std::filesystem::permissions(rsh, std::filesystem::perms::owner_all);
  const auto json = run_tool({"collect", "--rsh", rsh, "h1:" + a}).json();
  EXPECT_EQ(json["stores"][0]["name"], "h1:" + a);
  EXPECT_EQ(json["stores"][0]["host"], "h1");
  EXPECT_TRUE(json["stores"][0]["evidence"]["journal_file"]["all"]);
}

TEST_F(CollectCommand, DamageIsCollectedToo) {
  const std::string a = dirty("a", 9);
  for (unsigned slot = 0; slot < slot_count; ++slot) zero(a, slot);
  const Ran ran = run_tool({"collect", a});
  EXPECT_EQ(ran.status, 6);
  EXPECT_EQ(ran.json()["stores"][0]["state"], "damaged");
  EXPECT_EQ(run_tool({"collect", a, "-o", "table"}).status, 2);
  EXPECT_EQ(run_tool({"collect"}).status, 2);
}

}  // namespace
}  // namespace storemark::cli_test
