// SPDX-License-Identifier: Apache-2.0
#include "cli/evidence.hpp"

#include <fstream>

#include "stores.hpp"

namespace storemark::cli {
namespace {

class Evidence : public cli_test::StoresTest {};

TEST_F(Evidence, Base64) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe\x3e\x3f"), "//4+Pw==");
}

TEST_F(Evidence, NamesAndSizesButNoContents) {
  const std::string b = dirty("b", 7);
  std::ofstream(b + "/messages.db") << "the secret of a customer";
  const Json json = evidence_of(b);
  EXPECT_EQ(json.dump().find("secret"), std::string::npos);
  bool named = false;
  for (const Json& entry : json["listing"]["entries"]) {
    if (entry["name"] != "messages.db") continue;
    named = true;
    EXPECT_EQ(entry["bytes"], 24);
  }
  EXPECT_TRUE(named);
  EXPECT_TRUE(json["listing"]["all"]);
  EXPECT_EQ(json["audit"], Json());
}

TEST_F(Evidence, TheRawBlocksThatAreNotZero) {
  const Json file = evidence_of(dirty("b", 7))["journal_file"];
  EXPECT_EQ(file["base64"].size(), slot_count + anchor_count);
  EXPECT_TRUE(file["all"]);
  EXPECT_EQ(file["base64"][0]["bytes"].get<std::string>().size(), 4096U / 3 * 4 + 4);
}

TEST_F(Evidence, IsBounded) {
  const std::string b = dirty("b", 7);
  for (std::size_t n = 0; n < most_entries + 5; ++n) std::ofstream(b + "/f" + std::to_string(n));
  std::ofstream(b + "/" + std::string(journal_file_name)) << std::string(8 * 1024 * 1024, 'x');
  const Json json = evidence_of(b);
  EXPECT_EQ(json["listing"]["entries"].size(), most_entries);
  EXPECT_FALSE(json["listing"]["all"]);
  EXPECT_EQ(json["journal_file"]["base64"].size(), most_blocks);
  EXPECT_FALSE(json["journal_file"]["all"]);
}

TEST_F(Evidence, OfADirectoryThatIsNotThere) {
  const Json json = evidence_of(path("nowhere"));
  EXPECT_NE(json["listing"]["problem"], Json());
  EXPECT_EQ(json["filesystem"], Json());
}

}  // namespace
}  // namespace storemark::cli
