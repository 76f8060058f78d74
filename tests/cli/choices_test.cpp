// SPDX-License-Identifier: Apache-2.0
#include "cli/choices.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "cli/text.hpp"
#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

Plan planned(std::vector<Store> stores) {
  PlanOptions options;
  options.wait_for = 1;
  auto out = plan(survey(std::move(stores)), options);
  EXPECT_TRUE(out);
  return std::move(*out);
}

/// Until 5 in view 1, then in another.
Store half(Store store, std::uint8_t view, std::uint8_t shutdown = 0) {
  return with(std::move(store), [&](Record& r) {
    r.history = {{ViewId{id(1)}, 0, 2}, {ViewId{id(view)}, 5, 1}};
    if (shutdown != 0) r.final = FinalUuid{id(shutdown)};
  });
}

/// Each command without what was seen of the stores.
std::vector<std::string> typed(const Choice& choice) {
  std::vector<std::string> out;
  for (Argv argv : choice.commands) {
    argv.erase(std::find(argv.begin(), argv.end(), "--as-seen"), argv.end());
    out.push_back(command_line(argv));
  }
  return out;
}
using Lines = std::vector<std::string>;

TEST(Choices, TwoShutdownsOfASplit) {
  const Plan plan = planned({half(clean("a", 9), 2, 42), half(clean("b", 8), 3, 43)});
  ASSERT_EQ(plan.decision.rule, Rule::r9);
  ASSERT_EQ(plan.choices.size(), 2U);
  EXPECT_EQ(plan.choices[0].text,
            "go on from a, at 9; given up: what b holds after 5, where the two parted (view "
            "01000000). Then: start (R10)");
  EXPECT_EQ(typed(plan.choices[0]),
            Lines{"storemark discard b --if-sequence 8 --reason 'given up for a'"});
  EXPECT_EQ(typed(plan.choices[1]),
            Lines{"storemark discard a --if-sequence 9 --reason 'given up for b'"});
  EXPECT_TRUE(plan.next.empty()) << "none of them comes first";
}

TEST(Choices, WhoFollowsTheOneThatIsKeptStays) {
  const Plan plan = planned({half(clean("a", 9), 2, 42), half(clean("b", 8), 3, 43),
                             half(clean("c", 8), 3, 43), with(dirty("d", 5), [](Record& r) {
                               r.history = {{ViewId{id(1)}, 0, 2}};
                             })});
  ASSERT_EQ(plan.choices.size(), 2U);
  EXPECT_EQ(plan.choices[0].commands.size(), 2U) << "b and c";
  EXPECT_EQ(plan.choices[1].commands.size(), 1U) << "a";
}

TEST(Choices, AnOldCopyOfAShutdown) {
  const Plan plan = planned({clean("a", 9), clean("b", 7)});
  ASSERT_EQ(plan.decision.rule, Rule::r9);
  ASSERT_EQ(plan.choices.size(), 2U);
  EXPECT_EQ(plan.choices[0].text,
            "go on from a, at 9; given up: nothing of what is here. Then: start (R10)");
  EXPECT_EQ(typed(plan.choices[0]),
            Lines{"storemark discard b --if-sequence 7 --reason 'given up for a'"});
  EXPECT_EQ(plan.choices[1].text,
            "go on from b, at 7; given up: up to 2 events of a. Then: start (R10)");
}

TEST(Choices, TwoMarks) {
  const auto marked = [](Store store) {
    return with(std::move(store), [](Record& r) { r.marked = true; });
  };
  const Plan plan =
      planned({marked(half(clean("a", 9), 2, 42)), marked(half(clean("b", 8), 3, 43))});
  ASSERT_EQ(plan.decision.rule, Rule::r9);
  ASSERT_EQ(plan.choices.size(), 2U);
  EXPECT_EQ(plan.choices[0].text, "keep the mark on a, and take back the other; then plan again");
  EXPECT_EQ(typed(plan.choices[0]), Lines{"storemark undo b"});
}

TEST(Choices, ADirtyStoreAheadOfACleanOne) {
  const Plan plan = planned({clean("a", 5), dirty("b", 9)});
  ASSERT_EQ(plan.decision.rule, Rule::r11);
  ASSERT_EQ(plan.choices.size(), 2U);
  EXPECT_EQ(plan.choices[0].text, "go on from b, at 9; given up: nothing of what is here");
  EXPECT_EQ(typed(plan.choices[0]),
            Lines{"storemark mark-clean b --if-sequence 9 --reason 'latest of 2 stores'"});
  EXPECT_EQ(plan.choices[1].text,
            "go on from a, at 5; given up: up to 4 events of b. Then: start (R10)");
  ASSERT_EQ(plan.next.size(), 1U);
  EXPECT_EQ(plan.next[0].argv, plan.choices[0].commands.at(0)) << "for programs: what ranks first";
}

TEST(Choices, TheHalvesOfASplit) {
  const Plan plan = planned({half(dirty("a", 9), 2), half(dirty("b", 8), 3)});
  ASSERT_EQ(plan.decision.rule, Rule::r13);
  ASSERT_EQ(plan.choices.size(), 2U);
  EXPECT_EQ(plan.choices[1].commands.at(0).at(2), "b");
  EXPECT_EQ(plan.choices[1].text,
            "go on from b, at 8; given up: what a holds after 5, where the two parted (view "
            "01000000)");
}

TEST(Choices, NoneWhereALookIntoTheStoresMayHelp) {
  const Store a = store("a", StoreState::dirty, 5, 9);
  const Store b = store("b", StoreState::dirty, 5, 9);
  EXPECT_TRUE(planned({a, b}).choices.empty());
  EXPECT_TRUE(planned({half(a, 2), half(b, 3)}).choices.empty());
  EXPECT_TRUE(planned({dirty("a", 9), dirty("b", 7)}).choices.empty()) << "a has it all";
}

TEST(Choices, NoneOfAStoreInUse) {
  Store running = half(clean("a", 9), 2, 42);
  running.seen->in_use = true;
  EXPECT_TRUE(planned({running, half(clean("b", 8), 3, 43)}).choices.empty());
}

TEST(Choices, TwoClusters) {
  const Store other = with(dirty("c", 90), [](Record& r) { r.initial = InitialUuid{id(7)}; });
  const Plan plan = planned({dirty("a", 9), dirty("b", 9), other});
  ASSERT_EQ(plan.decision.rule, Rule::r8);
  ASSERT_EQ(plan.choices.size(), 2U);
  EXPECT_TRUE(typed(plan.choices[0]).at(0).starts_with("storemark plan --wait-for 2 "));
  EXPECT_EQ(typed(plan.choices[1]), Lines{"storemark plan --wait-for 1 c"});
  EXPECT_FALSE(plan.choices[0].gives_word);
}

}  // namespace
}  // namespace storemark::cli
