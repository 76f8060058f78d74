// SPDX-License-Identifier: Apache-2.0
#include "cli/stamp.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

TEST(Stamp, IsReadAsItIsSpelt) {
  const Stamp stamp = stamp_of(dirty("b", 302));
  EXPECT_TRUE(to_string(stamp).starts_with("302.3.")) << to_string(stamp);
  EXPECT_EQ(parse_stamp(to_string(stamp)), stamp);
  EXPECT_EQ(parse_stamp("302"), (Stamp{302, 0, {}}));
  EXPECT_EQ(to_string(Stamp{302, 0, {}}), "302");
}

TEST(Stamp, WhatIsNoneIsNotTakenForOne) {
  for (const char* text :
       {"", ".", "302.", "302.7", "302.7.", "302.7.9f31c2a", "302.7.9f31c2aaa", "302.7.9f31c2ag",
        "-1", "x.7.9f31c2aa", "302.7.9f31c2aa.", "302.-7.9f31c2aa", "99999999999999999999"}) {
    EXPECT_FALSE(parse_stamp(text)) << text;
  }
}

TEST(Stamp, ANameIsCutAtTheLastSign) {
  EXPECT_EQ(parse_stamped("b@302").store, "b");
  EXPECT_EQ(parse_stamped("b@302").seen->sequence, 302U);
  EXPECT_EQ(parse_stamped("op@h1:/srv/b@7.3.00000001").store, "op@h1:/srv/b");
  for (const char* plain : {"op@h1:/srv/b", "b", "b@", "@7", "b@7.3"}) {
    EXPECT_EQ(parse_stamped(plain).store, plain);
    EXPECT_FALSE(parse_stamped(plain).seen) << plain;
  }
}

TEST(Stamp, NoticesWhateverTheRulesLookAt) {
  const Store before = dirty("b", 302);
  EXPECT_EQ(stamp_of(before), stamp_of(dirty("b", 302)));
  Store certainty = before;
  certainty.seen->verdict.certainty = Certainty::at_least;
  Store ceiling = before;
  ceiling.seen->verdict.ceiling = 303;
  Store state = before;
  state.seen->verdict.state = StoreState::clean;
  Store hash = before;
  hash.seen->slots.front().hash = BodyHash{{1}};
  const Store view = with(before, [](Record& r) { r.view.id = ViewId{id(8)}; });
  const Store generation = with(before, [](Record& r) { ++r.generation; });
  const Store journal = with(before, [](Record& r) { r.journal = JournalId{id(8)}; });
  for (const Store& other : {certainty, ceiling, state, hash, view, generation, journal,
                             diagnosed("b", Diagnosis::damaged), missing("b")}) {
    EXPECT_NE(stamp_of(before).digest, stamp_of(other).digest);
    EXPECT_NE(changed_text(stamp_of(before), stamp_of(other)), "");
  }
}

TEST(Stamp, SeveralStoresOfOneFileHaveOne) {
  const Store b = dirty("b", 302);
  const Store c = dirty("c", 151);
  const Stamp both = stamp_of({&b, &c});
  EXPECT_EQ(both.sequence, 302U);
  const Store moved = dirty("c", 152);
  EXPECT_NE(stamp_of({&b, &moved}).digest, both.digest);
}

TEST(Stamp, SaysFromWhatToWhat) {
  EXPECT_EQ(changed_text({302, 7, 1U}, {302, 7, 1U}), "");
  EXPECT_EQ(changed_text({302, 7, 1U}, {310, 9, 2U}),
            "its sequence was 302, and is 310, its generation was 7, and is 9");
  EXPECT_EQ(changed_text({302, 0, {}}, {302, 9, 2U}), "");
  EXPECT_EQ(changed_text({302, 0, {}}, {303, 9, 2U}), "its sequence was 302, and is 303");
  EXPECT_NE(changed_text({302, 7, 1U}, {302, 7, 2U}).find("00000001 was seen, 00000002 is there"),
            std::string::npos);
  EXPECT_EQ(changed_error("b", {302, 7, 1U}, {310, 9, 2U}).code, Errc::changed_since);
}

}  // namespace
}  // namespace storemark::cli
