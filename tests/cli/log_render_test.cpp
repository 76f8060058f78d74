// SPDX-License-Identifier: Apache-2.0
#include "cli/log_render.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

TEST(LogRender, ARowForEachMoment) {
  const std::vector<Store> stores{dirty("a", 10)};
  EXPECT_EQ(log_text(stores, timeline(stores)),
            "cluster 01000000-0000-0000-0000-000000000001\n"
            "  SEQUENCE  CLOCK (advice)      \n"
            "         0  -                     *  view 09000000 begins, 2 members (in a)\n"
            "        10  2023-11-14T22:13:20Z  *  a: dirty, generation 3\n"
            "        10  2023-11-14T22:13:20Z  *  a: is here: dirty, 10 exact\n");
}

TEST(LogRender, ASplitThatIsLongHasALineForEachSide) {
  const auto half = [](const std::string& name, std::uint8_t view) {
    return with(dirty(name, 20), [&](Record& r) {
      r.history = {{ViewId{id(1)}, 0, 2}, {ViewId{id(view)}, 10, 1}};
    });
  };
  const std::vector<Store> few{half("a", 2), half("b", 3)};
  EXPECT_NE(log_text(few, timeline(few))
                .find(" split: the same until 10 of view 01000000, then apart: a | b\n"),
            std::string::npos);
  const std::string var = "/var/lib/minibroker/of-a-long-name/";
  const std::vector<Store> many{half(var + "a", 2), half(var + "b", 3), half(var + "c", 3)};
  EXPECT_NE(log_text(many, timeline(many))
                .find("*    split: the same until 10 of view 01000000, then apart:\n"),
            std::string::npos)
      << log_text(many, timeline(many));
  const std::string text = log_text(many, timeline(many));
  EXPECT_NE(text.find("|    - " + var + "a\n"), std::string::npos) << text;
  EXPECT_NE(text.find("|    - " + var + "b and\n"), std::string::npos) << text;
  EXPECT_NE(text.find("|      " + var + "c\n"), std::string::npos) << text;
}

TEST(LogRender, WhatAFileSaysDoesNotReachTheTerminal) {
  std::vector<Store> stores{dirty("a", 10)};
  stores[0].name = "a\x1b[31m";
  stores[0].audit =
      "{\"word\":\"\\u001b]0;x\\u0007\",\"who\":\"\\u202egnirts\",\"when\":\"\\u001b[2J\","
      "\"sequence\":10,\"generation\":3}\n";
  const std::string text = log_text(stores, timeline(stores));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
}

TEST(LogRender, TwoClustersHaveTwoTitles) {
  const std::vector<Store> stores{
      dirty("a", 10), with(dirty("b", 5), [](Record& r) { r.initial = InitialUuid{id(7)}; })};
  const std::string text = log_text(stores, timeline(stores));
  EXPECT_NE(text.find("\n\ncluster 07000000"), std::string::npos) << text;
}

TEST(LogRender, TheNamesOfTheJsonStay) {
  const std::vector<Store> stores{dirty("a", 10)};
  const Json json = log_json(stores, timeline(stores), ExitStatus::safe);
  EXPECT_EQ(json["schema"], "storemark.log/1");
  EXPECT_EQ(json["stores"][0]["state"], "dirty");
  EXPECT_EQ(json["moments"][1]["kind"], "record");
  EXPECT_EQ(json["moments"][1]["stores"][0], "a");
  EXPECT_EQ(json["moments"][0]["clock"], Json());
}

}  // namespace
}  // namespace storemark::cli
