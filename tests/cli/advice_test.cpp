// SPDX-License-Identifier: Apache-2.0
#include "cli/advice.hpp"

#include <gtest/gtest.h>

#include "cli/stamp.hpp"
#include "cli/text.hpp"
#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

/// All advice on the only cluster, a line each; commands indented.
std::string advice_on(std::vector<Store> stores) {
  const Survey seen = survey(std::move(stores));
  std::string out;
  for (const Advice& one : advise(seen, seen.clusters.at(0))) {
    out += one.text + "\n";
    if (!one.argv.empty()) out += "  " + command_line(one.argv) + "\n";
  }
  return out;
}

std::string advice_on_store(Store store) {
  const Survey seen = survey({std::move(store)});
  std::string out;
  for (const Advice& one : advise(seen, StoreIndex{0})) {
    out += one.text + "\n" + (one.argv.empty() ? "" : "  " + command_line(one.argv) + "\n");
  }
  return out;
}

/// The store as a command names it that compares with it.
std::string seen(const std::string& name, const Store& store) {
  return name + "@" + to_string(stamp_of(store));
}

TEST(Advice, AllCrashed) {
  EXPECT_EQ(advice_on({dirty("a", 5), dirty("b", 9), dirty("c", 7)}),
            "latest: b (9 exact)\n"
            "none is clean. To go on from b, mark it and start the brokers:\n"
            "  storemark mark-clean b --if-sequence 9 --reason 'latest of 3 stores' --as-seen " +
                to_string(stamp_of(dirty("b", 9))) + " --compared " + seen("c", dirty("c", 7)) +
                " " + seen("a", dirty("a", 5)) + "\n");
}

TEST(Advice, ACleanShutdown) {
  EXPECT_EQ(advice_on({clean("a", 9), clean("b", 9), dirty("c", 7)}),
            "latest: a and b (9 exact)\n"
            "start the brokers: a and b are clean, the others take an update\n");
  EXPECT_TRUE(contains(advice_on({clean("a", 9), clean("b", 9)}), "all are clean"));
  EXPECT_TRUE(contains(advice_on({clean("a", 9)}), "start its broker: a is clean"));
}

TEST(Advice, ACleanStoreThatIsBehind) {
  const std::string advice = advice_on({clean("a", 5), dirty("b", 9)});
  EXPECT_TRUE(contains(advice, "the clean one does not rank first. To go on from b, mark it"))
      << advice;
  EXPECT_TRUE(contains(advice, "storemark mark-clean b --if-sequence 9")) << advice;
}

TEST(Advice, UnprovenRanksAreNotSold) {
  const std::string advice = advice_on({dirty("a", 10), store("b", StoreState::dirty, 8, 12)});
  EXPECT_TRUE(contains(advice, "latest by number, not proven: a (10 exact)")) << advice;
  EXPECT_TRUE(contains(advice, "Let each broker open its store once")) << advice;
}

TEST(Advice, ALowerBoundNeedsItsFlag) {
  Store lossy = dirty("a", 9);
  lossy.seen->verdict.certainty = Certainty::at_least;
  EXPECT_TRUE(contains(advice_on({lossy, dirty("b", 5)}), "--accept-at-least --compared b@5."));
  EXPECT_FALSE(contains(advice_on({dirty("a", 9), dirty("b", 5)}), "--accept-at-least"));
}

TEST(Advice, NothingIsTypedOnARunningCluster) {
  Store running = dirty("a", 9);
  running.seen->in_use = true;
  const std::string advice = advice_on({running, dirty("b", 5)});
  EXPECT_TRUE(contains(advice, "in use")) << advice;
  EXPECT_FALSE(contains(advice, "mark-clean")) << advice;
}

TEST(Advice, NothingIsTypedBeforeAConflictIsSolved) {
  const std::string advice = advice_on({dirty("a", 9), dirty("copy-of-a", 9)});
  EXPECT_TRUE(contains(advice, "they contradict each other")) << advice;
  EXPECT_FALSE(contains(advice, "mark-clean")) << advice;
}

TEST(Advice, NamesWhatWasNotCompared) {
  EXPECT_TRUE(contains(advice_on({dirty("a", 9), missing("b")}), "cannot be read: b"));
}

TEST(Advice, EmptyAndHalfUpdatedStores) {
  EXPECT_EQ(advice_on({store("a", StoreState::empty, 0, 0)}), "all are empty: start the brokers\n");
  EXPECT_EQ(advice_on({store("a", StoreState::updating, 0, 0)}),
            "none of these can be a source: find the cluster's other stores\n");
}

TEST(Advice, CommandsAreTypedWhereTheStoreIs) {
  Store far = dirty("a", 9);
  far.host = "h1";
  far.name = far.address = "h1:/srv/a";
  EXPECT_TRUE(contains(advice_on({far, dirty("b", 5)}), "ssh h1 'storemark mark-clean /srv/a "));
  EXPECT_TRUE(contains(advice_on({far, dirty("b", 5)}), "--compared here:/srv/b@5."));
  EXPECT_TRUE(contains(advice_on({dirty("c", 12), far}), "--compared h1:/srv/a@9."));
}

TEST(Advice, StoresOfOneSavedFileAreNamedOnce) {
  Store one = dirty("a", 9);
  Store two = dirty("b", 8);
  one.file = two.file = one.address = two.address = "all.json";
  const std::string advice = advice_on({dirty("c", 10), one, two});
  EXPECT_TRUE(contains(advice, "--compared all.json@" + to_string(stamp_of({&one, &two})) + "\n"))
      << advice;
}

TEST(Advice, ADamagedSlotIsRepaired) {
  Store store = dirty("a", 9);
  spoil(store, 0);
  EXPECT_TRUE(contains(advice_on_store(store), "storemark verify a --repair"));
  EXPECT_EQ(advice_on_store(dirty("a", 9)), "");
}

TEST(Advice, EveryDiagnosisHasSome) {
  for (const Diagnosis diagnosis : {Diagnosis::absent, Diagnosis::lost, Diagnosis::hollow,
                                    Diagnosis::damaged, Diagnosis::future, Diagnosis::foreign}) {
    EXPECT_NE(advice_on_store(diagnosed("a", diagnosis)), "") << to_string(diagnosis);
  }
  EXPECT_EQ(advice_on_store(missing("a")), "a: mount it\n");
  EXPECT_TRUE(contains(advice_on_store(diagnosed("a", Diagnosis::absent)),
                       "storemark adopt a --initial UUID --sequence N --reason TEXT"));
}

TEST(Advice, AdoptKnowsTheClusterWhereThereIsOne) {
  const Survey seen = survey({diagnosed("a", Diagnosis::absent), dirty("b", 1)});
  const auto advice = advise(seen, StoreIndex{0});
  ASSERT_EQ(advice.size(), 1U);
  EXPECT_TRUE(contains(command_line(advice[0].argv), to_string(id(1))));
}

}  // namespace
}  // namespace storemark::cli
