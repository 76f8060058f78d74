// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/examine_table.hpp"
#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

TEST(SlotsTable, EverySlotAndWhyOneIsInvalid) {
  Store store = dirty("a", 5);
  spoil(store, 2);
  const std::string text = slots_table(store);
  EXPECT_TRUE(contains(text, "  0     current  3           dirty  5      5 ")) << text;
  EXPECT_TRUE(contains(text, "  2     invalid  -           -      -      -        -\n")) << text;
  EXPECT_TRUE(contains(text, "  slot 2: spoilt\n")) << text;
}

TEST(SlotsTable, TheNewestRecordInFull) {
  const Store store = with(clean("a", 5), [](Record& record) {
    record.marked = record.sole = true;
    record.mark_held = 4;
    record.mark_raised = 5;
    record.reason = "why\x1b";
    record.tag = StoreTag{{0xAB}};
    record.payload = {0xCD};
    record.folded = 1;
    record.view.members = {{MemberId{id(4)}, "b1", 3}};
    record.compared = {{MemberId{id(3)}, ViewId{id(4)}, 2}};
  });
  const std::string text = slots_table(store);
  for (const char* part :
       {"newest record, generation 3", "flags         sole and marked by an operator",
        "held 4, raised to 5", "why\\x1b", "ab\n", "cd\n", "1 older view folded away",
        "04000000-0000-0000-0000-000000000004 b1 at 3", "in view 04000000 at 2",
        "09000000-0000-0000-0000-000000000009 from 0, 2 members"}) {
    EXPECT_TRUE(contains(text, part)) << part << "\n" << text;
  }
}

TEST(SlotsTable, OfAStoreThatIsNotThere) {
  EXPECT_EQ(slots_table(missing("a")), "slots of a\n  it is not there\n");
  EXPECT_EQ(slots_table(diagnosed("a", Diagnosis::absent)), "slots of a\n  there is no journal\n");
  EXPECT_TRUE(contains(slots_table(diagnosed("a", Diagnosis::damaged)), "slot 5: nothing there"));
}

}  // namespace
}  // namespace storemark::cli
