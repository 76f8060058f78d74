// SPDX-License-Identifier: Apache-2.0
// A process killed in the middle of transitions: the state is the one before or the one after, and
// clean never outlives an activation.
#include <gtest/gtest.h>

#include <set>

#include "journal_api/real_store.hpp"
#include "process/child.hpp"
#include "process/rounds.hpp"

namespace storemark::real {
namespace {

using namespace std::chrono_literals;

/// Reported before and after each call; the number tells its place.
enum Step : std::uint64_t {
  activating,
  activated_it,
  marking,
  marked,
  beginning,
  begun,
  ending,
  ended,
};

/// The states that the last report leaves possible. Activating and updating begin from anything.
std::set<StoreState> possible(std::uint64_t what, const std::set<StoreState>& before) {
  const auto or_before = [&](StoreState state) {
    std::set<StoreState> out = before;
    out.insert(state);
    return out;
  };
  switch (what) {
    case activating:
      return or_before(StoreState::dirty);
    case activated_it:
    case ended:
      return {StoreState::dirty};
    case marking:
      return or_before(StoreState::clean);
    case marked:
      return {StoreState::clean};
    case beginning:
      return or_before(StoreState::updating);
    case begun:
      return {StoreState::updating};
    default:  // ending
      return or_before(StoreState::dirty);
  }
}

class KillTransitionTest : public EachModeTest {
 protected:
  /// Up and down for ever, every third time through an update.
  [[nodiscard]] int live(const Reporter& report) const {
    Journal journal = must(open(data(), options_));
    std::uint64_t n = journal.verdict().floor;
    for (unsigned i = 0;; ++i) {
      if (journal.record().state == StoreState::updating || i % 3 == 2) {
        report(beginning, n);
        UpdatePermit update = must(journal.begin_update(MemberId{new_uuid()}, n));
        report(begun, n);
        report(ending, ++n);
        must(journal.end_update(std::move(update), n, {}));
        report(ended, n);
      }
      report(activating, n);
      WritePermit permit = must(journal.activate(view_of(), n));
      report(activated_it, n);
      must(permit.write_sequence(++n));
      report(marking, n);
      must(journal.mark_clean(std::move(permit), {FinalUuid{new_uuid()}, n, {}, false}));
      report(marked, n);
    }
  }
};

TEST_P(KillTransitionTest, TheStateIsTheOneBeforeOrTheOneAfter) {
  Luck luck;
  { Live first = activated(options_, 1); }
  std::set<StoreState> states{StoreState::dirty};
  std::uint64_t reports = 0;
  unsigned caught = 0;
  const unsigned count = rounds(40);
  for (unsigned round = 0; round < count; ++round) {
    SCOPED_TRACE("round " + std::to_string(round) + ", " + luck.how_to_replay());
    Child child([&](const Reporter& report) { return live(report); });
    static_cast<void>(child.next());
    child.listen(luck.up_to(60ms));
    child.kill();
    for (const Report& report : child.reports()) states = possible(report.what, states);
    reports += child.reports().size();
    const Examination seen = examined();
    caught += seen.verdict.unsettled ? 1 : 0;
    EXPECT_EQ(seen.verdict.diagnosis, Diagnosis::none);
    EXPECT_TRUE(states.contains(seen.verdict.state)) << to_string(seen.verdict.state);
    const auto opened = open(data(), options_);
    ASSERT_TRUE(ok(opened));
    EXPECT_EQ(opened->verdict().state, seen.verdict.state) << "healing does not change its mind";
    EXPECT_EQ(examined().verdict.state, seen.verdict.state);
    states = {seen.verdict.state};
    if (HasFailure()) return;
  }
  std::printf("%u kills, %u of them amid a transition\n", count, caught);
  EXPECT_GT(reports, count) << "it never came to a transition";
}

TEST_P(KillTransitionTest, ACreationThatWasCutIsNoJournalOrAWholeOne) {
  Luck luck;
  const unsigned count = rounds(40) / 2;
  for (unsigned round = 0; round < count; ++round) {
    SCOPED_TRACE("round " + std::to_string(round) + ", " + luck.how_to_replay());
    const RealStore store(root() / std::to_string(round));
    fs::create_directory(store.directory());
    Child child([&](const Reporter& report) {
      Journal journal = must(store.open(nothing(), options_));
      report(beginning, 0);
      must(journal.found(store.cluster()));
      report(begun, 0);
      return 0;
    });
    child.listen(luck.up_to(40ms));
    child.kill();
    const Examination seen = store.examined();
    // Where the filesystem knows no unnamed files, half a one may stay behind by a name of its own.
    for (const auto& [name, image] : images_in(store.directory())) {
      EXPECT_TRUE(name == journal_file_name || name.starts_with(".storemark.journal.")) << name;
    }
    if (!child.reports().empty() || seen.verdict.diagnosis != Diagnosis::absent) {
      EXPECT_EQ(seen.verdict.diagnosis, Diagnosis::none);
      EXPECT_EQ(seen.verdict.state, StoreState::empty);
    }
    Journal journal = must(store.open(nothing(), options_));
    EXPECT_EQ(journal.verdict().state, StoreState::empty);
    EXPECT_TRUE(child.reports().size() < 2 || journal.record().initial == store.cluster());
    must(journal.found(store.cluster()));
    EXPECT_TRUE(ok(journal.activate(view_of(), 0)));
  }
}

INSTANTIATE_TEST_SUITE_P(Mode, KillTransitionTest, testing::ValuesIn(every_mode), name_of_mode);

}  // namespace
}  // namespace storemark::real
