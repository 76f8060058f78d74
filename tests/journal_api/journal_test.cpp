// SPDX-License-Identifier: Apache-2.0
// Founding, activating and shutting down clean.
#include <gtest/gtest.h>

#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

class JournalTest : public RealStoreTest {
 protected:
  [[nodiscard]] static CleanShutdown shutdown_at(std::uint64_t sequence) {
    return {FinalUuid{new_uuid()}, sequence, std::nullopt, false};
  }
};

// --- found
// ----------------------------------------------------------------------------------------

TEST_F(JournalTest, FoundingIsDurableAndLeavesTheStoreEmpty) {
  leave_founded();
  Journal journal = must(open(nothing()));
  EXPECT_EQ(journal.verdict().state, StoreState::empty);
  EXPECT_EQ(journal.record().initial, cluster());
}

TEST_F(JournalTest, FoundingTwiceAlikeWritesNothing) {
  Journal journal = must(open(nothing()));
  must(journal.found(cluster()));
  const std::string before = bytes_of(file());
  EXPECT_TRUE(ok(journal.found(cluster())));
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
}

TEST_F(JournalTest, ANilInitialUuidIsNone) {
  Journal journal = must(open(nothing()));
  expect_refused(Errc::invalid_argument, [&] { return journal.found({}); });
}

TEST_F(JournalTest, TheInitialUuidMayChangeUntilTheFirstActivation) {
  leave_founded();
  Journal journal = must(open(nothing()));
  const InitialUuid other{new_uuid()};
  EXPECT_TRUE(ok(journal.found(other))) << "the cluster that agreed on the first never started";
  EXPECT_EQ(journal.record().initial, other);
}

TEST_F(JournalTest, TheInitialUuidIsFixedByTheFirstActivation) {
  leave_dirty(1);
  Journal journal = must(open());
  expect_refused(Errc::id_fixed, [&] { return journal.found(InitialUuid{new_uuid()}); });
  EXPECT_TRUE(ok(journal.found(cluster())));
  EXPECT_EQ(journal.record().initial, cluster());
}

TEST_F(JournalTest, AStoreThatNeverHeldAnythingMayChangeClusters) {
  leave_founded();
  { const WritePermit started = must(must(open(nothing())).activate(view_of(), 0)); }
  const InitialUuid other{new_uuid()};
  {
    Journal journal = must(open(nothing()));
    EXPECT_TRUE(ok(journal.found(other)))
        << "it was activated in a cluster that never did anything";
    EXPECT_TRUE(ok(journal.activate(view_of(), 0)));
  }
  Journal journal = must(open(data(0)));
  EXPECT_EQ(journal.record().initial, other);
  expect_refused(Errc::id_fixed, [&] { return journal.found(cluster()); });
}

TEST_F(JournalTest, WhatWasReservedAndNeverHeldDoesNotFixTheCluster) {
  leave_founded();
  {
    WritePermit permit = must(must(open(nothing())).activate(view_of(), 0));
    EXPECT_TRUE(ok(permit.reserve(30)));
  }
  Journal journal = must(open(nothing()));
  EXPECT_TRUE(ok(journal.found(InitialUuid{new_uuid()})));
  EXPECT_EQ(journal.record().ceiling, 0U);
  // Since it was activated nobody asked the store.
  EXPECT_TRUE(ok(journal.activate(view_of(), 0)));
  expect_refused(Errc::id_fixed, [&] { return journal.found(cluster()); });
}

// --- activate
// -------------------------------------------------------------------------------------

TEST_F(JournalTest, ActivationIsDirtyInEverySlot) {
  leave_clean(10, tag_of("tag"));
  Journal journal = must(open());
  const WritePermit permit = must(journal.activate(view_of(3), 12, true));
  const Examination seen = examined();
  EXPECT_EQ(slots_with(seen, SlotHealth::current), slot_count);
  EXPECT_EQ(seen.verdict.state, StoreState::dirty);
  EXPECT_EQ(seen.verdict.floor, 12U);
  EXPECT_EQ(seen.verdict.ceiling, 12U);
  EXPECT_EQ(seen.verdict.certainty, Certainty::exact);
  const Record& record = *seen.verdict.record;
  EXPECT_TRUE(record.final.is_nil());
  EXPECT_FALSE(record.tag.has_value());
  EXPECT_TRUE(record.sole);
  EXPECT_EQ(record.view.members.size(), 3U);
  EXPECT_EQ(permit.durable_floor(), 12U);
}

TEST_F(JournalTest, DirtyIsWrittenAlsoWhereItSeemsDirtyAlready) {
  Live live = activated();
  for (int i = 0; i < 3; ++i) {
    { const WritePermit dropped = std::move(live.permit); }
    const std::uint64_t before = live.journal.record().generation;
    const std::string bytes = bytes_of(file());
    live.permit = must(live.journal.activate(view_of(), 0));
    EXPECT_EQ(live.journal.record().generation, before + 1);
    EXPECT_FALSE(same_bytes(bytes_of(file()), bytes));
    EXPECT_EQ(slots_with(examined(), SlotHealth::current), slot_count);
  }
}

TEST_F(JournalTest, WithoutAClusterNothingIsActivated) {
  Journal journal = must(open(nothing()));
  expect_refused(Errc::not_founded, [&] { return journal.activate(view_of(), 0); });
  expect_refused(Errc::not_founded, [&] { return journal.begin_update(MemberId{new_uuid()}, 0); });
}

TEST_F(JournalTest, AnActivationThatGoesDownIsRefused) {
  leave_between(10, 20);
  Journal journal = must(open());
  expect_refused(Errc::sequence_goes_down, [&] { return journal.activate(view_of(), 9); });
  EXPECT_TRUE(ok(journal.activate(view_of(), 10)));
}

TEST_F(JournalTest, AnActivationThatJumpsIsRefused) {
  leave_dirty(10);
  Options options;
  options.jump_bound = 100;
  Journal journal = must(open(data(), options));
  expect_refused(Errc::jump_too_large, [&] { return journal.activate(view_of(), 111); });
  EXPECT_TRUE(ok(journal.activate(view_of(), 110)));
}

TEST_F(JournalTest, AViewBeyondItsBoundsIsRefused) {
  leave_founded();
  Journal journal = must(open(nothing()));
  expect_refused(Errc::invalid_argument,
                 [&] { return journal.activate(view_of(max_members + 1), 0); });
  View long_label = view_of();
  long_label.members.front().label.assign(max_label_bytes + 1, 'x');
  expect_refused(Errc::invalid_argument, [&] { return journal.activate(long_label, 0); });
  EXPECT_TRUE(ok(journal.activate(view_of(max_members), 0)));
}

TEST_F(JournalTest, AnUpdatingStoreIsNotActivated) {
  leave_updating(5, 9);
  Journal journal = must(open());
  EXPECT_EQ(journal.verdict().state, StoreState::updating);
  expect_refused(Errc::wrong_state, [&] { return journal.activate(view_of(), 9); });
}

TEST_F(JournalTest, ADiscardedStoreIsNotActivated) {
  leave_dirty(5);
  must(discard(directory(), {5, "behind", "test"}));
  Journal journal = must(open());
  expect_refused(Errc::discard_only, [&] { return journal.activate(view_of(), 5); });
}

TEST_F(JournalTest, ADiscardedStoreThatHoldsNothingIsActivated) {
  leave_dirty(0);
  must(discard(directory(), {0, "a new cluster", "test"}));
  Journal journal = must(open(nothing()));
  EXPECT_EQ(journal.verdict().state, StoreState::empty) << "the store says so";
  EXPECT_TRUE(ok(journal.activate(view_of(), 0)));
  EXPECT_FALSE(journal.record().discard);
}

TEST_F(JournalTest, OnePermitAtATime) {
  Live live = activated();
  expect_refused(Errc::permit_outstanding, [&] { return live.journal.activate(view_of(), 0); });
  expect_refused(Errc::permit_outstanding, [&] { return live.journal.found(cluster()); });
  expect_refused(Errc::permit_outstanding,
                 [&] { return live.journal.begin_update(MemberId{new_uuid()}, 0); });
}

// --- mark_clean
// -----------------------------------------------------------------------------------

TEST_F(JournalTest, ACleanShutdownIsDurableInEverySlot) {
  const CleanShutdown shutdown{FinalUuid{new_uuid()}, 12, tag_of("tag"), true};
  {
    Live live = activated();
    must(live.permit.reserve(20));
    must(live.permit.note(11));
    EXPECT_TRUE(ok(live.journal.mark_clean(std::move(live.permit), shutdown)));
  }
  EXPECT_EQ(slots_with(examined(), SlotHealth::current), slot_count);
  const Journal journal = must(open(data(12, tag_of("tag"))));
  const Verdict& verdict = journal.verdict();
  EXPECT_EQ(verdict.state, StoreState::clean);
  EXPECT_EQ(verdict.floor, 12U);
  EXPECT_EQ(verdict.ceiling, 12U) << "clean is exact";
  EXPECT_EQ(verdict.certainty, Certainty::exact);
  EXPECT_GE(verdict.faults_to_be_wrong, 3U);
  const Record record = journal.record();
  EXPECT_EQ(record.final, shutdown.final);
  EXPECT_EQ(record.tag, shutdown.tag);
  EXPECT_TRUE(record.sole);
  EXPECT_FALSE(record.marked) << "no operator's word";
}

TEST_F(JournalTest, CleanWithoutAFinalUuidIsRefused) {
  Live live = activated();
  must(live.permit.write_sequence(5));
  expect_refused(Errc::invalid_argument, [&] {
    return live.journal.mark_clean(std::move(live.permit), {FinalUuid{}, 5, {}, false});
  });
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
}

TEST_F(JournalTest, CleanBelowWhatWasWrittenIsRefused) {
  Live live = activated();
  must(live.permit.write_sequence(5));
  EXPECT_TRUE(fails(live.journal.mark_clean(std::move(live.permit), shutdown_at(4)),
                    Errc::sequence_goes_down));
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
  EXPECT_EQ(examined().verdict.floor, 5U);
}

TEST_F(JournalTest, CleanBelowWhatWasNotedIsRefused) {
  Live live = activated();
  must(live.permit.reserve(9));
  must(live.permit.note(8));
  EXPECT_TRUE(fails(live.journal.mark_clean(std::move(live.permit), shutdown_at(7)),
                    Errc::sequence_goes_down));
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
}

TEST_F(JournalTest, CleanWithATagBeyondItsBoundsIsRefused) {
  Live live = activated();
  const StoreTag large = tag_of(std::string(max_tag_bytes + 1, 't'));
  EXPECT_TRUE(fails(
      live.journal.mark_clean(std::move(live.permit), {FinalUuid{new_uuid()}, 0, large, false}),
      Errc::invalid_argument));
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
}

TEST_F(JournalTest, AfterCleanThePermitIsGone) {
  Live live = activated();
  must(live.journal.mark_clean(std::move(live.permit), shutdown_at(0)));
  const std::string before = bytes_of(file());
  EXPECT_TRUE(fails(live.permit.write_sequence(1), Errc::permit_revoked));
  EXPECT_TRUE(
      fails(live.journal.mark_clean(std::move(live.permit), shutdown_at(0)), Errc::permit_revoked));
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
}

TEST_F(JournalTest, FromCleanItGoesOn) {
  Live live = activated();
  for (std::uint64_t n = 1; n <= 5; ++n) {
    must(live.permit.write_sequence(n));
    must(live.journal.mark_clean(std::move(live.permit), shutdown_at(n)));
    EXPECT_EQ(examined().verdict.state, StoreState::clean);
    live.permit = must(live.journal.activate(view_of(), n));
    EXPECT_EQ(examined().verdict.state, StoreState::dirty);
  }
}

TEST_F(JournalTest, IdsStayAndGenerationsRiseThroughALife) {
  leave_dirty(3);
  const Record first = *examined().verdict.record;
  std::uint64_t generation = first.generation;
  for (std::uint64_t n = 4; n < 8; ++n) {
    Journal journal = must(open());
    WritePermit permit = must(journal.activate(view_of(), n));
    must(permit.write_sequence(n + 1));
    must(journal.mark_clean(std::move(permit), shutdown_at(n + 1)));
    const Record now = journal.record();
    EXPECT_EQ(now.generation, generation + 3) << "one for each record";
    EXPECT_EQ(now.journal, first.journal);
    EXPECT_EQ(now.member, first.member);
    EXPECT_EQ(now.initial, first.initial);
    generation = now.generation;
  }
}

TEST_F(JournalTest, EachRecordNamesItsParentAndAnAdvisoryTime) {
  Live live = activated();
  const Record before = live.journal.record();
  must(live.permit.write_sequence(1));
  const Record after = live.journal.record();
  EXPECT_NE(after.parent, before.parent);
  EXPECT_NE(after.parent, BodyHash{});
  EXPECT_GT(after.wall_clock, 0);
}

}  // namespace
}  // namespace storemark::real
