// SPDX-License-Identifier: Apache-2.0
// The real program: marked by an operator, updated from another member, and copied.
#include <csignal>

#include "program.hpp"

namespace store_module {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using storemark::StoreState;

class StoreModuleUpdateTest : public StoreModuleTest {
 protected:
  /// a is ahead of b, both dirty.
  void two_stores() {
    make_text(24);
    fill("a", 20);
    fill("b", 15);
  }

  /// The operator's word for `name` after looking at `others`.
  void mark(const std::string& name, const std::vector<std::string>& others) const {
    storemark::MarkRequest request{.if_sequence = verdict(store(name)).floor,
                                   .reason = "it holds the most",
                                   .who = "the test",
                                   .compared = {},
                                   .accept_at_least = false};
    for (const std::string& other : others) {
      const auto& record = verdict(store(other)).record;
      request.compared.push_back({record->member, record->view.id, record->ceiling});
    }
    const auto given = storemark::mark_clean(store(name), request);
    ASSERT_TRUE(given) << to_string(given.error());
  }

  void expect_same_content(const std::string& one, const std::string& other) const {
    EXPECT_EQ(head(store(one)), head(store(other)));
    EXPECT_EQ(run({store(one), "--dump"}).out, run({store(other), "--dump"}).out);
  }
};

TEST_F(StoreModuleUpdateTest, TakesTheContentAndTheHistory) {
  two_stores();
  const std::string b = store("b");
  const Finished updated = run({b, "--update-from", store("a"), "--input", text()});
  ASSERT_EQ(updated.status, 0) << updated.err;
  EXPECT_TRUE(updated.says("updated from a: 20 messages, sequence 20")) << updated.err;
  EXPECT_EQ(head(b).messages, 24U);
  EXPECT_EQ(verdict(b).state, StoreState::dirty);
  EXPECT_TRUE(fs::exists(b + "/messages.before-update.1/data.mdb"));
  const auto donor = verdict(store("a")).record->history;
  const auto joiner = verdict(b).record->history;
  ASSERT_EQ(joiner.size(), donor.size() + 1);  // and the view it was activated in
  EXPECT_TRUE(std::ranges::equal(donor, std::vector(joiner.begin(), joiner.end() - 1)));
}

TEST_F(StoreModuleUpdateTest, TakesItFromARunningDonor) {
  make_text(400);
  fill("b", 15);
  Program donor({store("a"), "--initial", cluster, "--input", text(), "--rate", "500"});
  wait_until_held(store("a"), 50);
  const Finished updated = run({store("b"), "--update-from", store("a"), "--open-only"});
  ASSERT_EQ(updated.status, 0) << updated.err;
  donor.send(SIGTERM);
  EXPECT_EQ(donor.wait().status, 0);
  EXPECT_GE(head(store("b")).messages, 50U);
  expect_prefix_within_claims(store("b"));
}

TEST_F(StoreModuleUpdateTest, AnEmptyStoreJoinsTheCluster) {
  two_stores();
  const std::string c = store("c");
  const Finished updated = run({c, "--update-from", store("a"), "--open-only"});
  ASSERT_EQ(updated.status, 0) << updated.err;
  EXPECT_EQ(to_string(verdict(c).record->initial), cluster);
  expect_same_content("a", "c");
}

TEST_F(StoreModuleUpdateTest, KilledAnywhereItIsOldUpdatingOrNew) {
  two_stores();
  ASSERT_EQ(run({store("b"), "--open-only"}).status, 0);  // from now on it claims 15, exactly
  SCOPED_TRACE("seed " + std::to_string(seed_));
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::string b = copy_of("b", round);
    {
      Program program({b, "--update-from", store("a"), "--open-only"});
      pause(40ms);
      program.send(SIGKILL);
      (void)program.wait();
    }
    const std::uint64_t held = head(b).messages;
    EXPECT_TRUE(held == 15 || held == 20) << held;
    if (verdict(b).state == StoreState::updating) {
      EXPECT_EQ(run({b, "--input", text()}).status, 4);
      EXPECT_EQ(verdict(b).state, StoreState::updating);
    } else {
      expect_prefix_within_claims(b);
    }
    const Finished again = run({b, "--update-from", store("a"), "--open-only"});
    ASSERT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(head(b), head(store("a")));
    expect_prefix_within_claims(b);
  }
}

TEST_F(StoreModuleUpdateTest, AMarkedStoreGoesOnAboveThoseItReplaces) {
  two_stores();
  fill("c", 5);
  mark("a", {"b", "c"});
  const std::string a = store("a");
  const std::uint64_t raised = verdict(a).floor;
  EXPECT_GT(raised, 20U);
  EXPECT_EQ(run({store("b"), "--update-from", a, "--open-only"}).status, 1);  // not started yet

  EXPECT_TRUE(run({a, "--open-only"}).says("clean")) << "an aborted start keeps the mark";
  const Finished restarted = run({a, "--input", head_of_text(22)});
  ASSERT_EQ(restarted.status, 0) << restarted.err;
  EXPECT_EQ(head(a).messages, 22U);
  EXPECT_EQ(head(a).sequence, raised + 2);

  for (const std::string name : {"b", "c"}) {
    const Finished updated = run({store(name), "--update-from", a, "--open-only"});
    ASSERT_EQ(updated.status, 0) << updated.err;
  }
  for (const std::string name : {"a", "b", "c"}) {
    const Finished finished =
        run({store(name), "--view-members", "a,b,c", "--input", text(), "--shutdown", shutdown_1});
    ASSERT_EQ(finished.status, 0) << finished.err;
    EXPECT_EQ(head(store(name)).sequence, raised + 4);
    EXPECT_EQ(verdict(store(name)).state, StoreState::clean);
    EXPECT_EQ(verdict(store(name)).record->view.id, verdict(store("a")).record->view.id);
    expect_same_content("a", name);
  }
}

TEST_F(StoreModuleUpdateTest, AMarkedStoreKilledAtItsStartGoesOn) {
  two_stores();
  SCOPED_TRACE("seed " + std::to_string(seed_));
  mark("a", {"b"});
  const std::uint64_t raised = verdict(store("a")).floor;
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::string copy = copy_of("a", round);
    {
      Program program({copy, "--input", text()});
      pause(40ms);
      program.send(SIGKILL);
      (void)program.wait();
    }
    const Finished finished = run({copy, "--input", text(), "--shutdown", shutdown_1});
    ASSERT_EQ(finished.status, 0) << finished.err;
    EXPECT_EQ(head(copy).messages, 24U);
    EXPECT_EQ(head(copy).sequence, raised + 4);
  }
}

TEST_F(StoreModuleUpdateTest, AMarkedStoreThatWasNotLiftedYetIsLiftedAtTheNextStart) {
  two_stores();
  mark("a", {"b"});
  const std::string a = store("a");
  const std::uint64_t raised = verdict(a).floor;
  {
    // The program, up to the instant between activation and the store's own commit.
    storemark::StoreFacts facts;
    facts.content = storemark::StoreContent::holds_data;
    facts.sequence = 20;
    auto journal = storemark::Journal::open(a, facts);
    ASSERT_TRUE(journal) << to_string(journal.error());
    storemark::View view;
    view.id = storemark::ViewId(storemark::new_uuid());
    view.members.push_back({journal->record().member, "a", 20});
    const auto permit = journal->activate(view, raised);
    ASSERT_TRUE(permit) << to_string(permit.error());
  }
  ASSERT_FALSE(verdict(a).record->marked);
  const Finished finished = run({a, "--input", text(), "--shutdown", shutdown_1});
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(head(a).sequence, raised + 4);
}

TEST_F(StoreModuleUpdateTest, RefusesADonorOfAnotherCluster) {
  two_stores();
  const std::string other = store("other");
  ASSERT_EQ(run({other, "--initial", other_cluster, "--input", text()}).status, 0);
  const Finished refused = run({store("b"), "--update-from", other});
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(refused.says("SM106")) << refused.err;
  EXPECT_EQ(verdict(store("b")).state, StoreState::dirty);
  EXPECT_EQ(head(store("b")).messages, 15U);
}

TEST_F(StoreModuleUpdateTest, RefusesACopyOfItself) {
  two_stores();
  fs::copy(store("b"), root_ / "clone", fs::copy_options::recursive);
  const Finished refused = run({store("b"), "--update-from", root_ / "clone"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(refused.says("own member id")) << refused.err;
}

TEST_F(StoreModuleUpdateTest, RefusesADonorThatIsEmptyOrLost) {
  two_stores();
  const std::string c = store("c");
  EXPECT_TRUE(run({store("b"), "--update-from", c}).says("absent"));
  ASSERT_EQ(run({c, "--initial", cluster, "--open-only"}).status, 0);
  EXPECT_TRUE(run({store("b"), "--update-from", c}).says("it is empty"));
  EXPECT_EQ(verdict(store("b")).state, StoreState::dirty);
}

}  // namespace
}  // namespace store_module
