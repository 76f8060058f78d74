// SPDX-License-Identifier: Apache-2.0
#include "cli/log_svg.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

TEST(LogSvg, TextIsEscaped) {
  EXPECT_EQ(xml_text("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c");
  EXPECT_EQ(xml_text("\xef\xbf\xbe|\xef\xbf\xbf|\xef\xbf\xbd"), "?|?|\xef\xbf\xbd");
}

TEST(LogSvg, ALongTextIsCutAndStandsInTheTooltip) {
  std::vector<Store> stores{dirty("a", 10)};
  stores[0].name = std::string(500, 'x');
  const std::string svg = log_svg(stores, timeline(stores));
  EXPECT_NE(svg.find(std::string(157, 'x') + "..."), std::string::npos);
  EXPECT_NE(svg.find("<title>" + std::string(500, 'x')), std::string::npos);
}

TEST(LogSvg, ALaneThatLeavesAnotherIsACurve) {
  const auto lived = [](const std::string& name, std::uint8_t view) {
    return with(dirty(name, 90), [view](Record& r) {
      r.history = {{ViewId{id(1)}, 0, 2}, {ViewId{id(view)}, 50, 1}};
    });
  };
  const std::vector<Store> stores{lived("a", 2), lived("b", 3)};
  const std::string svg = log_svg(stores, timeline(stores));
  const auto curves = svg.find("C");
  EXPECT_NE(curves, std::string::npos);
  EXPECT_NE(svg.find("class=\"dot fork\""), std::string::npos);
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
}

TEST(LogSvg, EveryClusterHasItsHeading) {
  const std::vector<Store> stores{
      dirty("a", 10), with(dirty("b", 5), [](Record& r) { r.initial = InitialUuid{id(7)}; })};
  const std::string svg = log_svg(stores, timeline(stores));
  const auto first = svg.find(">cluster 01000000-");
  const auto second = svg.find(">cluster 07000000-");
  ASSERT_NE(first, std::string::npos);
  ASSERT_NE(second, std::string::npos);
  EXPECT_LT(first, svg.find(">a: is here"));
  EXPECT_LT(svg.find(">a: is here"), second);
}

TEST(LogSvg, WhatIsWrittenStaysOnThePage) {
  std::vector<Store> stores{dirty("a", 10)};
  stores[0].seen->verdict.record->folded = 3;
  stores[0].name = std::string(120, 'n');
  const std::string svg = log_svg(stores, timeline(stores));
  const auto number_after = [&](const std::string& word) {
    return std::stoul(svg.substr(svg.find(word) + word.size()));
  };
  EXPECT_GE(number_after("width=\""),
            7U * std::string("no longer names 3 views").size() + 7U * 120U);
  const auto last_line = svg.rfind(" y=\"") + 4;
  EXPECT_LT(std::stoul(svg.substr(last_line)), number_after("height=\""));
}

TEST(LogSvg, NothingAtAllIsAPictureToo) {
  const std::vector<Store> stores{missing("a")};
  EXPECT_NE(log_svg(stores, timeline(stores)).find("a is missing"), std::string::npos);
}

}  // namespace
}  // namespace storemark::cli
