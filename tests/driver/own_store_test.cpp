// SPDX-License-Identifier: Apache-2.0
#include "driver/own_store.hpp"

#include <gtest/gtest.h>

#include "journal_api/real_store.hpp"

namespace storemark::driver {
namespace {

using real::data;
using real::must;
using real::nothing;

class OwnStoreTest : public real::RealStoreTest {
 protected:
  [[nodiscard]] Announcement announced(const Journal& journal, bool touched = false) const {
    return announce_store(options_, journal, touched, proposal_);
  }
  DriverOptions options_{.label = "a", .wait_for = 0, .restore = RestorePolicy::latest};
  InitialUuid proposal_{new_uuid()};
};

TEST_F(OwnStoreTest, SaysWhatTheOpenFound) {
  leave_clean(10);
  const Journal journal = must(open());
  const Announcement own = announced(journal);
  EXPECT_EQ(own.state, StoreState::clean);
  EXPECT_EQ(own.floor, 10U);
  EXPECT_EQ(own.certainty, Certainty::exact);
  EXPECT_EQ(own.initial, cluster());
  EXPECT_FALSE(own.final.is_nil());
  EXPECT_EQ(own.incarnation, journal.incarnation());
  EXPECT_EQ(own.label, "a");
  EXPECT_EQ(own.wait_for, 1U) << "nobody waits for nobody";
  EXPECT_EQ(own.restore, RestorePolicy::latest);
  EXPECT_EQ(own.proposal, proposal_);
}

TEST_F(OwnStoreTest, AStoreThatHoldsNothingIsEmptyThoughItsRecordSaysDirty) {
  leave_founded();
  { const WritePermit started = must(must(open(nothing())).activate(real::view_of(), 0)); }
  const Journal journal = must(open(nothing()));
  EXPECT_EQ(journal.record().state, StoreState::dirty);
  EXPECT_EQ(announced(journal).state, StoreState::empty);
}

TEST_F(OwnStoreTest, SaysWhatWasWrittenInThisRun) {
  leave_clean(10);
  Journal journal = must(open());
  const UpdatePermit permit = must(journal.begin_update(MemberId{new_uuid()}, 20));
  EXPECT_EQ(announced(journal).state, StoreState::clean);
  const Announcement own = announced(journal, true);
  EXPECT_EQ(own.state, StoreState::updating);
  EXPECT_TRUE(own.final.is_nil());
}

TEST_F(OwnStoreTest, AnUncertainSequenceIsSaidToBe) {
  leave_between(10, 20);
  const Announcement own = announced(must(open()));
  EXPECT_EQ(own.floor, 10U);
  EXPECT_EQ(own.ceiling, 20U);
  EXPECT_EQ(own.certainty, Certainty::between);
}

TEST_F(OwnStoreTest, AMarkedStoreCountsLessItself) {
  leave_dirty(10);
  must(mark_clean(directory(), {10, "latest", "test", {{MemberId{new_uuid()}, {}, 15}}}));
  const Journal unasked = must(open(data()));
  const Announcement own = announced(unasked);
  EXPECT_TRUE(own.marked);
  EXPECT_GT(own.floor, 15U);
  EXPECT_EQ(held_by(data(10)), 10U);
  EXPECT_EQ(held_by(data()), 0U) << "the store does not say";
}

TEST_F(OwnStoreTest, ATransientMemberHasNoStore) {
  options_.kind = MemberKind::transient;
  const MemberId id{new_uuid()};
  const Incarnation incarnation{new_uuid()};
  const Announcement own = announce_transient(options_, id, incarnation, proposal_);
  EXPECT_EQ(own.kind, MemberKind::transient);
  EXPECT_EQ(own.state, StoreState::none);
  EXPECT_EQ(own.id, id);
  EXPECT_EQ(own.incarnation, incarnation);
  EXPECT_EQ(own.floor + own.ceiling, 0U);
}

}  // namespace
}  // namespace storemark::driver
