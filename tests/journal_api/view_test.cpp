// SPDX-License-Identifier: Apache-2.0
// Views, the history that they leave, and the caller's payload.
#include <gtest/gtest.h>

#include <numeric>

#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

class ViewTest : public RealStoreTest {
 protected:
  /// The history as the medium has it: (view, from).
  [[nodiscard]] std::vector<std::pair<ViewId, std::uint64_t>> history() const {
    std::vector<std::pair<ViewId, std::uint64_t>> out;
    const Record record = *examined().verdict.record;
    for (const HistoryEntry& entry : record.history) {
      out.emplace_back(entry.view, entry.from);
    }
    return out;
  }
  using History = std::vector<std::pair<ViewId, std::uint64_t>>;
};

TEST_F(ViewTest, AViewIsRecordedWithItsMembers) {
  Live live = activated();
  const View view = view_of(5);
  must(live.permit.change_view(view, 7, true));
  const Record record = *examined().verdict.record;
  EXPECT_EQ(record.view, view);
  EXPECT_EQ(record.floor, 7U);
  EXPECT_EQ(record.history.back(), (HistoryEntry{view.id, 7, 5}));
  EXPECT_TRUE(record.sole);
  EXPECT_EQ(live.permit.durable_floor(), 7U);
  EXPECT_EQ(live.journal.health().sequence_writes, 1U) << "the price of one flush";
}

TEST_F(ViewTest, EachViewBeginsWhereTheStoreWas) {
  Live live = activated();
  const ViewId first = live.journal.record().view.id;
  const View a = view_of();
  const View b = view_of();
  must(live.permit.change_view(a, 10));
  must(live.permit.write_sequence(12));
  must(live.permit.change_view(b, 12));
  EXPECT_EQ(history(), (History{{first, 0}, {a.id, 10}, {b.id, 12}}));
}

TEST_F(ViewTest, AViewInWhichNothingWasAppliedIsFoldedAway) {
  Live live = activated();
  const ViewId first = live.journal.record().view.id;
  const View a = view_of();
  const View b = view_of();
  const View c = view_of();
  must(live.permit.write_sequence(5));
  must(live.permit.change_view(a, 5));
  must(live.permit.change_view(b, 5));
  EXPECT_EQ(history(), (History{{first, 0}, {b.id, 5}}));
  must(live.permit.change_view(c, 6));
  EXPECT_EQ(history(), (History{{first, 0}, {b.id, 5}, {c.id, 6}}));
}

TEST_F(ViewTest, AnActivationIsAViewOfItsOwn) {
  leave_dirty(5);
  const ViewId first = examined().verdict.record->view.id;
  Journal journal = must(open());
  const View view = view_of();
  const WritePermit permit = must(journal.activate(view, 5));
  EXPECT_EQ(history(), (History{{first, 0}, {view.id, 5}}));
}

TEST_F(ViewTest, HistoryIsBoundedAndItsPastFolded) {
  Live live = activated();
  for (std::uint64_t n = 1; n <= 100; ++n) must(live.permit.change_view(view_of(), n));
  const Record record = *examined().verdict.record;
  EXPECT_EQ(record.history.size(), max_history);
  EXPECT_EQ(record.folded, 101 - max_history);
  EXPECT_NE(record.history_digest, BodyHash{});
  EXPECT_EQ(record.history.back().from, 100U);
  EXPECT_EQ(record.history.front().from, 101 - max_history);
}

TEST_F(ViewTest, HistoryGivesWayToTheLargestView) {
  Live live = activated();
  for (std::uint64_t n = 1; n < max_history; ++n) must(live.permit.change_view(view_of(), n));
  std::vector<std::uint8_t> payload(max_payload_bytes, 7);
  must(live.permit.write_payload(payload));
  View view = view_of(max_members);
  for (Member& member : view.members) member.label.assign(max_label_bytes, 'x');
  must(live.permit.change_view(view, 40));
  const Record record = *examined().verdict.record;
  EXPECT_EQ(record.view, view);
  EXPECT_EQ(record.payload, payload);
  EXPECT_GE(record.history.size(), 16U) << "what always fits together";
  EXPECT_EQ(record.history.back().view, view.id);
}

TEST_F(ViewTest, AViewBelowWhatTheStoreHoldsIsRefused) {
  Live live = activated();
  must(live.permit.reserve(20));
  must(live.permit.note(10));
  const std::string before = bytes_of(file());
  EXPECT_TRUE(fails(live.permit.change_view(view_of(), 9), Errc::sequence_goes_down));
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  EXPECT_TRUE(ok(live.permit.change_view(view_of(), 10)));
  EXPECT_EQ(live.permit.durable_ceiling(), 20U) << "what is reserved stays reserved";
}

TEST_F(ViewTest, AViewBeyondItsBoundsIsRefusedAndHarmless) {
  Live live = activated();
  must(live.permit.write_sequence(1));
  const std::string before = bytes_of(file());
  EXPECT_TRUE(fails(live.permit.change_view(view_of(max_members + 1), 2), Errc::invalid_argument));
  View long_label = view_of();
  long_label.members.front().label.assign(max_label_bytes + 1, 'x');
  EXPECT_TRUE(fails(live.permit.change_view(long_label, 2), Errc::invalid_argument));
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  EXPECT_EQ(live.permit.durable_floor(), 1U);
  EXPECT_TRUE(ok(live.permit.write_sequence(2)));
  EXPECT_EQ(slots_with(examined(), SlotHealth::invalid), 0U);
}

TEST_F(ViewTest, ThePayloadStaysThroughEverythingElse) {
  std::vector<std::uint8_t> payload(max_payload_bytes);
  std::iota(payload.begin(), payload.end(), std::uint8_t{0});
  {
    Live live = activated();
    must(live.permit.write_payload(payload));
    EXPECT_EQ(live.journal.health().sequence_writes, 1U);
    EXPECT_EQ(examined().verdict.record->payload, payload) << "durable on return";
    must(live.permit.write_sequence(3));
    must(live.permit.change_view(view_of(), 4));
    must(live.journal.mark_clean(std::move(live.permit), {FinalUuid{new_uuid()}, 5, {}, false}));
  }
  Journal journal = must(open());
  EXPECT_EQ(journal.record().payload, payload);
  WritePermit permit = must(journal.activate(view_of(), 5));
  EXPECT_EQ(journal.record().payload, payload);
  must(permit.write_payload({}));
  EXPECT_TRUE(examined().verdict.record->payload.empty());
}

TEST_F(ViewTest, APayloadBeyondItsBoundIsRefusedAndHarmless) {
  Live live = activated();
  must(live.permit.write_sequence(1));
  const std::string before = bytes_of(file());
  const std::vector<std::uint8_t> large(max_payload_bytes + 1);
  EXPECT_TRUE(fails(live.permit.write_payload(large), Errc::invalid_argument));
  EXPECT_TRUE(same_bytes(bytes_of(file()), before));
  EXPECT_TRUE(ok(live.permit.write_sequence(2)));
  EXPECT_EQ(examined().verdict.floor, 2U);
}

TEST_F(ViewTest, APayloadWriteCarriesWhatWasNoted) {
  Live live = activated();
  must(live.permit.reserve(9));
  must(live.permit.note(8));
  must(live.permit.write_payload({}));
  EXPECT_EQ(live.permit.durable_floor(), 8U);
  EXPECT_EQ(live.permit.durable_ceiling(), 9U);
}

}  // namespace
}  // namespace storemark::real
