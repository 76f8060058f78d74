// SPDX-License-Identifier: Apache-2.0
// Permits are values: there is one, it moves, and whoever lost it is told so.
#include <gtest/gtest.h>

#include <array>
#include <type_traits>

#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

template <class T>
constexpr bool is_move_only =
    std::is_nothrow_move_constructible_v<T>&& std::is_nothrow_move_assignable_v<T> &&
    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
    !std::is_default_constructible_v<T>;
static_assert(is_move_only<WritePermit>);
static_assert(is_move_only<UpdatePermit>);
static_assert(is_move_only<Journal>);

class PermitTest : public RealStoreTest {
 protected:
  static void expect_revoked(WritePermit& permit) {
    constexpr std::array<std::uint8_t, 3> payload{1, 2, 3};
    EXPECT_TRUE(fails(permit.write_sequence(1), Errc::permit_revoked));
    EXPECT_TRUE(fails(permit.reserve(1), Errc::permit_revoked));
    EXPECT_TRUE(fails(permit.note(0), Errc::permit_revoked));
    EXPECT_TRUE(fails(permit.change_view(view_of(), 1), Errc::permit_revoked));
    EXPECT_TRUE(fails(permit.write_payload(payload), Errc::permit_revoked));
  }
};

TEST_F(PermitTest, DroppedItLeavesTheStoreDirty) {
  { const Live live = activated(); }
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
}

TEST_F(PermitTest, DroppingWritesNothing) {
  Live live = activated();
  must(live.permit.reserve(10));
  must(live.permit.note(5));
  const DirectoryImage before = images_in(directory());
  { const WritePermit dropped = std::move(live.permit); }
  EXPECT_EQ(images_in(directory()), before);
}

TEST_F(PermitTest, DroppedItMayBeGrantedAgain) {
  Live live = activated();
  { const WritePermit dropped = std::move(live.permit); }
  live.permit = must(live.journal.activate(view_of(), 2));
  EXPECT_TRUE(ok(live.permit.write_sequence(3)));
}

TEST_F(PermitTest, MovedItStillHolds) {
  Live live = activated();
  WritePermit second = std::move(live.permit);
  expect_revoked(live.permit);
  EXPECT_EQ(live.permit.durable_floor(), 0U);
  EXPECT_EQ(live.permit.durable_ceiling(), 0U);
  EXPECT_TRUE(ok(second.write_sequence(1)));
  WritePermit third(std::move(second));
  EXPECT_TRUE(ok(third.write_sequence(2)));
  EXPECT_EQ(third.durable_floor(), 2U);
}

TEST_F(PermitTest, OverwrittenItIsDropped) {
  const RealStore other(root() / "other");
  fs::create_directory(other.directory());
  Live live = activated();
  Live second = other.activated();
  live.permit = std::move(second.permit);
  EXPECT_TRUE(ok(live.journal.activate(view_of(), 0))) << "the first one's place is free";
  must(live.permit.write_sequence(4));
  EXPECT_EQ(other.examined().verdict.floor, 4U) << "it is the other store's permit now";
}

TEST_F(PermitTest, AnotherJournalsPermitDoesNotCount) {
  const RealStore other(root() / "other");
  fs::create_directory(other.directory());
  Live live = activated();
  Live second = other.activated();
  const CleanShutdown shutdown{FinalUuid{new_uuid()}, 0, {}, false};
  EXPECT_TRUE(
      fails(live.journal.mark_clean(std::move(second.permit), shutdown), Errc::permit_revoked));
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
  EXPECT_EQ(other.examined().verdict.state, StoreState::dirty);
}

TEST_F(PermitTest, ItOutlivesTheJournalAndWritesOn) {
  std::optional<WritePermit> permit;
  {
    Live live = activated();
    permit.emplace(std::move(live.permit));
  }
  for (std::uint64_t n = 1; n <= 10; ++n) must(permit->write_sequence(n));
  EXPECT_EQ(examined().verdict.floor, 10U);
  EXPECT_TRUE(examined().in_use);
  permit.reset();
  EXPECT_FALSE(examined().in_use);
}

TEST_F(PermitTest, TheJournalMovesUnderItsPermit) {
  Live live = activated();
  Journal moved = std::move(live.journal);
  must(live.permit.write_sequence(1));
  EXPECT_EQ(moved.record().floor, 1U);
  EXPECT_TRUE(ok(moved.mark_clean(std::move(live.permit), {FinalUuid{new_uuid()}, 1, {}, false})));
}

// --- writing that ends without a shutdown
// ---------------------------------------------------------

TEST_F(PermitTest, EndedItLeavesTheSequenceExact) {
  Live live = activated();
  must(live.permit.reserve(100));
  must(live.permit.note(7));
  const View before = live.journal.record().view;
  ASSERT_TRUE(ok(live.journal.end_writing(std::move(live.permit), 7)));
  expect_revoked(live.permit);
  const Verdict left = examined().verdict;
  EXPECT_EQ(left.state, StoreState::dirty);
  EXPECT_EQ(left.certainty, Certainty::exact);
  EXPECT_EQ(left.floor, 7U);
  EXPECT_EQ(left.ceiling, 7U);
  EXPECT_EQ(left.record->view.id, before.id);
  EXPECT_EQ(slots_with(examined(), SlotHealth::current), slot_count);
  auto again = live.journal.activate(view_of(), 7);
  ASSERT_TRUE(ok(again));
  EXPECT_TRUE(ok(again->write_sequence(8)));
}

TEST_F(PermitTest, ItIsNotEndedBelowWhatWasCounted) {
  Live live = activated();
  must(live.permit.reserve(100));
  must(live.permit.note(7));
  EXPECT_TRUE(fails(live.journal.end_writing(std::move(live.permit), 6), Errc::sequence_goes_down));
  EXPECT_EQ(examined().verdict.ceiling, 100U);
}

TEST_F(PermitTest, AnotherJournalsPermitIsNotEnded) {
  const RealStore other(root() / "other");
  fs::create_directory(other.directory());
  Live live = activated();
  Live second = other.activated();
  EXPECT_TRUE(fails(live.journal.end_writing(std::move(second.permit), 0), Errc::permit_revoked));
  EXPECT_TRUE(ok(second.permit.write_sequence(1)));
}

}  // namespace
}  // namespace storemark::real
