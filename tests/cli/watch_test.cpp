// SPDX-License-Identifier: Apache-2.0
#include "cli/watch.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

std::string change(const Store& from, const Store& to) {
  const Sighting before = sighting_of(from);
  return change_text(&before, sighting_of(to));
}

TEST(Watch, SaysWhatIsNew) {
  EXPECT_EQ(change_text(nullptr, sighting_of(dirty("a", 5))), "first seen");
  EXPECT_EQ(change(dirty("a", 5), dirty("a", 5)), "");
  EXPECT_EQ(change(dirty("a", 5), dirty("a", 6)), "5 exact -> 6 exact");
  EXPECT_EQ(change(dirty("a", 5), clean("a", 5)), "dirty -> clean");
  EXPECT_EQ(change(dirty("a", 5), missing("a")),
            "dirty -> missing, 5 exact -> -, view 09000000/0 -> -");
  Store used = dirty("a", 5);
  used.seen->in_use = true;
  EXPECT_EQ(change(dirty("a", 5), used), "opened");
  EXPECT_EQ(change(used, dirty("a", 5)), "closed");
  EXPECT_EQ(change(dirty("a", 5), with(dirty("a", 5), [](Record& r) { r.generation = 9; })),
            "generation 3 -> 9");
}

TEST(Watch, ALineForPeopleAndOneForPrograms) {
  const Sighting now = sighting_of(dirty("a\x1b[2J", 5));
  EXPECT_EQ(sighting_line(now, "opened", "T"),
            "T a\\x1b[2J dirty 5 exact view 09000000/0: opened\n");
  const Json json = sighting_json(now, "opened", "T");
  EXPECT_EQ(json["schema"], "storemark.watch/1");
  EXPECT_EQ(json["sequence"], 5);
  EXPECT_EQ(sighting_json(sighting_of(missing("b")), "first seen", "T")["sequence"], Json());
}

}  // namespace
}  // namespace storemark::cli
