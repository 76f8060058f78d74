// SPDX-License-Identifier: Apache-2.0
#include "cli/timeline.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

std::vector<std::string> texts(const Timeline& line) {
  std::vector<std::string> out;
  for (const Moment& moment : line.moments) out.push_back(moment.text);
  return out;
}

TEST(Timeline, NoClockOrdersAnything) {
  Store a = dirty("a", 10);
  a.seen->slots[5].record->floor = a.seen->slots[5].record->ceiling = 4;
  a.seen->slots[5].record->generation = 2;
  a.seen->slots[5].record->wall_clock = 4'000'000'000'000'000'000;  // far ahead of the newer one
  const Timeline line = timeline({a});
  ASSERT_EQ(line.moments.size(), 4U);
  EXPECT_EQ(line.moments[0].kind, MomentKind::view);
  EXPECT_EQ(line.moments[1].sequence, 4U);
  EXPECT_GT(line.moments[1].clock, line.moments[2].clock);
  EXPECT_EQ(line.moments[2].sequence, 10U);
  EXPECT_EQ(line.moments[3].kind, MomentKind::here);
}

TEST(Timeline, EqualRecordsAreOneMoment) {
  EXPECT_EQ(timeline({dirty("a", 10)}).moments.size(), 3U);
}

TEST(Timeline, AnUndoThatLowersTheNumberComesAfterItsMark) {
  Store a = dirty("a", 10);
  a.audit =
      "{\"word\":\"mark-clean\",\"who\":\"x\",\"sequence\":1000,\"generation\":4,\"when\":"
      "\"later\"}\n"
      "{\"word\":\"undo\",\"who\":\"x\",\"sequence\":10,\"generation\":5,\"when\":\"earlier\"}\n";
  const auto said = texts(timeline({a}));
  const auto mark = std::find(said.begin(), said.end(), "mark-clean by x");
  const auto undo = std::find(said.begin(), said.end(), "undo by x");
  ASSERT_NE(mark, said.end());
  ASSERT_NE(undo, said.end());
  EXPECT_LT(mark, undo);
}

TEST(Timeline, WhatIsNotKnownIsSaid) {
  Store a = dirty("a", 10);
  a.seen->verdict.record->folded = 3;
  a.audit = "nonsense\n";
  const Timeline line = timeline({a, missing("b")});
  EXPECT_EQ(line.remarks,
            (std::vector<std::string>{"of a's audit log, 1 line cannot be read",
                                      "a no longer names 3 views before view 09000000",
                                      "b is missing: nothing is known of its past"}));
}

TEST(Timeline, WhatAllNamesBeginWith) {
  const auto common = [](const std::vector<std::string>& names) {
    std::vector<Store> stores;
    for (const std::string& name : names) stores.push_back(missing(name));
    return common_directory(stores);
  };
  EXPECT_EQ(common({"/var/lib/broker/a1", "/var/lib/broker/a2"}), "/var/lib/broker/");
  EXPECT_EQ(common({"/var/lib/broker/", "/var/lib/broker/a2"}), "");
  EXPECT_EQ(common({"/var/lib/broker/a", "/var/lib/broker/a/a"}), "/var/lib/broker/");
  EXPECT_EQ(common({"/var/lib/broker/a", "/var/lib/broker/a"}), "/var/lib/broker/");
  EXPECT_EQ(common({"/var/lib/broker/a"}), "");
  EXPECT_EQ(common({"/srv/a", "/srv/b"}), "");
  EXPECT_EQ(common({"one:/var/lib/broker", "two:/var/lib/broker"}), "");
  EXPECT_EQ(common({}), "");
}

TEST(Timeline, WhoLeavesALineHasLeftBeforeItGoesOn) {
  const auto lived = [](const std::string& name, std::uint64_t n, std::uint8_t view) {
    return with(dirty(name, n), [view](Record& r) {
      r.history = {{ViewId{id(1)}, 0, 3}, {ViewId{id(view)}, 50, 1}};
    });
  };
  const Timeline line = timeline({lived("a", 90, 2), lived("b", 80, 3), lived("c", 50, 4)});
  std::vector<std::string> begins;
  for (const Moment& moment : line.moments) {
    if (moment.kind == MomentKind::view) begins.push_back(moment.text);
  }
  EXPECT_EQ(begins, (std::vector<std::string>{
                        "view 01000000 begins, 3 members", "view 03000000 begins, 1 member",
                        "view 04000000 begins, 1 member, and nothing was applied in it",
                        "view 02000000 begins, 1 member"}));
}

TEST(Timeline, AViewNeverBeginsBeforeTheOneThatWentBefore) {
  const Store hostile = with(dirty("a", 10), [](Record& r) {
    r.history = {{ViewId{id(1)}, 500, 1}, {ViewId{id(2)}, 3, 1}};
  });
  const Timeline line = timeline({hostile});
  EXPECT_EQ(line.moments[0].node, NodeIndex{0});
  EXPECT_EQ(line.moments[1].node, NodeIndex{1});
}

}  // namespace
}  // namespace storemark::cli
