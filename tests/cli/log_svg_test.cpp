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

TEST(LogSvg, NothingAtAllIsAPictureToo) {
  const std::vector<Store> stores{missing("a")};
  EXPECT_NE(log_svg(stores, timeline(stores)).find("a is missing"), std::string::npos);
}

}  // namespace
}  // namespace storemark::cli
