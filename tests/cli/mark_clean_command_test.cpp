// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class MarkCleanCommand : public StoresTest {
 protected:
  /// mark-clean of a store that is seen at a sequence.
  static Ran mark(const std::string& directory, const std::string& sequence,
                  std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"mark-clean", directory,  "--if-sequence",
                                       sequence,     "--reason", "a test"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_tool(arguments);
  }
  /// It was refused like this, and nothing was written.
  void expect_refused(const Ran& ran, int status, const std::string& id,
                      const std::string& directory, const std::string& before) {
    EXPECT_EQ(ran.status, status) << ran.err;
    EXPECT_TRUE(ran.complains(id)) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(bytes(directory), before);
  }
};

TEST_F(MarkCleanCommand, MarksTheLatest) {
  const std::string b1 = dirty("b1", 1042);
  const std::string b2 = dirty("b2", 990);
  const Ran ran = mark(b1, "1042", {"--compared", b2});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(ran.says_in_words("storemark undo " + b1)) << ran.out;
  const Examination seen = examined(b1);
  EXPECT_EQ(seen.verdict.state, StoreState::clean);
  ASSERT_TRUE(seen.verdict.record->marked);
  EXPECT_EQ(seen.verdict.record->reason, "a test");
  const Record other = *examined(b2).verdict.record;
  EXPECT_EQ(seen.verdict.record->compared,
            (std::vector<Compared>{{other.member, other.view.id, 990}}));
}

TEST_F(MarkCleanCommand, RaisesAboveWhatItGivesUp) {
  const std::string b1 = dirty("b1", 1042);
  const std::string b2 = dirty_between("b2", 1000, 1050);
  const Ran ran = mark(b1, "1042", {"--compared", b2});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(ran.complains("up to 8 events")) << ran.err;
  EXPECT_GT(examined(b1).verdict.floor, 1050U);
}

TEST_F(MarkCleanCommand, TwoMarksContradictEachOther) {
  const std::string b1 = dirty("b1", 1042);
  const std::string b2 = dirty("b2", 990);
  ASSERT_EQ(mark(b1, "1042").status, 0);
  ASSERT_EQ(mark(b2, "990").status, 0);
  const Ran ran = run_tool({"examine", b1, b2});
  EXPECT_EQ(ran.status, 5);
  EXPECT_TRUE(ran.says_in_words("conflict two marks:")) << ran.out;
}

TEST_F(MarkCleanCommand, SaysThatNothingWasCompared) {
  const Ran ran = mark(dirty("b1", 5), "5");
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.complains("compared with no other store")) << ran.err;
}

TEST_F(MarkCleanCommand, Json) {
  const Ran ran = mark(dirty("b1", 5), "5", {"-o", "json"});
  const auto json = ran.json();
  EXPECT_EQ(json["schema"], "storemark.word/1");
  EXPECT_EQ(json["word"], "mark-clean");
  EXPECT_EQ(json["record"]["state"], "clean");
  EXPECT_EQ(json["undo"], (nlohmann::json{"storemark", "undo", path("b1")}));
  EXPECT_TRUE(std::filesystem::exists(json["backup"].get<std::string>()));
}

TEST_F(MarkCleanCommand, AnotherSequenceThanWasSeen) {
  const std::string b1 = dirty("b1", 1042);
  const std::string before = bytes(b1);
  expect_refused(mark(b1, "1041"), 9, "SM112", b1, before);
}

TEST_F(MarkCleanCommand, OnlyADirtyStore) {
  const std::string c = clean("c", 5);
  expect_refused(mark(c, "5"), 8, "SM107", c, bytes(c));
  const std::string u = updating("u", 5);
  expect_refused(mark(u, "0"), 8, "SM107", u, bytes(u));
  const std::string e = empty("e");
  expect_refused(mark(e, "0"), 8, "SM107", e, bytes(e));
}

TEST_F(MarkCleanCommand, AJournalInUse) {
  const std::string b1 = dirty("b1", 5);
  const auto broker = open(b1, 5);
  expect_refused(mark(b1, "5"), 7, "SM301", b1, bytes(b1));
}

TEST_F(MarkCleanCommand, AStoreThatIsNotThere) {
  EXPECT_EQ(mark(path("nowhere"), "5").status, 1);
  std::filesystem::create_directory(path("bare"));
  EXPECT_EQ(mark(path("bare"), "5").status, 8);
  EXPECT_TRUE(std::filesystem::is_empty(path("bare")));
}

TEST_F(MarkCleanCommand, ADamagedJournal) {
  const std::string b1 = dirty("b1", 5);
  for (unsigned slot = 0; slot < slot_count; ++slot) zero(b1, slot);
  expect_refused(mark(b1, "5"), 6, "SM203", b1, bytes(b1));
}

TEST_F(MarkCleanCommand, ALowerBoundNeedsItsFlag) {
  const std::string b1 = dirty("b1", 5);
  for (const unsigned slot : {0U, 2U, 4U}) flip_bit(b1, slot);
  ASSERT_EQ(examined(b1).verdict.certainty, Certainty::at_least);
  const Ran refused = mark(b1, "5");
  EXPECT_EQ(refused.status, 8);
  EXPECT_TRUE(refused.complains("SM114")) << refused.err;
  EXPECT_EQ(examined(b1).verdict.state, StoreState::dirty);
  EXPECT_EQ(mark(b1, "5", {"--accept-at-least"}).status, 0);
}

TEST_F(MarkCleanCommand, AComparedStoreThatCannotBeRead) {
  const std::string b1 = dirty("b1", 5);
  const std::string before = bytes(b1);
  expect_refused(mark(b1, "5", {"--compared", path("nowhere")}), 1, "SM306", b1, before);
  const std::string broken = dirty("broken", 5);
  for (unsigned slot = 0; slot < slot_count; ++slot) zero(broken, slot);
  expect_refused(mark(b1, "5", {"--compared", broken}), 6, "SM203", b1, before);
}

TEST_F(MarkCleanCommand, AComparedStoreOfAnotherCluster) {
  const std::string b1 = dirty("b1", 5);
  const std::string before = bytes(b1);
  expect_refused(mark(b1, "5", {"--compared", clone("copy", b1)}), 5, "SM101", b1, before);
  cluster_ = InitialUuid{new_uuid()};
  expect_refused(mark(b1, "5", {"--compared", dirty("stranger", 5)}), 5, "SM101", b1, before);
}

TEST_F(MarkCleanCommand, AComparedStoreInUse) {
  const std::string b1 = dirty("b1", 5);
  const std::string b2 = dirty("b2", 4);
  const auto broker = open(b2, 4);
  expect_refused(mark(b1, "5", {"--compared", b2}), 7, "SM301", b1, bytes(b1));
}

/// What plan says to type, over stores that were all killed.
std::vector<std::string> planned(const std::vector<std::string>& stores) {
  std::vector<std::string> argv{"plan", "--json", "--wait-for", "1"};
  argv.insert(argv.end(), stores.begin(), stores.end());
  std::vector<std::string> next = run_tool(argv).json().at("next").at(0);
  next.erase(next.begin());
  return next;
}

TEST_F(MarkCleanCommand, WhatThePlanSaysIsDoneWhileNothingMoves) {
  const std::string b1 = dirty("b1", 1042);
  const std::string b2 = dirty("b2", 990);
  const Ran ran = run_tool(planned({b1, b2}));
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(examined(b1).verdict.record->compared.size(), 1U);
}

TEST_F(MarkCleanCommand, AComparedStoreThatMovedSinceThePlan) {
  const std::string b1 = dirty("b1", 1042);
  const std::string b2 = dirty("b2", 990);
  const auto argv = planned({b1, b2});
  {
    auto broker = open(b2, 990);
    auto permit = broker->activate(view_, 990);
    ASSERT_TRUE(permit && permit->write_sequence(1000));
  }
  const Ran ran = run_tool(argv);
  expect_refused(ran, 9, "SM112", b1, bytes(b1));
  EXPECT_TRUE(ran.complains("its sequence was 990, and is 1000, its generation was")) << ran.err;
  EXPECT_TRUE(ran.complains("plan again")) << ran.err;
  EXPECT_TRUE(ran.complains(b2)) << ran.err;
  EXPECT_EQ(examined(b1).verdict.state, StoreState::dirty);
}

TEST_F(MarkCleanCommand, AnyRecordWrittenSinceThePlanIsNoticed) {
  const std::string b1 = dirty("b1", 1042);
  const std::string b2 = dirty("b2", 990);
  const auto argv = planned({b1, b2});
  {
    auto broker = open(b1, 1042);  // the same sequence, and one more record
    ASSERT_TRUE(broker->activate(view_, 1042));
  }
  const Ran ran = run_tool(argv);
  EXPECT_EQ(ran.status, 9) << ran.err;
  EXPECT_TRUE(ran.complains("its generation was")) << ran.err;
  EXPECT_TRUE(ran.complains(b1)) << ran.err;
}

TEST_F(MarkCleanCommand, ASavedAnswerIsComparedAsItWasSeen) {
  const std::string b1 = dirty("b1", 1042);
  const std::string saved = path("saved.json");
  std::ofstream(saved) << run_tool({"examine", "--json", dirty("b2", 990), dirty("b3", 800)}).out;
  const auto argv = planned({b1, saved});
  std::ofstream(saved) << run_tool({"examine", "--json", path("b2"), dirty("b4", 2000)}).out;
  const Ran refused = run_tool(argv);
  EXPECT_EQ(refused.status, 9) << refused.err;
  std::ofstream(saved) << run_tool({"examine", "--json", path("b2"), path("b3")}).out;
  EXPECT_EQ(run_tool(argv).status, 0);
  EXPECT_EQ(examined(b1).verdict.record->compared.size(), 2U);
}

TEST_F(MarkCleanCommand, ADirectoryMayBeCalledLikeAStamp) {
  const std::string b1 = dirty("b1", 1042);
  const std::string b2 = dirty("b2@7", 990);
  EXPECT_EQ(mark(b1, "1042", {"--compared", b2 + "@991"}).status, 9);
  EXPECT_EQ(mark(b1, "1042", {"--compared", b2}).status, 0);
}

TEST_F(MarkCleanCommand, WrongWords) {
  const std::string b1 = dirty("b1", 5);
  const std::string before = bytes(b1);
  for (const char* number : {"", "-5", "0x5", "5.0", "99999999999999999999"}) {
    expect_refused(mark(b1, number), 2, "SM101", b1, before);
  }
  expect_refused(run_tool({"mark-clean", b1, "--if-sequence", "5"}), 2, "SM101", b1, before);
  expect_refused(run_tool({"mark-clean", b1, "--reason", "x"}), 2, "SM101", b1, before);
  expect_refused(run_tool({"mark-clean", b1, "--if-sequence", "5", "--reason", ""}), 2, "SM101", b1,
                 before);
  expect_refused(
      run_tool({"mark-clean", b1, "--if-sequence", "5", "--reason", std::string(129, 'x')}), 2,
      "SM101", b1, before);
  for (const char* seen : {"", "5", "5.1", "5.1.xyz"}) {
    expect_refused(mark(b1, "5", {"--as-seen", seen}), 2, "SM101", b1, before);
  }
}

}  // namespace
}  // namespace storemark::cli_test
