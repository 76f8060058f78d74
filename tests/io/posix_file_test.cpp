// SPDX-License-Identifier: Apache-2.0
#include "io/posix_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "io_fixture.hpp"

namespace storemark::io {
namespace {

class PosixFileTest : public IoTest, public testing::WithParamInterface<DurableWrite> {
 protected:
  /// A created file in this mode, or a skip.
  void SetUp() override {
    directory_ = directory(GetParam());
    auto made = directory_->create();
    if (!made) GTEST_SKIP() << "not this mode here: " << std::strerror(made.error().code);
    file_ = std::move(*made);
    Blocks zeros(8, 0);
    must(file_->write(0, zeros.span()));
    must(file_->sync());
  }

  std::unique_ptr<PosixDirectory> directory_;
  std::unique_ptr<File> file_;
};

TEST_P(PosixFileTest, WhatIsWrittenIsRead) {
  Blocks out(2, 0xA5);
  Blocks in(2, 0);
  EXPECT_TRUE(worked(file_->write(block, out.span())));
  EXPECT_TRUE(worked(file_->read(block, in.span())));
  EXPECT_TRUE(in.all(0xA5));
}

TEST_P(PosixFileTest, WhatIsWrittenDurablyIsRead) {
  for (int byte = 1; byte < 6; ++byte) {
    Blocks out(2, byte);
    Blocks in(2, 0);
    EXPECT_TRUE(worked(file_->write_durable(2 * block, out.span())));
    EXPECT_TRUE(worked(file_->read(2 * block, in.span())));
    EXPECT_TRUE(in.all(byte));
  }
}

TEST_P(PosixFileTest, ItsNeighboursStay) {
  Blocks out(1, 7);
  Blocks in(1, 9);
  must(file_->write_durable(3 * block, out.span()));
  for (const std::uint64_t at : {2 * block, 4 * block}) {
    must(file_->read(at, in.span()));
    EXPECT_TRUE(in.all(0));
  }
}

TEST_P(PosixFileTest, ItKnowsItsSize) {
  EXPECT_EQ(must(file_->size()), 8 * block);
  Blocks out(1, 1);
  must(file_->write_durable(7 * block, out.span()));
  EXPECT_EQ(must(file_->size()), 8 * block);
}

TEST_P(PosixFileTest, PastTheEndThereIsNoData) {
  Blocks in(2, 3);
  const auto across = file_->read(7 * block, in.span());
  ASSERT_FALSE(across);
  EXPECT_TRUE(across.error().code == ENODATA || across.error().code == EINVAL);
  const auto beyond = file_->read(100 * block, in.span());
  ASSERT_FALSE(beyond);
  EXPECT_TRUE(beyond.error().code == ENODATA || beyond.error().code == EINVAL);
}

TEST_P(PosixFileTest, AReadMayGoOnBesideAWrite) {
  Blocks out(2, 1);
  must(file_->write_durable(0, out.span()));
  std::atomic<bool> done{false};
  std::thread reader([&] {
    while (!done) {
      Blocks in(2, 0);
      EXPECT_TRUE(worked(file_->read(0, in.span())));
      EXPECT_TRUE(in.all(1));
    }
  });
  for (int byte = 2; byte < 40; ++byte) {
    Blocks other(2, byte);
    must(file_->write_durable(4 * block, other.span()));
  }
  done = true;
  reader.join();
}

TEST_P(PosixFileTest, TheModeSaysHowItIsWritten) {
  const Mode mode = file_->mode();
  EXPECT_FALSE(mode.filesystem.empty());
  const bool direct = mode.durable_write == "direct";
  EXPECT_TRUE(direct || mode.durable_write == "buffered");
  EXPECT_TRUE(GetParam() == DurableWrite::automatic ||
              direct == (GetParam() == DurableWrite::direct));
}

TEST_P(PosixFileTest, DirectItWantsAlignedBlocks) {
  if (file_->mode().durable_write != "direct" || !file_->mode().read_back_proves) {
    GTEST_SKIP() << "a buffered file takes any piece; " << file_->mode().filesystem;
  }
  Blocks out(2, 1);
  EXPECT_TRUE(failed_so(file_->write_durable(100, out.span().first(block)), EINVAL));
  EXPECT_TRUE(failed_so(file_->write_durable(0, out.span().subspan(1, block)), EINVAL));
  EXPECT_TRUE(failed_so(file_->write_durable(0, out.span().first(100)), EINVAL));
  EXPECT_TRUE(worked(file_->write_durable(0, out.span()))) << "as AlignedBytes are";
}

TEST_P(PosixFileTest, TheOtherModeReadsTheSame) {
  Blocks out(2, 0x5A);
  must(file_->write_durable(0, out.span()));
  must(directory_->link(*file_));
  const auto looking = must(directory_->open(Access::read_only));
  Blocks in(2, 0);
  must(looking->read(0, in.span()));
  EXPECT_TRUE(in.all(0x5A));
  out.fill(0x3C);
  must(file_->write_durable(0, out.span()));
  must(looking->read(0, in.span()));
  EXPECT_TRUE(in.all(0x3C)) << "the cache does not hide what was acknowledged";
}

TEST_P(PosixFileTest, AnErrorNamesItsCallAndItsPlace) {
  must(directory_->link(*file_));
  const auto looking = must(directory_->open(Access::read_only));
  Blocks out(1, 1);
  const auto refused = looking->write(3 * block, out.span());
  EXPECT_TRUE(failed_so(refused, EBADF)) << "opened to look";
  EXPECT_EQ(refused.error().offset, 3 * block);
  EXPECT_STREQ(refused.error().call, "write");
}

INSTANTIATE_TEST_SUITE_P(Mode, PosixFileTest, testing::ValuesIn(real::every_mode),
                         real::name_of_mode);

}  // namespace
}  // namespace storemark::io
