// SPDX-License-Identifier: Apache-2.0
// Several processes at one journal: one writer, any number of readers.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <atomic>
#include <memory>
#include <vector>

#include "journal_api/real_store.hpp"
#include "process/child.hpp"
#include "process/rounds.hpp"

namespace storemark::real {
namespace {

using namespace std::chrono_literals;

class OpenersTest : public RealStoreTest {};

enum What : std::uint64_t { opened_it, refused };

TEST_F(OpenersTest, ASecondProcessIsRefused) {
  Child holder([&](const Reporter& report) {
    const Live live = activated();
    report(opened_it, 0);
    for (;;) ::pause();
    return 0;
  });
  ASSERT_TRUE(holder.next());
  expect_refused(Errc::in_use, [&] { return open(); });
  EXPECT_TRUE(examined().in_use);
  EXPECT_TRUE(fails(mark_clean(directory(), {0, "r", "w", {}, false}), Errc::in_use));
  holder.kill();
  EXPECT_FALSE(examined().in_use);
  EXPECT_TRUE(ok(open(nothing()))) << "no stale lock to remove";
}

TEST_F(OpenersTest, AnOpenJournalRefusesTheChildThatOpensAnew) {
  const Live live = activated();
  Child child([&](const Reporter&) { return fails(open(), Errc::in_use) ? 0 : 1; });
  EXPECT_EQ(child.wait().status, 0);
}

TEST_F(OpenersTest, OfManyWhoCreateOneWins) {
  const unsigned count = rounds(40) / 4;
  for (unsigned round = 0; round < count; ++round) {
    const RealStore store(root() / std::to_string(round));
    fs::create_directory(store.directory());
    constexpr unsigned openers = 6;
    std::vector<std::unique_ptr<Child>> children;
    for (unsigned i = 0; i < openers; ++i) {
      children.push_back(std::make_unique<Child>([&](const Reporter& report) {
        const auto journal = store.open(nothing());
        if (!journal && !fails(journal, Errc::in_use)) {
          std::fprintf(stderr, "%s\n", to_string(journal.error()).c_str());
          return 1;
        }
        report(journal ? opened_it : refused, 0);
        for (;;) ::pause();
        return 0;
      }));
    }
    unsigned winners = 0;
    for (const auto& child : children) {
      const auto report = child->next();
      ASSERT_TRUE(report) << "neither opened nor in use";
      winners += report->what == opened_it ? 1 : 0;
    }
    EXPECT_EQ(winners, 1U);
    children.clear();
    EXPECT_EQ(images_in(store.directory()).size(), 1U) << "the others' files are gone";
    EXPECT_EQ(must(store.open(nothing())).verdict().state, StoreState::empty);
  }
}

/// Numbers that a writer and its readers see at the same time.
class SharedNumbers {
 public:
  struct Numbers {
    std::atomic<std::uint64_t> asked{0};
    std::atomic<std::uint64_t> acknowledged{0};
  };
  SharedNumbers()
      : page_(::mmap(nullptr, sizeof(Numbers), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                     -1, 0)) {
    if (page_ == MAP_FAILED) throw std::runtime_error("no shared page");
    numbers_ = new (page_) Numbers;
  }
  ~SharedNumbers() { ::munmap(page_, sizeof(Numbers)); }
  SharedNumbers(const SharedNumbers&) = delete;
  SharedNumbers& operator=(const SharedNumbers&) = delete;
  Numbers* operator->() const noexcept { return numbers_; }

 private:
  void* page_;
  Numbers* numbers_;
};

class ReaderTest : public EachModeTest {
 protected:
  /// Looks until this time has passed and the writer has come somewhere.
  void look_on(const SharedNumbers& numbers, std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    std::uint64_t looks = 0;
    std::uint64_t busy = 0;
    while (std::chrono::steady_clock::now() < until || numbers->acknowledged < 50) {
      const std::uint64_t acknowledged = numbers->acknowledged;
      const auto seen = examine(directory());
      const std::uint64_t asked = numbers->asked;
      ASSERT_TRUE(ok(seen));
      const Verdict& verdict = seen->verdict;
      ++looks;
      busy += seen->busy ? 1 : 0;
      ASSERT_EQ(verdict.diagnosis, Diagnosis::none);
      EXPECT_TRUE(verdict.state == StoreState::dirty || verdict.state == StoreState::clean);
      EXPECT_LE(verdict.floor, asked);
      EXPECT_TRUE(seen->in_use);
      if (!seen->busy) {
        EXPECT_GE(verdict.floor, acknowledged) << "look " << looks;
        EXPECT_NE(verdict.certainty, Certainty::at_least) << "look " << looks;
      }
      if (HasFailure()) return;
    }
    std::printf("%llu looks, %llu of them busy, %llu writes\n",
                static_cast<unsigned long long>(looks), static_cast<unsigned long long>(busy),
                static_cast<unsigned long long>(numbers->acknowledged));
    EXPECT_LT(busy, looks) << "a reader never got an answer";
  }
};

TEST_P(ReaderTest, BesideAWriterOfSequences) {
  const SharedNumbers numbers;
  numbers->asked = numbers->acknowledged = 1;
  Child writer([&](const Reporter& report) {
    Live live = activated(options_, 1);
    report(opened_it, 0);
    for (std::uint64_t n = 2;; ++n) {
      numbers->asked = n;
      must(live.permit.write_sequence(n));
      numbers->acknowledged = n;
    }
    return 0;
  });
  ASSERT_TRUE(writer.next());
  look_on(numbers, 1500ms);
}

TEST_P(ReaderTest, BesideAWriterOfTransitions) {
  const SharedNumbers numbers;
  numbers->asked = numbers->acknowledged = 1;
  Child writer([&](const Reporter& report) {
    Live live = activated(options_, 1);
    report(opened_it, 0);
    for (std::uint64_t n = 2;; ++n) {
      numbers->asked = n;
      must(live.permit.write_sequence(n));
      numbers->acknowledged = n;
      if (n % 3 != 0) continue;
      must(live.journal.mark_clean(std::move(live.permit), {FinalUuid{new_uuid()}, n, {}, false}));
      live.permit = must(live.journal.activate(view_of(), n));
    }
    return 0;
  });
  ASSERT_TRUE(writer.next());
  look_on(numbers, 1500ms);
}

TEST_F(OpenersTest, ALookerBesideManyRestartsSeesNoDamage) {
  leave_dirty(5);
  Child restarting([&](const Reporter&) {
    for (std::uint64_t n = 5; n < 25; ++n) {
      Journal journal = must(open());
      WritePermit permit = must(journal.activate(view_of(), n));
      must(permit.write_sequence(n + 1));
    }
    return 0;
  });
  std::uint64_t floor = 5;
  while (floor < 25) {
    const Examination seen = examined();
    ASSERT_EQ(seen.verdict.diagnosis, Diagnosis::none);
    EXPECT_EQ(seen.verdict.state, StoreState::dirty);
    if (!seen.busy) {
      EXPECT_GE(seen.verdict.floor, floor);
      floor = std::max(floor, seen.verdict.floor);
    }
    if (HasFailure()) return;
  }
  EXPECT_TRUE(restarting.wait().well());
}

INSTANTIATE_TEST_SUITE_P(Mode, ReaderTest,
                         testing::Values(DurableWrite::direct, DurableWrite::buffered),
                         name_of_mode);

}  // namespace
}  // namespace storemark::real
