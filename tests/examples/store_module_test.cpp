// SPDX-License-Identifier: Apache-2.0
// The real program: killed, restarted, shut down, and lied to.
#include <csignal>
#include <fstream>
#include <sstream>

#include "program.hpp"

namespace store_module {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using storemark::Certainty;
using storemark::StoreState;

std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_F(StoreModuleTest, KilledAnywhereItClaimsNoMoreThanItHolds) {
  make_text(400);
  const std::string a = store("a");
  SCOPED_TRACE("seed " + std::to_string(seed_));
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::uint64_t before = verdict(a).floor;
    const std::uint64_t held = head(a).messages;
    std::vector<std::string> arguments{a, "--initial", cluster, "--input", text(), "--rate", "300"};
    if (round % 3 == 0) arguments.insert(arguments.end(), {"--interval", "5"});
    if (round % 3 == 1) arguments.insert(arguments.end(), {"--interval", "0"});
    if (round % 3 == 2) arguments.emplace_back("--every-event");
    Program program(arguments);
    // One half while it starts, the other while it is at work.
    if (round % 2 == 0) wait_until_held(a, held + 1);
    pause(30ms);
    program.send(SIGKILL);
    const Finished finished = program.wait();
    ASSERT_EQ(finished.status, 128 + SIGKILL) << finished.err;
    expect_prefix_within_claims(a);
    if (HasFatalFailure()) return;
    EXPECT_GE(verdict(a).floor, before);
  }
  const Finished last = run({a, "--input", text(), "--shutdown", shutdown_1});
  ASSERT_EQ(last.status, 0) << last.err;
  EXPECT_EQ(run({a, "--dump"}).out, read_file(text()));
  EXPECT_EQ(verdict(a).state, StoreState::clean);
  expect_prefix_within_claims(a);
}

TEST_F(StoreModuleTest, KilledInItsShutdownItIsCleanOnlyIfItIs) {
  make_text(12);
  fill("a", 10);
  SCOPED_TRACE("seed " + std::to_string(seed_));
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::string copy = copy_of("a", round);
    Program program({copy, "--input", text(), "--shutdown", shutdown_1});
    if (round % 2 == 0) wait_until_held(copy, 12);
    pause(20ms);
    program.send(SIGKILL);
    (void)program.wait();
    expect_prefix_within_claims(copy);
    if (HasFatalFailure()) return;
  }
}

TEST_F(StoreModuleTest, EveryEventIsExactAfterAKill) {
  make_text(600);
  const std::string a = store("a");
  Program program({a, "--initial", cluster, "--input", text(), "--every-event", "--interval", "0",
                   "--rate", "500"});
  wait_until_held(a, 20);
  program.send(SIGKILL);
  (void)program.wait();
  const storemark::Verdict claims = verdict(a);
  EXPECT_LE(claims.ceiling - claims.floor, 1U);  // killed between reserve and the write
  expect_prefix_within_claims(a);
}

TEST_F(StoreModuleTest, RestartedItTellsTheJournalWhatItHolds) {
  make_text(400);
  const std::string a = store("a");
  Program program({a, "--initial", cluster, "--input", text(), "--rate", "500"});
  wait_until_held(a, 20);
  program.send(SIGKILL);
  (void)program.wait();
  const Finished opened = run({a, "--open-only"});
  ASSERT_EQ(opened.status, 0) << opened.err;
  EXPECT_EQ(verdict(a).floor, head(a).sequence);
  EXPECT_EQ(verdict(a).ceiling, head(a).sequence);
  EXPECT_EQ(verdict(a).certainty, Certainty::exact);
  EXPECT_EQ(verdict(a).state, StoreState::dirty);
}

TEST_F(StoreModuleTest, CleanStaysCleanUntilItIsActivated) {
  make_text(30);
  fill("a", 20, shutdown_1);
  const std::string a = store("a");
  const auto expect_clean = [&] {
    EXPECT_EQ(verdict(a).state, StoreState::clean);
    EXPECT_EQ(to_string(verdict(a).record->final), shutdown_1);
    expect_prefix_within_claims(a);
  };
  expect_clean();
  EXPECT_TRUE(run({a, "--open-only"}).says("clean, sequence 20 (exact)"));
  expect_clean();
  std::ofstream(root_ / "wrong") << "another text\n" << read_file(text());
  const Finished wrong = run({a, "--input", root_ / "wrong"});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_TRUE(wrong.says("another text")) << wrong.err;
  expect_clean();
  EXPECT_EQ(run({a, "--initial", other_cluster, "--input", text()}).status, 1);
  expect_clean();

  EXPECT_EQ(run({a, "--input", text(), "--shutdown", shutdown_2}).status, 0);
  EXPECT_EQ(verdict(a).state, StoreState::clean);
  EXPECT_EQ(to_string(verdict(a).record->final), shutdown_2);
  EXPECT_EQ(head(a).messages, 30U);
}

TEST_F(StoreModuleTest, StoreWithMoreThanAtItsShutdownIsNotClean) {
  make_text(20);
  fill("a", 20, shutdown_1);
  const std::string a = store("a");
  MessageStore(a).append("behind the journal's back");
  const Finished opened = run({a, "--open-only"});
  EXPECT_TRUE(opened.says("dirty, sequence 21")) << opened.err;
  EXPECT_EQ(verdict(a).state, StoreState::dirty);
}

TEST_F(StoreModuleTest, AnotherStoreOfTheSameCountIsNotClean) {
  make_text(20);
  fill("a", 20, shutdown_1);
  const std::string a = store("a");
  const std::string other = store("other");
  {
    MessageStore store(other);
    for (int n = 0; n < 20; ++n) store.append("as many, but others");
  }
  fs::remove_all(a + "/messages");
  fs::rename(other + "/messages", a + "/messages");
  const Finished opened = run({a, "--open-only"});
  EXPECT_TRUE(opened.says("dirty, sequence 20")) << opened.err;
  EXPECT_EQ(verdict(a).state, StoreState::dirty);
}

TEST_F(StoreModuleTest, AChangedMessageIsFoundWhenAskedFor) {
  make_text(20);
  fill("a", 20, shutdown_1);
  const std::string a = store("a");
  const fs::path data = fs::path(a) / "messages" / "data.mdb";
  std::string bytes = read_file(data);
  std::size_t found = 0;  // old pages of the store may hold the message too
  for (std::size_t at = 0; (at = bytes.find("line 7.", at)) != std::string::npos; ++found) {
    bytes.replace(at, 4, "LINE");
  }
  ASSERT_GT(found, 0U);
  std::ofstream(data) << bytes;

  const Finished refused = run({a, "--check-messages", "--input", text()});
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(refused.says("dirty, sequence 20")) << refused.err;
  EXPECT_TRUE(refused.says("not those that the store took in")) << refused.err;
  EXPECT_EQ(verdict(a).state, StoreState::dirty);
}

TEST_F(StoreModuleTest, MissingJournalIsLostAndNotMadeAnew) {
  make_text(20);
  fill("a", 20);
  const std::string a = store("a");
  fs::remove(a + "/storemark.journal");
  const Finished refused = run({a, "--initial", cluster, "--input", text()});
  EXPECT_EQ(refused.status, 6);
  EXPECT_TRUE(refused.says("SM201")) << refused.err;
  EXPECT_FALSE(fs::exists(a + "/storemark.journal"));
  EXPECT_EQ(head(a).messages, 20U);
}

TEST_F(StoreModuleTest, MissingStoreIsHollowAndNotFilledAnew) {
  make_text(20);
  fill("a", 20);
  const std::string a = store("a");
  fs::remove_all(a + "/messages");
  const Finished refused = run({a, "--initial", cluster, "--input", text()});
  EXPECT_EQ(refused.status, 6);
  EXPECT_TRUE(refused.says("SM202")) << refused.err;
  EXPECT_TRUE(MessageStore(a).holds_nothing());
}

TEST_F(StoreModuleTest, OneProcessAtATime) {
  make_text(600);
  const std::string a = store("a");
  Program first({a, "--initial", cluster, "--input", text(), "--rate", "100"});
  wait_until_held(a, 1);
  const Finished second = run({a, "--input", text()});
  EXPECT_EQ(second.status, 7);
  EXPECT_TRUE(second.says("SM301")) << second.err;
  first.send(SIGTERM);
  EXPECT_EQ(first.wait().status, 0);
}

TEST_F(StoreModuleTest, StoppedByASignalItIsDirtyOrCleanAsTold) {
  make_text(600);
  const std::string a = store("a");
  for (const bool shut_down : {false, true}) {
    std::vector<std::string> arguments{a, "--initial", cluster, "--input", text(), "--rate", "200"};
    if (shut_down) arguments.insert(arguments.end(), {"--shutdown", shutdown_1});
    Program program(arguments);
    wait_until_held(a, shut_down ? 20 : 10);
    program.send(SIGTERM);
    const Finished finished = program.wait();
    ASSERT_EQ(finished.status, 0) << finished.err;
    EXPECT_EQ(verdict(a).state, shut_down ? StoreState::clean : StoreState::dirty);
    EXPECT_EQ(verdict(a).floor, head(a).sequence);
    expect_prefix_within_claims(a);
  }
}

TEST_F(StoreModuleTest, FoundingStopsAtEmpty) {
  const std::string a = store("a");
  const Finished unfounded = run({a});
  EXPECT_EQ(unfounded.status, 1);
  EXPECT_TRUE(unfounded.says("SM105")) << unfounded.err;
  EXPECT_EQ(run({a, "--initial", cluster, "--open-only"}).status, 0);
  EXPECT_EQ(verdict(a).state, StoreState::empty);
  EXPECT_EQ(to_string(verdict(a).record->initial), cluster);
}

TEST_F(StoreModuleTest, TakesATextWithoutALastLineEnd) {
  std::ofstream(root_ / "text") << "one\n\nthree";
  const std::string a = store("a");
  EXPECT_EQ(run({a, "--initial", cluster, "--input", text()}).status, 0);
  EXPECT_EQ(run({a, "--input", text()}).status, 0);
  EXPECT_EQ(run({a, "--dump"}).out, "one\n\nthree\n");
}

TEST_F(StoreModuleTest, NamesWrongUsage) {
  const std::string a = store("a");
  EXPECT_EQ(run({}).status, 2);
  EXPECT_EQ(run({a, "--initial", "no-uuid"}).status, 2);
  EXPECT_EQ(run({a, "--initial", "00000000-0000-0000-0000-000000000000"}).status, 2);
  EXPECT_EQ(run({a, "--no-such-flag"}).status, 2);
  EXPECT_EQ(run({root_ / "absent"}).status, 2);
  EXPECT_TRUE(fs::is_empty(a));
  EXPECT_EQ(run({"--help"}).status, 0);
}

}  // namespace
}  // namespace store_module
