// SPDX-License-Identifier: Apache-2.0
// A writer killed at any moment: what it acknowledged is there, and nothing that it never asked
// for.
#include <gtest/gtest.h>

#include <algorithm>

#include "journal_api/real_store.hpp"
#include "process/child.hpp"
#include "process/rounds.hpp"

namespace storemark::real {
namespace {

using namespace std::chrono_literals;

enum What : std::uint64_t { activated_now, asked, acknowledged, reserving, reserved, noting };

/// What the reports of one round allow.
struct Allowed {
  std::uint64_t floor_at_least = 0;
  std::uint64_t floor_at_most = 0;
  std::uint64_t ceiling_at_least = 0;

  void learn(const Report& report) {
    const std::uint64_t n = report.number;
    switch (report.what) {
      case acknowledged:
        floor_at_least = std::max(floor_at_least, n);
        ceiling_at_least = std::max(ceiling_at_least, n);
        break;
      case reserved:
        ceiling_at_least = std::max(ceiling_at_least, n);
        break;
      case activated_now:
      case asked:
      case noting:
        floor_at_most = std::max(floor_at_most, n);
        break;
      default:
        break;
    }
  }
};

class KillTest : public EachModeTest {
 protected:
  /// Opens as after a crash and activates where the store is.
  [[nodiscard]] Live restarted(const Reporter& report) const {
    Journal journal = must(open(data(), options_));
    const std::uint64_t held = journal.verdict().floor;
    WritePermit permit = must(journal.activate(view_of(), held));
    report(activated_now, held);
    return {std::move(journal), std::move(permit)};
  }

  /// What anybody says after the kill, before and after healing.
  void expect_allowed(const Verdict& verdict, const Allowed& allowed) const {
    EXPECT_EQ(verdict.diagnosis, Diagnosis::none);
    EXPECT_EQ(verdict.state, StoreState::dirty);
    EXPECT_GE(verdict.floor, allowed.floor_at_least);
    EXPECT_LE(verdict.floor, allowed.floor_at_most);
    EXPECT_GE(verdict.ceiling, allowed.ceiling_at_least);
    EXPECT_NE(verdict.certainty, Certainty::at_least) << "the medium lost nothing";
  }

  void kill_and_look(const Child::Body& body, std::chrono::microseconds longest) {
    Luck luck;
    { Live live = activated(options_, 1); }  // 0 would be an empty store
    Allowed allowed{1, 1, 1};
    std::uint64_t reports = 0;
    unsigned caught = 0;
    const unsigned count = rounds(40);
    for (unsigned round = 0; round < count && !HasFailure(); ++round) {
      SCOPED_TRACE("round " + std::to_string(round) + ", " + luck.how_to_replay());
      Child child(body);
      // Sometimes at once, while it opens; else after it has begun to write.
      if (round % 4 != 0) static_cast<void>(child.next());
      child.listen(luck.up_to(longest));
      child.kill();
      for (const Report& report : child.reports()) allowed.learn(report);
      reports += child.reports().size();
      const Examination seen = examined();
      EXPECT_FALSE(seen.in_use) << "the lock goes with its holder";
      EXPECT_FALSE(seen.busy);
      expect_allowed(seen.verdict, allowed);
      caught += seen.verdict.unsettled || seen.verdict.floor > allowed.floor_at_least ? 1 : 0;
      const auto opened = open(data(), options_);
      ASSERT_TRUE(ok(opened));
      expect_allowed(opened->verdict(), allowed);
      EXPECT_EQ(opened->verdict().floor, seen.verdict.floor);
      EXPECT_EQ(opened->verdict().ceiling, seen.verdict.ceiling);
      EXPECT_FALSE(examined().verdict.unsettled);
      // What was reported once does not regress.
      allowed.floor_at_least = seen.verdict.floor;
      allowed.ceiling_at_least = seen.verdict.floor;
    }
    std::printf("%u kills, %u of them with a write under way\n", count, caught);
    EXPECT_GT(reports, count) << "the writer never came to write";
  }
};

TEST_P(KillTest, AcknowledgedSequencesSurvive) {
  kill_and_look(
      [&](const Reporter& report) {
        Live live = restarted(report);
        for (std::uint64_t n = live.permit.durable_floor() + 1;; ++n) {
          report(asked, n);
          must(live.permit.write_sequence(n));
          report(acknowledged, n);
        }
        return 0;
      },
      30ms);
}

TEST_P(KillTest, FloorAndCeilingEncloseTheStore) {
  kill_and_look(
      [&](const Reporter& report) {
        Live live = restarted(report);
        for (std::uint64_t n = live.permit.durable_floor() + 1;; ++n) {
          report(reserving, n);
          must(live.permit.reserve(n));
          report(reserved, n);
          report(noting, n);
          must(live.permit.note(n));
          if (n % 7 == 0) {
            must(live.permit.write_sequence(n));
            report(acknowledged, n);
          }
          if (n % 31 == 0) must(live.permit.change_view(view_of(3), n));
        }
        return 0;
      },
      30ms);
}

TEST_P(KillTest, TheIntervalWriterKeepsTheirBounds) {
  options_.interval = 1ms;
  kill_and_look(
      [&](const Reporter& report) {
        Live live = restarted(report);
        for (std::uint64_t n = live.permit.durable_floor() + 1;; ++n) {
          must(live.permit.reserve(n));
          report(reserved, n);
          report(noting, n);
          must(live.permit.note(n));
          if (n % 64 == 0) ::usleep(200);
        }
        return 0;
      },
      30ms);
}

INSTANTIATE_TEST_SUITE_P(Mode, KillTest, testing::ValuesIn(every_mode), name_of_mode);

}  // namespace
}  // namespace storemark::real
