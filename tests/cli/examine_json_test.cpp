// SPDX-License-Identifier: Apache-2.0
#include "cli/examine_json.hpp"

#include <gtest/gtest.h>

#include "cli/stamp.hpp"
#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

TEST(ExamineJson, Shape) {
  const Json json = survey_json(survey({dirty("a", 5), dirty("b", 9), missing("c")}));
  EXPECT_EQ(json["schema"], "storemark.examine/1");
  EXPECT_EQ(json["exit"], 4);
  EXPECT_EQ(json["stores"].size(), 3U);
  ASSERT_EQ(json["clusters"].size(), 1U);
  const Json& cluster = json["clusters"][0];
  EXPECT_EQ(cluster["initial"], to_string(id(1)));
  EXPECT_EQ(cluster["latest"], Json({"b"}));
  EXPECT_EQ(cluster["latest_proven"], true);
  EXPECT_EQ(cluster["ranking"][0]["store"], "b");
  EXPECT_EQ(cluster["ranking"][0]["rank"], 1);
  EXPECT_EQ(cluster["ranking"][1]["proven"], true);
  EXPECT_EQ(cluster["not_ranked"], Json::array());
  EXPECT_EQ(json["conflicts"], Json::array());
}

TEST(ExamineJson, NextCommandsAreArgumentLists) {
  const Json json = survey_json(survey({dirty("a b", 5), dirty("c", 9)}));
  EXPECT_EQ(json["next"],
            (Json{{"storemark", "mark-clean", "c", "--if-sequence", "9", "--reason",
                   "latest of 2 stores", "--as-seen", to_string(stamp_of(dirty("c", 9))),
                   "--compared", "a b@" + to_string(stamp_of(dirty("a b", 5)))}}));
}

TEST(ExamineJson, SaysWhyARankIsUnproven) {
  const Json json = survey_json(survey({dirty("a", 10), store("b", StoreState::dirty, 5, 12)}));
  const Json& cluster = json["clusters"][0];
  EXPECT_EQ(cluster["latest_proven"], false);
  EXPECT_EQ(cluster["ranking"][1]["proven"], false);
  EXPECT_NE(cluster["ranking"][1]["why_unproven"], "");
}

TEST(ExamineJson, Conflicts) {
  const Json json = survey_json(survey({dirty("a", 5), dirty("copy-of-a", 5)}));
  EXPECT_EQ(json["exit"], 5);
  EXPECT_EQ(json["conflicts"][0]["stores"], Json({"a", "copy-of-a"}));
  EXPECT_EQ(json["next"], Json::array());
}

}  // namespace
}  // namespace storemark::cli
