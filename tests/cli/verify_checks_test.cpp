// SPDX-License-Identifier: Apache-2.0
#include "cli/verify_checks.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

/// The names of the checks that failed.
std::string failed(const Store& store) {
  std::string out;
  for (const Check& check : verify(store).checks) {
    if (!check.good) out += check.name + " ";
  }
  return out;
}

Store with_slot(Store store, unsigned slot, const std::function<void(Record&)>& change) {
  change(*store.seen->slots.at(slot).record);
  return store;
}

TEST(VerifyChecks, Sound) {
  const Verification result = verify(clean("a", 5));
  EXPECT_EQ(result.status, ExitStatus::safe);
  EXPECT_EQ(result.checks.size(), 6U + 3U + 6U);
  EXPECT_EQ(failed(clean("a", 5)), "");
  EXPECT_EQ(result.repair, "do nothing: the journal is sound");
}

TEST(VerifyChecks, ABadSlot) {
  Store store = clean("a", 5);
  spoil(store, 3);
  store.seen->verdict.unsettled = true;
  EXPECT_EQ(failed(store), "slot 3 copies ");
  const Verification result = verify(store);
  EXPECT_EQ(result.status, ExitStatus::damaged);
  EXPECT_TRUE(result.repair.starts_with("build a fresh file from the record of generation 3"))
      << result.repair;
}

TEST(VerifyChecks, ABadAnchor) {
  Store store = clean("a", 5);
  store.seen->anchors.at(1) = {SlotHealth::zero, "spoilt", {}, {}};
  EXPECT_EQ(failed(store), "anchor 1 ");
  const Verification result = verify(store);
  EXPECT_EQ(result.status, ExitStatus::damaged);
  EXPECT_TRUE(result.repair.starts_with("build a fresh file")) << result.repair;
}

TEST(VerifyChecks, SlotsOfTwoJournalsOrMembers) {
  const Store a = dirty("a", 5);
  const auto strange = [](Record& r) { r.member = MemberId{id(77)}; };
  EXPECT_EQ(failed(with_slot(a, 1, strange)), "identity chain ");
  EXPECT_EQ(verify(with_slot(a, 1, strange)).status, ExitStatus::damaged);
}

TEST(VerifyChecks, TheInitialUuidComesOnceAndStays) {
  const Store a = dirty("a", 5);
  const auto older_without = [](Record& r) {
    r.generation = 2;
    r.parent.bytes.fill(7);
    r.initial = {};
  };
  const auto older_with_another = [&](Record& r) {
    older_without(r);
    r.initial = InitialUuid{id(8)};
  };
  EXPECT_EQ(failed(with_slot(a, 1, older_without)), "");
  EXPECT_EQ(failed(with_slot(a, 1, older_with_another)), "identity ");
}

TEST(VerifyChecks, AChainThatForked) {
  const Store a = dirty("a", 5);
  EXPECT_EQ(failed(with_slot(a, 1, [](Record& r) { r.floor = 4; })), "chain ");
  EXPECT_EQ(failed(with_slot(a, 1, [](Record& r) { r.generation = 2; })), "chain ");
  Store older = with_slot(a, 1, [](Record& r) {
    r.generation = 2;
    r.parent.bytes.fill(7);
  });
  older.seen->slots.at(1).hash = older.seen->slots.at(0).record->parent;
  EXPECT_EQ(failed(older), "");
  older.seen->slots.at(1).hash->bytes.fill(9);
  EXPECT_EQ(failed(older), "chain ") << "the newest has another parent";
}

TEST(VerifyChecks, FieldsThatDoNotFitTheState) {
  EXPECT_EQ(failed(with(clean("a", 5), [](Record& r) { r.final = {}; })), "fields ");
  EXPECT_EQ(failed(with(dirty("a", 5), [](Record& r) { r.final = FinalUuid{id(1)}; })), "fields ");
  EXPECT_EQ(failed(with(dirty("a", 5), [](Record& r) { r.floor = 6; })), "fields ");
  EXPECT_EQ(failed(with(dirty("a", 5), [](Record& r) { r.marked = true; })), "fields ");
  EXPECT_EQ(failed(with(dirty("a", 5), [](Record& r) { r.donor = MemberId{id(1)}; })), "fields ");
}

TEST(VerifyChecks, HistoryOutOfOrder) {
  const auto history = [](std::vector<HistoryEntry> entries) {
    return failed(with(dirty("a", 50), [&](Record& r) { r.history = entries; }));
  };
  EXPECT_EQ(history({{ViewId{id(1)}, 0, 1}, {ViewId{id(2)}, 9, 1}}), "");
  EXPECT_EQ(history({{ViewId{id(1)}, 9, 1}, {ViewId{id(2)}, 8, 1}}), "history ");
  EXPECT_EQ(history({{ViewId{id(1)}, 9, 1}, {ViewId{id(1)}, 9, 1}}), "history ");
  EXPECT_EQ(history({{ViewId{id(1)}, 51, 1}}), "history ");
}

TEST(VerifyChecks, ALowerBound) {
  Store store = dirty("a", 5);
  store.seen->verdict.certainty = Certainty::at_least;
  store.seen->verdict.record->unproven = true;
  EXPECT_EQ(failed(store), "reading ");
  EXPECT_EQ(verify(store).status, ExitStatus::needs_operator);
}

TEST(VerifyChecks, WhatIsBeingWrittenIsNotJudged) {
  Store store = with_slot(dirty("a", 5), 1, [](Record& r) { r.floor = 4; });
  store.seen->busy = store.seen->in_use = true;
  EXPECT_EQ(verify(store).status, ExitStatus::safe);
}

TEST(VerifyChecks, WhereThereIsNothingToHealFrom) {
  EXPECT_EQ(verify(missing("a")).repair, "do nothing: the store cannot be reached");
  EXPECT_EQ(verify(missing("a")).status, ExitStatus::needs_operator);
  EXPECT_EQ(verify(diagnosed("a", Diagnosis::absent)).repair,
            "do nothing: there is no journal (see storemark adopt)");
  EXPECT_EQ(verify(diagnosed("a", Diagnosis::damaged)).repair,
            "do nothing: no slot is there to heal from (see storemark adopt)");
  EXPECT_EQ(verify(diagnosed("a", Diagnosis::damaged)).status, ExitStatus::damaged);
}

}  // namespace
}  // namespace storemark::cli
