// SPDX-License-Identifier: Apache-2.0
// Interrupted and short calls, calls that fail, and filesystems that know less.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "io_fixture.hpp"
#include "system_calls.hpp"

namespace storemark::io {
namespace {

namespace fs = std::filesystem;

class UnobligingKernelTest : public IoTest {
 protected:
  [[nodiscard]] real::RealStore store() const { return real::RealStore(path()); }
  [[nodiscard]] std::vector<std::string> names_there() const {
    std::vector<std::string> names;
    for (const auto& [name, image] : real::images_in(path())) names.push_back(name);
    return names;
  }
  const std::vector<std::string> nothing_there_;
  const std::vector<std::string> only_the_journal_{std::string(journal_file_name)};

 private:
  Obliging again_afterwards_;
};

class TransferTest : public UnobligingKernelTest, public testing::WithParamInterface<DurableWrite> {
 protected:
  void SetUp() override {
    make_file(8, 0);
    auto opened = directory(GetParam())->open(Access::read_write);
    if (!opened) GTEST_SKIP() << "not this mode here: " << std::strerror(opened.error().code);
    file_ = std::move(*opened);
    system_calls().transfers = 0;
  }
  std::unique_ptr<File> file_;
};

TEST_P(TransferTest, InterruptedCallsAreCarriedOn) {
  Blocks out(2, 5);
  Blocks in(2, 0);
  system_calls().interruptions = 3;
  EXPECT_TRUE(worked(file_->write_durable(0, out.span())));
  system_calls().interruptions = 3;
  EXPECT_TRUE(worked(file_->write(2 * block, out.span())));
  system_calls().interruptions = 3;
  EXPECT_TRUE(worked(file_->sync()));
  for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{2 * block}}) {
    system_calls().interruptions = 3;
    EXPECT_TRUE(worked(file_->read(at, in.span())));
    EXPECT_TRUE(in.all(5));
  }
}

TEST_P(TransferTest, ShortTransfersAreCarriedOn) {
  Blocks out(3, 6);
  Blocks in(3, 0);
  system_calls().at_most = block;
  EXPECT_TRUE(worked(file_->write_durable(block, out.span())));
  EXPECT_TRUE(worked(file_->read(block, in.span())));
  EXPECT_TRUE(in.all(6));
  EXPECT_EQ(system_calls().transfers, 6U);
  must(file_->read(4 * block, in.span()));
  EXPECT_TRUE(in.all(0)) << "and no further";
}

TEST_P(TransferTest, OnlyWholeItIsOneCall) {
  Blocks out(2, 6);
  must(file_->write_durable(0, out.span()));
  EXPECT_EQ(system_calls().transfers, 1U) << "one command to the device";
}

TEST_P(TransferTest, WhereNothingMovesItIsNotTriedForEver) {
  Blocks data(1, 1);
  system_calls().moves_nothing = true;
  EXPECT_TRUE(failed_so(file_->read(0, data.span()), ENODATA));
  EXPECT_FALSE(file_->write(0, data.span()));
  EXPECT_FALSE(file_->write_durable(0, data.span()));
}

TEST_P(TransferTest, AnErrorIsToldAndNotRetried) {
  Blocks data(1, 1);
  for (const int code : {EIO, ENOSPC, EROFS, EDQUOT}) {
    system_calls().write_error = code;
    EXPECT_TRUE(failed_so(file_->write(0, data.span()), code));
    EXPECT_TRUE(failed_so(file_->write_durable(0, data.span()), code));
  }
  system_calls().write_error = 0;
  system_calls().sync_error = EIO;
  EXPECT_TRUE(failed_so(file_->sync(), EIO));
  const auto durable = file_->write_durable(0, data.span());
  EXPECT_EQ(durable.has_value(), file_->mode().durable_write == "direct") << "it needs no sync";
}

/// What stands in status.hpp: the next write would cost more.
TEST_P(TransferTest, AReadLeavesTheAccessTimeAlone) {
  const std::string journal = path() / journal_file_name;
  const timespec times[] = {{1, 0}, {0, UTIME_OMIT}};
  ASSERT_EQ(::utimensat(AT_FDCWD, journal.c_str(), times, 0), 0);
  Blocks in(2, 0);
  must(file_->read(0, in.span()));
  struct stat status {};
  ASSERT_EQ(::stat(journal.c_str(), &status), 0);
  EXPECT_EQ(status.st_atim.tv_sec, 1);
}

INSTANTIATE_TEST_SUITE_P(Mode, TransferTest,
                         testing::Values(DurableWrite::direct, DurableWrite::buffered),
                         real::name_of_mode);

// --- without O_DIRECT
// -----------------------------------------------------------------------------

TEST_F(UnobligingKernelTest, WithoutDirectItIsBufferedAndProvesNothing) {
  system_calls().knows_direct = false;
  const auto file = must(directory()->create());
  EXPECT_EQ(file->mode().durable_write, "buffered");
  EXPECT_FALSE(file->mode().read_back_proves);
  EXPECT_TRUE(failed_so(directory(DurableWrite::direct)->create(), EINVAL));
}

TEST_F(UnobligingKernelTest, WithoutDirectAJournalLivesAllTheSame) {
  system_calls().knows_direct = false;
  store().leave_clean(10);
  {
    const Journal journal = real::must(store().open(real::data(10)));
    EXPECT_EQ(journal.verdict().state, StoreState::clean);
    EXPECT_FALSE(journal.mode().read_back_proves);
    EXPECT_EQ(journal.health().healed_slots, slot_count) << "nobody knows what is on the medium";
  }
  store().flip_bit(2);
  EXPECT_EQ(real::must(store().open(real::data(10))).verdict().state, StoreState::clean);
  EXPECT_FALSE(store().open(real::data(10), real::with_mode(DurableWrite::direct)));
}

// --- without unnamed files
// ------------------------------------------------------------------------

TEST_F(UnobligingKernelTest, ACreatedFileHasANameThatNobodyElseHas) {
  system_calls().knows_unnamed_files = false;
  const auto at = directory();
  const auto created = must(at->create());
  ASSERT_EQ(names_there().size(), 1U);
  EXPECT_TRUE(names_there().front().starts_with(".storemark.journal."));
  EXPECT_TRUE(failed_so(at->open(Access::read_only), ENOENT)) << "not the journal's yet";
  must(at->link(*created));
  EXPECT_EQ(names_there(), only_the_journal_);
  EXPECT_TRUE(must(at->names(*created)));
}

TEST_F(UnobligingKernelTest, ATemporaryNameGoesWithItsDirectory) {
  system_calls().knows_unnamed_files = false;
  { const auto created = must(directory()->create()); }
  EXPECT_EQ(names_there(), nothing_there_);
}

TEST_F(UnobligingKernelTest, ALostRaceLeavesNoTemporaryName) {
  make_file(1, 1);
  system_calls().knows_unnamed_files = false;
  {
    const auto at = directory();
    const auto created = must(at->create());
    EXPECT_TRUE(failed_so(at->link(*created), EEXIST));
  }
  EXPECT_EQ(names_there(), only_the_journal_);
}

TEST_F(UnobligingKernelTest, AFailedCreationLeavesNoTemporaryName) {
  for (const bool unnamed : {true, false}) {
    system_calls().knows_unnamed_files = unnamed;
    system_calls().write_error = ENOSPC;
    EXPECT_TRUE(real::fails(store().open(real::nothing()), Errc::no_space));
    EXPECT_EQ(names_there(), nothing_there_);
    system_calls().write_error = 0;
    system_calls().sync_error = EIO;
    EXPECT_TRUE(real::fails(store().open(real::nothing()), Errc::io_failed));
    EXPECT_EQ(names_there(), nothing_there_);
    system_calls().sync_error = 0;
  }
  EXPECT_TRUE(real::ok(store().open(real::nothing())));
  EXPECT_EQ(names_there(), only_the_journal_);
}

TEST_F(UnobligingKernelTest, WithoutUnnamedFilesAJournalLivesAllTheSame) {
  system_calls().knows_unnamed_files = false;
  store().leave_dirty(10);
  store().flip_bit(1);
  EXPECT_TRUE(real::must(repair(path())).rebuilt);
  EXPECT_EQ(store().examined().verdict.floor, 10U);
  EXPECT_EQ(names_there().size(), 2U) << "the journal and its backup";
}

// --- without exchange
// -----------------------------------------------------------------------------

TEST_F(UnobligingKernelTest, WithoutExchangeTheOldFileIsKeptToo) {
  system_calls().knows_exchange = false;
  make_file(1, 1);
  const auto at = directory();
  const auto fresh = must(at->create());
  Blocks data(1, 2);
  must(fresh->write(0, data.span()));
  must(at->exchange(*fresh, "kept"));
  EXPECT_EQ(real::bytes_of(journal()).at(0), 2);
  EXPECT_EQ(real::bytes_of(path() / "kept").at(0), 1);
  EXPECT_EQ(names_there().size(), 2U);
  EXPECT_TRUE(must(at->names(*fresh)));
}

TEST_F(UnobligingKernelTest, WithoutExchangeOrUnnamedFilesARepairLeavesNothingElse) {
  system_calls().knows_exchange = false;
  system_calls().knows_unnamed_files = false;
  store().leave_dirty(10);
  store().flip_bit(1);
  const std::string before = real::bytes_of(journal());
  const Repair done = real::must(repair(path()));
  EXPECT_TRUE(real::same_bytes(real::bytes_of(done.backup), before));
  EXPECT_EQ(names_there().size(), 2U);
}

// --- replaced between open and lock
// ---------------------------------------------------------------

TEST_F(UnobligingKernelTest, AFileReplacedBeforeItsLockIsNotTaken) {
  make_file(1, 1);
  system_calls().before_lock = [&] {
    fs::remove(journal());
    real::write_file(journal(), "another");
  };
  EXPECT_TRUE(failed_so(directory()->open(Access::read_write), ESTALE));
}

TEST_F(UnobligingKernelTest, ReplacedItIsNamedByTheJournal) {
  store().leave_dirty(5);
  fs::copy_file(journal(), path() / "copy");
  system_calls().before_lock = [&] { fs::rename(path() / "copy", journal()); };
  EXPECT_TRUE(real::fails(store().open(), Errc::file_replaced));
}

// --- errors under a live journal
// ------------------------------------------------------------------

TEST_F(UnobligingKernelTest, AfterAFailedWriteNothingIsAcknowledgedUntilReopened) {
  for (const DurableWrite mode : {DurableWrite::automatic, DurableWrite::buffered}) {
    fs::remove(journal());
    {
      auto live = store().activated(real::with_mode(mode));
      real::must(live.permit.write_sequence(1));
      system_calls().write_error = EIO;
      EXPECT_TRUE(real::fails(live.permit.write_sequence(2), Errc::io_failed));
      system_calls().write_error = 0;  // "retried, and succeeded"
      EXPECT_TRUE(real::fails(live.permit.write_sequence(3), Errc::poisoned));
      EXPECT_TRUE(real::fails(live.permit.note(0), Errc::poisoned));
      EXPECT_TRUE(real::fails(live.permit.reserve(1), Errc::poisoned));
      EXPECT_TRUE(real::fails(live.journal.found(store().cluster()), Errc::poisoned));
      const CleanShutdown shutdown{FinalUuid{new_uuid()}, 3, {}, false};
      EXPECT_TRUE(
          real::fails(live.journal.mark_clean(std::move(live.permit), shutdown), Errc::poisoned));
    }
    const Journal journal = real::must(store().open());
    EXPECT_EQ(journal.verdict().floor, 1U);
    EXPECT_EQ(journal.verdict().state, StoreState::dirty);
  }
}

TEST_F(UnobligingKernelTest, AfterAFailedSyncNothingIsAcknowledgedUntilReopened) {
  {
    auto live = store().activated(real::with_mode(DurableWrite::buffered));
    real::must(live.permit.write_sequence(1));
    system_calls().sync_error = EIO;
    EXPECT_TRUE(real::fails(live.permit.write_sequence(2), Errc::io_failed));
    system_calls().sync_error = 0;
    EXPECT_TRUE(real::fails(live.permit.write_sequence(2), Errc::poisoned));
    EXPECT_EQ(live.permit.durable_floor(), 1U);
  }
  const Verdict verdict = real::must(store().open()).verdict();
  EXPECT_TRUE(verdict.floor == 1 || verdict.floor == 2) << "it was asked for, and may be there";
}

TEST_F(UnobligingKernelTest, AFailedTransitionIsNotAcknowledged) {
  store().leave_clean(5);
  {
    Journal journal = real::must(store().open());
    system_calls().write_error = EROFS;
    EXPECT_TRUE(real::fails(journal.activate(real::view_of(), 5), Errc::read_only_filesystem));
    system_calls().write_error = 0;
    EXPECT_TRUE(real::fails(journal.activate(real::view_of(), 5), Errc::poisoned));
  }
  EXPECT_EQ(real::must(store().open()).verdict().state, StoreState::clean)
      << "nothing was activated";
}

TEST_F(UnobligingKernelTest, AnInterruptedLifeIsALife) {
  system_calls().interruptions = 1'000;
  system_calls().at_most = block;
  store().leave_clean(10);
  EXPECT_EQ(store().examined().verdict.state, StoreState::clean);
  EXPECT_LT(system_calls().interruptions, 1'000);
}

/// Whoever is asked for a file's times gives it new ones at the next write, at the price of it.
TEST_F(UnobligingKernelTest, TheTimesAreNotAskedFor) {
  store().leave_clean(10);
  {
    Journal journal = real::must(store().open(real::data(10)));
    WritePermit permit = real::must(journal.activate(real::view_of(), 10));
    real::must(permit.write_sequence(11));
  }
  EXPECT_NE(system_calls().status_asked & STATX_INO, 0U);
  EXPECT_EQ(system_calls().status_asked & (STATX_ATIME | STATX_MTIME | STATX_CTIME), 0U);
  EXPECT_EQ(system_calls().whole_status_asked, 0U);
}

}  // namespace
}  // namespace storemark::io
