// SPDX-License-Identifier: Apache-2.0
// For every short history: cut it in every device call, with every image that the cut can leave;
// open, cut the healing everywhere, open, cut that healing everywhere, open; go on.
#include <gtest/gtest.h>

#include <unordered_set>

#include "support/explore.hpp"

namespace storemark::sim {
namespace {

using enum Op;

/// A history of whole sessions, the last of which is cut in its last op.
struct History {
  const char* name;
  std::vector<std::vector<Op>> sessions;  ///< played to their ends
  std::vector<Op> cut;                    ///< the session that is cut, in its last op
};

std::vector<Op> with_events(std::vector<Op> ops, int events, std::initializer_list<Op> rest = {}) {
  for (int i = 0; i < events; ++i) ops.push_back(event);
  ops.insert(ops.end(), rest);
  return ops;
}

std::vector<History> histories() {
  std::vector<History> out{
      {"creation", {}, {}},
      {"founding", {}, {found}},
      {"founding again", {{found}}, {found}},
      {"first activation", {{found}}, {activate}},
      {"activation of an idle clean store", {{found, activate, clean}}, {activate}},
      {"update of an empty store", {{found}}, {begin_update}},
      {"end of the update of an empty store", {{found}}, {begin_update, end_update}},
      {"update of a clean store", {{found, activate, event, clean}}, {begin_update}},
      {"update of a dirty store", {{found, activate, event, event}}, {begin_update}},
      {"end of an update", {{found, activate, event, clean}}, {begin_update, end_update}},
      {"activation after an update", {{found, begin_update, end_update}}, {activate}},
      {"update begun again", {{found, activate, event, begin_update}}, {begin_update}},
  };
  for (int events = 0; events <= 5; ++events) {
    const std::vector<Op> session = with_events({found, activate}, events);
    out.push_back({"event", {}, with_events(session, 1)});
    out.push_back({"view", {}, with_events(session, 0, {view})});
    out.push_back({"payload", {}, with_events(session, 0, {payload})});
    out.push_back({"clean", {}, with_events(session, 0, {clean})});
    out.push_back({"leaving", {}, with_events(session, 0, {leave})});
    out.push_back({"session after a leaving",
                   {with_events(session, 0, {leave})},
                   with_events({activate}, 1, {leave})});
    out.push_back({"reactivation of a crashed store", {session}, {activate}});
    out.push_back(
        {"reactivation of a clean store", {with_events(session, 0, {clean})}, {activate}});
    out.push_back({"second session", {session}, with_events({activate}, events + 1)});
    out.push_back({"second shutdown",
                   {with_events(session, 0, {clean})},
                   with_events({activate}, events, {view, clean})});
  }
  return out;
}

class EveryCrash : public testing::TestWithParam<std::tuple<Telling, bool>> {
 protected:
  void fail_on(const Branch& branch, const Rig& rig) {
    if (++failures_ > 5) return;
    ADD_FAILURE() << rig.detail() << "\n  after: " << branch.story;
  }

  std::function<void(const Branch&, const Rig&)> on_violation() {
    return [this](const Branch& branch, const Rig& rig) { fail_on(branch, rig); };
  }

  /// Opens; then the power goes, or not, before anything else was written; opens again: the same
  /// answer, and nothing more to heal. Then the broker goes on.
  void settle(const Branch& branch) {
    Branch answered = branch;
    const std::optional<Verdict> first = open(answered);
    if (!first) return;
    for (const char* then : {"", ", then unflushed sectors dropped", ", then torn"}) {
      Branch again = answered;
      again.story += then;
      if (*then != '\0') {
        const bool torn = std::string_view(then).ends_with("torn");
        again.scene.disk.power_cut(
            [&](std::uint64_t, std::size_t sector) {
              return torn && sector == 0 ? Fate::garbage : Fate::dropped;
            },
            0);
      }
      const std::uint64_t writes = again.scene.disk.writes();
      const std::optional<Verdict> second = open(again);
      if (!second) continue;
      EXPECT_EQ(first->state, second->state) << again.story;
      EXPECT_EQ(first->floor, second->floor) << again.story;
      // One slot may have waited to be flushed: then it is one more to heal, and no news.
      if (*then != '\0') continue;
      EXPECT_EQ(first->record->generation, second->record->generation) << again.story;
      if (again.scene.mode.read_back_proves) {
        EXPECT_EQ(writes, again.scene.disk.writes()) << "healed twice\n  after: " << again.story;
      }
    }
    go_on(answered, *first);
  }

  std::optional<Verdict> open(Branch& branch) {
    std::optional<Verdict> verdict;
    {
      Rig rig(branch.scene);
      const bool opened = rig.open();
      ++opens_;
      if (!rig.violations().empty()) fail_on(branch, rig);
      if (opened) verdict = rig.journal().verdict();
    }
    branch.scene.disk.kill_process();
    if (verdict && verdict->certainty == Certainty::at_least) {
      ADD_FAILURE() << "a crash alone was taken for a fault\n  after: " << branch.story;
    }
    return verdict;
  }

  /// Whatever was left, a broker that does the next right thing gets through.
  void go_on(const Branch& branch, const Verdict& verdict) {
    std::vector<Op> ops;
    if (verdict.record->initial.is_nil()) ops.push_back(found);
    if (verdict.record->state == StoreState::updating) {
      ops.insert(ops.end(), {begin_update, end_update});
    }
    ops.insert(ops.end(), {activate, event, event, clean});
    Branch after = play(branch, ops, on_violation());
    Rig rig(after.scene);
    ASSERT_TRUE(rig.open()) << after.story;
    if (!rig.violations().empty()) fail_on(after, rig);
    EXPECT_EQ(rig.journal().verdict().state, StoreState::clean) << after.story;
  }

  /// `healings` more cuts, in the open itself.
  void explore(const Branch& branch, int healings) {
    if (!seen_.insert(fingerprint(branch.scene)).second) return;
    settle(branch);
    if (healings == 0) return;
    cut_everywhere(
        branch, {}, [&](Branch cut) { explore(cut, healings - 1); }, on_violation());
  }

  std::unordered_set<std::string> seen_;
  std::uint64_t opens_ = 0;
  int failures_ = 0;
};

TEST_P(EveryCrash, leaves_what_was_promised) {
  for (const History& history : histories()) {
    Branch branch;
    branch.scene.telling = std::get<0>(GetParam());
    branch.scene.mode.direct = std::get<1>(GetParam());
    branch.scene.mode.read_back_proves = std::get<1>(GetParam());
    branch.story = history.name;
    for (const auto& session : history.sessions) branch = play(branch, session, on_violation());
    cut_everywhere(
        branch, history.cut, [&](Branch cut) { explore(cut, 2); }, on_violation());
    if (failures_ > 5) break;
  }
  RecordProperty("images", static_cast<int>(seen_.size()));
  std::printf("%zu different images, %lu opens\n", seen_.size(),
              static_cast<unsigned long>(opens_));
}

/// A killed process leaves its last write to a slot unflushed, where the next open reads it all the
/// same. If the first write of what follows were in flight beside it, a power cut could spoil both:
/// with one fault of the medium on top, that would be more than the answer bears.
TEST(Unflushed, is_flushed_before_anything_is_built_on_it) {
  unsigned opens = 0;
  const auto ignore = [](const Branch&, const Rig&) {};
  const auto damage_each_slot = [&](const Branch& cut) {
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
      Branch damaged = cut;
      const std::uint64_t block = layout::slot_offset(slot) / block_bytes;
      Block rotten = damaged.scene.disk.visible_block(block);
      rotten[3000] ^= std::byte{1};
      damaged.scene.disk.put_block(block, rotten);
      Rig rig(damaged.scene);
      ASSERT_TRUE(rig.open()) << damaged.story;
      EXPECT_TRUE(rig.violations().empty()) << rig.detail() << "\n  after: " << damaged.story;
      EXPECT_NE(rig.journal().verdict().certainty, Certainty::at_least)
          << damaged.story << ", slot " << slot << " rotten";
      ++opens;
    }
  };
  const auto build_on = [&](const Branch& killed) {
    if (killed.scene.disk.pending_blocks() == 0) return;
    cut_everywhere(
        killed, {activate},
        [&](const Branch& cut) {
          if (cut.scene.disk.pending_blocks() == 0) damage_each_slot(cut);
        },
        ignore);
  };
  cut_everywhere(Branch{}, {found, activate, event, clean}, build_on, ignore);
  EXPECT_GT(opens, 100U);
}

std::string name_of(const testing::TestParamInfo<std::tuple<Telling, bool>>& what) {
  constexpr std::array<const char*, 3> tellings{"content", "sequence", "tag"};
  const auto [telling, direct] = what.param;
  return std::string(tellings.at(static_cast<std::size_t>(telling))) +
         (direct ? "_direct" : "_cached");
}

INSTANTIATE_TEST_SUITE_P(all, EveryCrash,
                         testing::Combine(testing::Values(Telling::content, Telling::sequence,
                                                          Telling::sequence_and_tag),
                                          testing::Bool()),
                         name_of);

}  // namespace
}  // namespace storemark::sim
