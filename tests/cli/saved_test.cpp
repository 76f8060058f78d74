// SPDX-License-Identifier: Apache-2.0
#include "cli/saved.hpp"

#include <gtest/gtest.h>

#include "cli/examine_json.hpp"
#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

void fill(Record& record) {
  record.sole = record.marked = record.unproven = true;
  record.tag = StoreTag{{1, 2, 254}};
  record.target = 77;
  record.mark_held = 3;
  record.mark_raised = 4;
  record.view.members = {{MemberId{id(4)}, "b1", 12}};
  record.folded = 2;
  record.history_digest.bytes.fill(9);
  record.parent.bytes.fill(8);
  record.compared = {{MemberId{id(3)}, ViewId{id(4)}, 5}};
  record.reason = "because";
  record.payload = {0, 255};
}

TEST(Saved, RoundTrip) {
  const Store whole = with(store("a", StoreState::updating, 5, max_sequence), fill);
  const auto stores = parse_saved(
      dump(survey_json(survey({whole, missing("b"), diagnosed("c", Diagnosis::lost)}))), "test");
  ASSERT_TRUE(stores) << to_string(stores.error());
  ASSERT_EQ(stores->size(), 3U);
  const Store& back = stores->at(0);
  EXPECT_EQ(back.name, "a");
  EXPECT_EQ(back.directory, "/srv/a");
  ASSERT_TRUE(back.seen);
  EXPECT_EQ(back.seen->verdict.record, whole.seen->verdict.record);
  EXPECT_EQ(back.seen->verdict.ceiling, max_sequence);
  EXPECT_EQ(back.seen->slots[3].record, whole.seen->slots[3].record);
  EXPECT_EQ(stores->at(1).seen.error().code, Errc::directory_missing);
  EXPECT_EQ(state_word(stores->at(2)), "lost");
}

TEST(Saved, SaysTheSameAgain) {
  Store whole = with(clean("a", 5), fill);
  spoil(whole, 2);
  const Json first = to_json(whole);
  auto back = parse_saved(dump(survey_json(survey({whole}))), "test");
  ASSERT_TRUE(back);
  Json second = to_json(back->at(0));
  second["saved_at"] = nullptr;
  EXPECT_EQ(first, second);
}

TEST(Saved, RefusesWhatItIsNot) {
  for (const char* text :
       {"", "{", "[]", "{}", "null", "7", R"({"schema":"storemark.plan/1","stores":[]})",
        R"({"schema":"storemark.examine/1"})", R"({"schema":"storemark.examine/1","stores":7})",
        R"({"schema":"storemark.examine/1","time":"x","stores":[{}]})",
        R"({"schema":7,"stores":[]})"}) {
    const auto stores = parse_saved(text, "test");
    ASSERT_FALSE(stores) << text;
    EXPECT_EQ(stores.error().code, Errc::invalid_argument) << text;
  }
}

/// Takes away, or spoils, each member of the saved answer in turn: never a crash.
TEST(Saved, AnyOneWrongFieldIsAnErrorOrHarmless) {
  const Json good = survey_json(survey({with(dirty("a", 5), fill)}));
  for (const auto& [name, value] : good["stores"][0].items()) {
    for (const Json& wrong : {Json(), Json("odd"), Json(-1), Json::array({1}), Json::object()}) {
      Json bad = good;
      bad["stores"][0][name] = wrong;
      static_cast<void>(parse_saved(dump(bad), "test"));
    }
  }
  for (const auto& [name, value] : good["stores"][0]["record"].items()) {
    for (const Json& wrong : {Json(), Json("odd"), Json(-1), Json::array({1}), Json::object()}) {
      Json bad = good;
      bad["stores"][0]["record"][name] = wrong;
      static_cast<void>(parse_saved(dump(bad), "test"));
    }
  }
}

/// The saved answer on one store, changed by `change`, is refused for this.
template <class Change>
void expect_refused(Change change, const std::string& why) {
  Json bad = survey_json(survey({with(dirty("a", 5), fill)}));
  change(bad["stores"][0]);
  const auto stores = parse_saved(dump(bad), "test");
  ASSERT_FALSE(stores) << why;
  EXPECT_NE(stores.error().why.find(why), std::string::npos) << stores.error().why;
}

TEST(Saved, NoNumberIsBentUntilItFits) {
  for (const char* name : {"generation", "floor", "ceiling", "target", "folded"}) {
    for (const Json& wrong : {Json(-1), Json(1.5), Json("7"), Json(true)}) {
      expect_refused([&](Json& store) { store["record"][name] = wrong; }, "not a whole number");
    }
  }
  expect_refused([](Json& store) { store["ceiling"] = UINT64_MAX; }, "not a whole number");
  expect_refused([](Json& store) { store["ceiling"] = 4; }, "below its sequence");
  expect_refused([](Json& store) { store["record"]["folded"] = UINT64_MAX; }, "not a whole number");
  expect_refused([](Json& store) { store["record"]["history"][0]["members"] = 65536; },
                 "not a whole number");
}

TEST(Saved, AHistoryThatTurnsBackIsRefused) {
  expect_refused(
      [](Json& store) {
        Json& history = store["slots"][3]["record"]["history"];
        Json other = history[0];
        other["view"] = to_string(id(77));
        const Json first = history[0];
        history.push_back(other);
        history.push_back(first);
      },
      "a history comes back to a view");
}

TEST(Saved, NothingInItBecomesAFlagOfACommand) {
  expect_refused([](Json& store) { store["host"] = "-oProxyCommand=x"; }, "is a flag");
  expect_refused([](Json& store) { store["directory"] = "--repair"; }, "is a flag");
}

TEST(Saved, AMillionOfAnythingIsRefused) {
  expect_refused(
      [](Json& store) {
        Json& members = store["record"]["view"]["members"];
        const Json one = members[0];
        for (int i = 0; i < 100'000; ++i) members.push_back(one);
      },
      "too many members");
  Json many = survey_json(survey({missing("a")}));
  const Json one = many["stores"][0];
  for (std::size_t i = 0; i < most_saved_stores; ++i) many["stores"].push_back(one);
  const auto stores = parse_saved(dump(many), "test");
  ASSERT_FALSE(stores);
  EXPECT_EQ(stores.error().why, "it has more than 256 stores");
}

TEST(Saved, DeepEvidenceIsNotCarriedAlong) {
  Json json = survey_json(survey({dirty("a", 5)}));
  std::string text = dump(json);
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  text.insert(text.find("\"name\": \"a\""), "\"evidence\": {\"x\": " + deep + "}, ");
  EXPECT_FALSE(parse_saved(text, "test"));
}

TEST(Saved, DeepNestingIsNoDanger) {
  EXPECT_FALSE(parse_saved(std::string(1'000'000, '['), "test"));
}

}  // namespace
}  // namespace storemark::cli
