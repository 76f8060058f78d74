// SPDX-License-Identifier: Apache-2.0
// The operator marks a dirty store clean.
#include <gtest/gtest.h>

#include <regex>

#include "journal_api/operator_fixture.hpp"

namespace storemark::real {
namespace {

class MarkTest : public OperatorTest {};

TEST_F(MarkTest, ADirtyStoreBecomesCleanAndMarked) {
  leave_dirty(10);
  const Record before = *examined().verdict.record;
  const WordGiven given = must(give_mark(mark(10)));
  const Examination seen = examined();
  EXPECT_EQ(slots_with(seen, SlotHealth::current), slot_count);
  EXPECT_EQ(*seen.verdict.record, given.record);
  const Record& record = given.record;
  EXPECT_EQ(seen.verdict.state, StoreState::clean);
  EXPECT_TRUE(record.marked);
  EXPECT_FALSE(record.final.is_nil());
  EXPECT_EQ(record.reason, "the newest of three");
  EXPECT_EQ(record.floor, 10U);
  EXPECT_EQ(record.mark_held, 10U);
  EXPECT_EQ(record.history.size(), before.history.size() + 1);
  EXPECT_EQ(record.history.back().from, 10U) << "it begins at what the store had";
  EXPECT_NE(record.history.back().view, before.history.back().view);
}

TEST_F(MarkTest, TheSequenceRisesAboveEveryComparedStore) {
  leave_between(10, 14);
  MarkRequest request = mark(10);
  request.compared = {{MemberId{new_uuid()}, ViewId{new_uuid()}, 25},
                      {MemberId{new_uuid()}, ViewId{new_uuid()}, 8}};
  const Record record = must(give_mark(request)).record;
  EXPECT_GT(record.floor, 25U);
  EXPECT_EQ(record.floor, record.ceiling);
  EXPECT_EQ(record.mark_raised, record.floor);
  EXPECT_EQ(record.mark_held, 10U);
  EXPECT_EQ(record.history.back().from, 10U);
  EXPECT_EQ(examined().verdict.record->compared, request.compared);
}

TEST_F(MarkTest, ARecordWrittenSinceItWasSeenRefuses) {
  leave_dirty(10);
  MarkRequest request = mark(10);
  request.if_generation = examined().verdict.record->generation - 1;
  const auto refused = give_mark(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::changed_since);
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
  ++request.if_generation;
  EXPECT_TRUE(give_mark(request));
}

TEST_F(MarkTest, TheCeilingIsCoveredToo) {
  leave_between(10, 14);
  EXPECT_GE(must(give_mark(mark(10))).record.floor, 14U) << "the store may hold so many";
}

TEST_F(MarkTest, TheBrokerGoesOnFromAMarkAndConsumesIt) {
  leave_dirty(10);
  MarkRequest request = mark(10);
  request.compared = {{MemberId{new_uuid()}, ViewId{new_uuid()}, 25}};
  const std::uint64_t raised = must(give_mark(request)).record.floor;
  Journal journal = must(open(data(10)));
  EXPECT_EQ(journal.verdict().state, StoreState::clean);
  const WritePermit permit = must(journal.activate(view_of(), raised));
  const Record record = *examined().verdict.record;
  EXPECT_EQ(record.state, StoreState::dirty);
  EXPECT_FALSE(record.marked);
  EXPECT_TRUE(record.compared.empty());
  EXPECT_TRUE(record.reason.empty());
  EXPECT_EQ(record.history.back().from, raised);
}

TEST_F(MarkTest, AMarkedStoreThatHoldsLessIsHollowAndMoreIsDirty) {
  leave_dirty(10);
  MarkRequest request = mark(10);
  request.compared = {{MemberId{new_uuid()}, ViewId{new_uuid()}, 25}};
  const std::uint64_t raised = must(give_mark(request)).record.floor;
  expect_refused(Errc::store_hollow, [&] { return open(data(9)); });
  EXPECT_EQ(must(open(data(10))).verdict().state, StoreState::clean);
  EXPECT_EQ(must(open(data(raised))).verdict().state, StoreState::clean);
  EXPECT_EQ(must(open(data(raised + 1))).verdict().state, StoreState::dirty);
}

TEST_F(MarkTest, AStoreThatHeldNothingMayHoldNothing) {
  leave_between(0, 14);
  MarkRequest request = mark(0);
  request.compared = {{MemberId{new_uuid()}, ViewId{new_uuid()}, 25}};
  const std::uint64_t raised = must(give_mark(request)).record.floor;
  Journal journal = must(open(nothing()));
  EXPECT_EQ(journal.verdict().state, StoreState::clean);
  EXPECT_EQ(journal.verdict().floor, raised);
  const WritePermit permit = must(journal.activate(view_of(), raised));
  EXPECT_EQ(examined().verdict.record->state, StoreState::dirty);
}

TEST_F(MarkTest, TheBackupIsTheFileAsItWas) {
  leave_dirty(10);
  const std::string before = bytes_of(file());
  const WordGiven given = must(give_mark(mark(10)));
  EXPECT_EQ(given.backup.parent_path(), directory());
  EXPECT_TRUE(same_bytes(bytes_of(given.backup), before));
  EXPECT_EQ(image_of(given.backup).mode & 0777U, 0600U);
}

TEST_F(MarkTest, TheBackupIsTheFileAsItWasAlsoWhereItWantsHealing) {
  leave_dirty(10);
  flip_bit(2);
  const std::string before = bytes_of(file());
  EXPECT_TRUE(same_bytes(bytes_of(must(give_mark(mark(10))).backup), before));
}

TEST_F(MarkTest, TheAuditLineSaysWhoWhenAndWhy) {
  leave_dirty(10);
  const WordGiven given = must(give_mark(mark(10)));
  const auto lines = audit();
  ASSERT_EQ(lines.size(), 1U);
  const nlohmann::json& line = lines.front();
  EXPECT_EQ(line.at("word"), "mark-clean");
  EXPECT_EQ(line.at("who"), "operator@host");
  EXPECT_EQ(line.at("reason"), "the newest of three");
  EXPECT_EQ(line.at("sequence"), 10U);
  EXPECT_EQ(line.at("backup"), given.backup.filename().string());
  const std::regex rfc3339(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)");
  EXPECT_TRUE(std::regex_match(line.at("when").get<std::string>(), rfc3339));
}

TEST_F(MarkTest, TheAuditLineSurvivesAwkwardText) {
  leave_dirty(10);
  MarkRequest request = mark(10);
  request.reason = "a \"quote\", a \\, a\nnewline, a\ttab, \x01, \x7f, caf\u00e9";
  request.who = "\"};\n{\"word\":\"forged\"";
  must(give_mark(request));
  const auto lines = audit();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().at("reason"), request.reason);
  EXPECT_EQ(lines.front().at("who"), request.who);
  EXPECT_EQ(examined().verdict.record->reason, request.reason);
}

TEST_F(MarkTest, TextThatIsNoUtf8DoesNotSpoilTheAuditLog) {
  leave_dirty(10);
  MarkRequest request = mark(10);
  request.who = "w\xff";
  request.reason = "r\xc3";
  const auto given = give_mark(request);
  if (!given) {
    EXPECT_TRUE(fails(given, Errc::invalid_argument));
  } else {
    EXPECT_NO_THROW(EXPECT_EQ(audit().size(), 1U));
  }
}

// --- refused
// --------------------------------------------------------------------------------------

TEST_F(MarkTest, OnlyADirtyStoreIsMarked) {
  leave_founded();
  expect_refused(Errc::wrong_state, [&] { return give_mark(mark(0)); });
  fs::remove(file());
  leave_clean(10);
  expect_refused(Errc::wrong_state, [&] { return give_mark(mark(10)); });
  fs::remove(file());
  leave_updating(5, 9);
  expect_refused(Errc::wrong_state, [&] { return give_mark(mark(5)); });
}

TEST_F(MarkTest, AMarkedOrDiscardedStoreIsNotMarked) {
  leave_dirty(10);
  must(give_mark(mark(10)));
  expect_refused(Errc::wrong_state, [&] { return give_mark(mark(10)); });
  expect_refused(Errc::wrong_state, [&] { return discard(directory(), word(10)); });
  must(undo(directory(), "test"));
  must(discard(directory(), word(10)));
  expect_refused(Errc::wrong_state, [&] { return give_mark(mark(10)); });
  expect_refused(Errc::wrong_state, [&] { return discard(directory(), word(10)); });
}

TEST_F(MarkTest, NothingIsSaidOfAStoreInUse) {
  const Live live = activated();
  expect_refused(Errc::in_use, [&] { return give_mark(mark(0)); });
  expect_refused(Errc::in_use, [&] { return discard(directory(), word(0)); });
  expect_refused(Errc::in_use, [&] { return adopt(directory(), adoption(0)); });
  expect_refused(Errc::in_use, [&] { return undo(directory(), "test"); });
  expect_refused(Errc::in_use, [&] { return repair(directory()); });
}

TEST_F(MarkTest, AnotherSequenceThanSeenIsRefused) {
  leave_between(10, 14);
  expect_refused(Errc::changed_since, [&] { return give_mark(mark(9)); });
  expect_refused(Errc::changed_since, [&] { return give_mark(mark(14)); });
  expect_refused(Errc::changed_since, [&] { return discard(directory(), word(11)); });
}

TEST_F(MarkTest, RefusedItWritesNothingAlsoWhereTheFileWantsHealing) {
  leave_dirty(10);
  flip_bit(2);
  expect_refused(Errc::changed_since, [&] { return give_mark(mark(9)); });
  expect_refused(Errc::changed_since, [&] { return discard(directory(), word(9)); });
  expect_refused(Errc::nothing_to_undo, [&] { return undo(directory(), "test"); });
}

TEST_F(MarkTest, AnUnprovenSequenceIsRefused) {
  leave_unproven(10);
  expect_refused(Errc::unproven, [&] { return give_mark(mark(10)); });
}

TEST_F(MarkTest, AnUnprovenSequenceIsTakenWhereTheOperatorSaysSo) {
  leave_unproven(10);
  MarkRequest request = mark(10);
  request.accept_at_least = true;
  EXPECT_EQ(must(give_mark(request)).record.state, StoreState::clean);
}

TEST_F(MarkTest, AReasonIsNeeded) {
  leave_dirty(10);
  const auto with_reason = [&](const std::string& reason) {
    MarkRequest request = mark(10);
    request.reason = reason;
    return give_mark(request);
  };
  expect_refused(Errc::invalid_argument, [&] { return with_reason(""); });
  const std::string longest(max_reason_bytes, 'r');
  expect_refused(Errc::invalid_argument, [&] { return with_reason(longest + "r"); });
  EXPECT_TRUE(ok(with_reason(longest)));
}

TEST_F(MarkTest, AComparedStoreFarAheadIsAMistake) {
  leave_dirty(10);
  MarkRequest request = mark(10);
  request.compared = {{MemberId{new_uuid()}, ViewId{new_uuid()}, std::uint64_t{1} << 40}};
  expect_refused(Errc::jump_too_large, [&] { return give_mark(request); });
  request.compared.front().sequence = ~std::uint64_t{0};
  expect_refused(Errc::jump_too_large, [&] { return give_mark(request); });
}

TEST_F(MarkTest, MoreComparedStoresThanFitAreRefused) {
  {
    Live live = activated();
    View view = view_of(max_members);
    for (Member& member : view.members) member.label.assign(max_label_bytes, 'x');
    must(live.permit.change_view(view, 10));
  }
  MarkRequest request = mark(10);
  for (std::size_t i = 0; i < max_compared; ++i) {
    request.compared.push_back({MemberId{new_uuid()}, ViewId{new_uuid()}, i});
  }
  expect_refused(Errc::record_full, [&] { return give_mark(request); });
  request.compared.push_back(request.compared.front());
  expect_refused(Errc::invalid_argument, [&] { return give_mark(request); });
}

TEST_F(MarkTest, EveryOtherMemberOfTheLargestViewMayBeCompared) {
  View view = view_of(max_members);
  for (Member& member : view.members) member.label.assign(max_label_bytes, 'x');
  {
    Live live = activated();
    must(live.permit.change_view(view, 10));
    const std::vector<std::uint8_t> payload(max_payload_bytes, 7);
    must(live.permit.write_payload(payload));
  }
  MarkRequest request = mark(10);
  request.reason.assign(max_reason_bytes, 'r');
  for (std::size_t i = 1; i < max_members; ++i) {
    request.compared.push_back({view.members.at(i).id, view.id, 9});
  }
  EXPECT_EQ(must(give_mark(request)).record.compared, request.compared);
}

TEST_F(MarkTest, AFullHistoryMakesRoomForTheMark) {
  {
    Live live = activated();
    for (std::uint64_t n = 1; n <= max_history; ++n) must(live.permit.change_view(view_of(), n));
  }
  const Record record = must(give_mark(mark(max_history))).record;
  EXPECT_EQ(record.history.size(), max_history);
  EXPECT_EQ(record.history.back().from, max_history);
}

TEST_F(MarkTest, WhereThereIsNoJournalNothingIsSaid) {
  expect_refused(Errc::journal_absent, [&] { return give_mark(mark(0)); });
  expect_refused(Errc::journal_absent, [&] { return discard(directory(), word(0)); });
  expect_refused(Errc::journal_absent, [&] { return undo(directory(), "test"); });
  expect_refused(Errc::journal_absent, [&] { return repair(directory()); });
  const fs::path missing = root() / "missing";
  EXPECT_TRUE(fails(mark_clean(missing, mark(0)), Errc::directory_missing));
  EXPECT_TRUE(fails(discard(missing, word(0)), Errc::directory_missing));
  EXPECT_TRUE(fails(adopt(missing, adoption(0)), Errc::directory_missing));
  EXPECT_TRUE(fails(undo(missing, "test"), Errc::directory_missing));
  EXPECT_TRUE(fails(repair(missing), Errc::directory_missing));
}

TEST_F(MarkTest, OfADamagedOrNewerJournalNothingIsSaid) {
  leave_dirty(10);
  make_future();
  expect_refused(Errc::journal_future, [&] { return give_mark(mark(10)); });
  expect_refused(Errc::journal_future, [&] { return discard(directory(), word(10)); });
  expect_refused(Errc::journal_future, [&] { return adopt(directory(), adoption(10)); });
  expect_refused(Errc::journal_future, [&] { return undo(directory(), "test"); });
  expect_refused(Errc::journal_future, [&] { return repair(directory()); });
  zero_all_slots_and_anchors();
  expect_refused(Errc::journal_damaged, [&] { return give_mark(mark(10)); });
  expect_refused(Errc::journal_damaged, [&] { return discard(directory(), word(10)); });
  expect_refused(Errc::journal_damaged, [&] { return undo(directory(), "test"); });
  expect_refused(Errc::journal_damaged, [&] { return repair(directory()); });
}

TEST_F(MarkTest, AStoreThatHasNotCountedOnFromAMarkMayBeMarkedAgain) {
  leave_dirty(10);
  MarkRequest request = mark(10);
  request.compared = {{MemberId{new_uuid()}, ViewId{new_uuid()}, 25}};
  must(give_mark(request));
  {  // Its broker dies before the store knows where it stands.
    Journal journal = must(open(data(10)));
    const WritePermit permit = must(journal.activate(view_of(), 26));
  }
  must(give_mark(mark(26)));
  const Journal journal = must(open(data(10)));
  EXPECT_EQ(journal.verdict().diagnosis, Diagnosis::none) << "it still holds what it held";
  EXPECT_EQ(journal.verdict().state, StoreState::clean);
}

}  // namespace
}  // namespace storemark::real
