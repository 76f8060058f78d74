// SPDX-License-Identifier: Apache-2.0
#include "cli/json.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

std::vector<std::string> names(const Json& object) {
  std::vector<std::string> out;
  for (const auto& [name, value] : object.items()) out.push_back(name);
  return out;
}

// These two lists are a promise: names are added, never taken away or given another meaning.

TEST(Json, TheNamesOfAStoreStay) {
  EXPECT_EQ(names(to_json(dirty("a", 1))), (std::vector<std::string>{"name",
                                                                     "directory",
                                                                     "host",
                                                                     "saved_at",
                                                                     "other_entries",
                                                                     "exit",
                                                                     "state",
                                                                     "id",
                                                                     "initial",
                                                                     "final",
                                                                     "diagnosis",
                                                                     "sequence",
                                                                     "ceiling",
                                                                     "certainty",
                                                                     "faults_to_be_wrong",
                                                                     "clean_by_tag",
                                                                     "clean_if_tag_matches",
                                                                     "unsettled",
                                                                     "why",
                                                                     "in_use",
                                                                     "busy",
                                                                     "file_bytes",
                                                                     "record",
                                                                     "slots",
                                                                     "anchors",
                                                                     "remarks",
                                                                     "error"}));
}

TEST(Json, TheNamesOfARecordStay) {
  EXPECT_EQ(
      names(to_json(Record{})),
      (std::vector<std::string>{
          "journal",        "member",      "generation", "parent",     "incarnation", "initial",
          "final",          "state",       "sole",       "marked",     "discard",     "adopted",
          "unproven",       "floor",       "ceiling",    "tag",        "donor",       "target",
          "mark_held",      "mark_raised", "time",       "wall_clock", "view",        "folded",
          "history_digest", "history",     "compared",   "reason",     "payload"}));
}

TEST(Json, ValuesKeepTheirTypes) {
  const Json json = to_json(store("a", StoreState::dirty, 5, UINT64_MAX));
  EXPECT_EQ(json["sequence"], 5U);
  EXPECT_EQ(json["ceiling"], UINT64_MAX);
  EXPECT_EQ(json["initial"], to_string(id(1)));
  EXPECT_TRUE(json["final"].is_null());
  EXPECT_EQ(json["slots"].size(), slot_count);
  EXPECT_EQ(json["slots"][5]["slot"], 5);
  EXPECT_EQ(json["anchors"].size(), anchor_count);
  EXPECT_EQ(json["anchors"][2]["health"], "current");
  EXPECT_EQ(json["record"]["time"], "2023-11-14T22:13:20Z");
}

TEST(Json, AMissingStoreHasAnErrorAndNoNumbers) {
  const Json json = to_json(missing("a"));
  EXPECT_EQ(json["state"], "missing");
  EXPECT_EQ(json["exit"], 4);
  EXPECT_EQ(json["error"]["id"], "SM306");
  EXPECT_FALSE(json.contains("sequence"));
}

TEST(Json, ADiagnosisHasNoSequence) {
  const Json json = to_json(diagnosed("a", Diagnosis::damaged));
  EXPECT_EQ(json["state"], "damaged");
  EXPECT_TRUE(json["sequence"].is_null());
  EXPECT_TRUE(json["record"].is_null());
}

TEST(Json, AnyBytesCanBePrinted) {
  const Store odd = with(dirty("a", 1), [](Record& r) { r.reason = "\xff\x00\x1b"; });
  const std::string text = dump(to_json(odd));
  EXPECT_TRUE(Json::accept(text));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace storemark::cli
