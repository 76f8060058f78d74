// SPDX-License-Identifier: Apache-2.0
// storemark log, on real journals.
#include <fstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class LogCommand : public StoresTest {
 protected:
  /// Lived in one view up to 300, then in a view of its own.
  std::string half(const std::string& name, std::uint64_t n) const {
    return make(name, [&](Journal& journal) {
      ASSERT_TRUE(journal.found(cluster_));
      auto permit = journal.activate(view_, 0);
      ASSERT_TRUE(permit && permit->write_sequence(300));
      const View own{ViewId{new_uuid()}, {{MemberId{new_uuid()}, name, 300}}};
      ASSERT_TRUE(permit->change_view(own, 300));
      ASSERT_TRUE(permit->write_sequence(n));
    });
  }
  std::string short_view() const { return to_string(view_.id).substr(0, 8); }
};

TEST_F(LogCommand, ASplitIsOneLineThatParts) {
  const Ran ran = run_tool({"log", half("a", 400), half("b", 350)});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_TRUE(ran.says("cluster " + to_string(cluster_))) << ran.out;
  EXPECT_TRUE(ran.says_in_words("split: the same until 300 of view " + short_view())) << ran.out;
  EXPECT_TRUE(ran.says("| +-*") || ran.says("+-* ")) << ran.out;
}

TEST_F(LogCommand, NamesThatBeginAlikeAreShort) {
  const Ran ran = run_tool({"log", half("a", 400), half("b", 350)});
  EXPECT_TRUE(ran.says(" *    a: is here: dirty, 400 exact")) << ran.out;
  EXPECT_TRUE(ran.says_in_words("the stores are in " + root_.string() + "/")) << ran.out;
}

TEST_F(LogCommand, Json) {
  const std::string a = half("a", 400);
  const std::string b = half("b", 350);
  const auto json = run_tool({"log", "--json", a, b}).json();
  EXPECT_EQ(json["schema"], "storemark.log/1");
  ASSERT_EQ(json["forks"].size(), 1U);
  EXPECT_EQ(json["forks"][0]["view"], to_string(view_.id));
  EXPECT_EQ(json["forks"][0]["sequence"], 300);
  EXPECT_EQ(json["forks"][0]["sides"], (nlohmann::json{{a}, {b}}));
  EXPECT_EQ(json["views"].size(), 3U);
  EXPECT_EQ(json["views"][1]["parent"], to_string(view_.id));
  std::uint64_t last = 0;
  for (const auto& moment : json["moments"]) {
    EXPECT_GE(moment["sequence"].get<std::uint64_t>(), last);
    last = moment["sequence"];
  }
}

TEST_F(LogCommand, TheOperatorsWordsStandWhereTheyWereGiven) {
  const std::string a = half("a", 400);
  const std::string b = half("b", 350);
  ASSERT_EQ(run_tool({"mark-clean", a, "--if-sequence", "400", "--reason", "<the newest & best>",
                      "--compared", b})
                .status,
            0);
  const Ran ran = run_tool({"log", a, b});
  EXPECT_TRUE(ran.says_in_words("mark-clean by ")) << ran.out;
  EXPECT_TRUE(ran.says_in_words("clean, marked by an operator")) << ran.out;
  ASSERT_EQ(run_tool({"undo", a}).status, 0);
  const std::string out = run_tool({"log", a, b}).out;
  EXPECT_LT(out.find(": mark-clean by"), out.find(": undo by")) << out;
}

TEST_F(LogCommand, ThePictureStandsByItself) {
  const std::string a = half("a", 400);
  ASSERT_EQ(run_tool({"mark-clean", a, "--if-sequence", "400", "--reason",
                      "<script>alert('x')</script> & \"more\"", "--compared", half("b", 350)})
                .status,
            0);
  const std::string file = path("log.svg");
  const Ran ran = run_tool({"log", "-o", "svg", a, path("b")});
  EXPECT_EQ(ran.status, 0) << ran.err;
  std::ofstream(file) << ran.out;
  EXPECT_EQ(
      type("python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' " + file)
          .status,
      0);
  EXPECT_FALSE(ran.says("<script"));
  EXPECT_FALSE(ran.says("href"));
  EXPECT_TRUE(ran.says("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;"));
  EXPECT_TRUE(ran.says("prefers-color-scheme:dark"));
  EXPECT_TRUE(ran.says("the same until 300 of view " + short_view()));
}

TEST_F(LogCommand, AStoreThatIsNotThereIsNamed) {
  const Ran ran = run_tool({"log", dirty("a", 5), path("nowhere")});
  EXPECT_EQ(ran.status, 4);
  EXPECT_TRUE(ran.says_in_words("nowhere is missing: nothing is known of its past")) << ran.out;
  EXPECT_TRUE(ran.complains("SM306")) << ran.err;
}

TEST_F(LogCommand, LooksOnly) {
  const std::string a = half("a", 400);
  const std::string before = bytes(a);
  EXPECT_EQ(run_tool({"log", a}).status, 0);
  EXPECT_EQ(bytes(a), before);
  EXPECT_EQ(run_tool({"log"}).status, 2);
  EXPECT_EQ(run_tool({"log", "-o", "png", a}).status, 2);
}

}  // namespace
}  // namespace storemark::cli_test
