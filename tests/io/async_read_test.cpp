// SPDX-License-Identifier: Apache-2.0
#include "io/async_read.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cstddef>

#include "io_fixture.hpp"
#include "process/child.hpp"

namespace storemark::io {
namespace {

class AsyncReadTest : public IoTest {
 protected:
  void SetUp() override {
    make_file(4, 7);
    fd_ = Descriptor(::open(journal().c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_TRUE(fd_);
  }
  Descriptor fd_;
};

/// From here on the kernel refuses this system call to this process.
bool refuse(long call) {
  const std::array<sock_filter, 4> program{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{program.size(), const_cast<sock_filter*>(program.data())};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

TEST_F(AsyncReadTest, WhatIsStartedIsFinished) {
  AsyncRead read(fd_.get());
  for (int round = 0; round < 50; ++round) {
    Blocks in(2, 0);
    read.start(block, in.span());
    EXPECT_EQ(read.offset(), block);
    EXPECT_EQ(read.into().data(), in.span().data());
    if (!read.under_way()) GTEST_SKIP() << "the kernel has no asynchronous reads to give";
    ASSERT_TRUE(worked(read.finish()));
    EXPECT_FALSE(read.under_way());
    EXPECT_TRUE(in.all(7));
  }
}

TEST_F(AsyncReadTest, AReadAcrossTheEndIsShort) {
  AsyncRead read(fd_.get());
  Blocks in(2, 0);
  read.start(3 * block, in.span());
  if (!read.under_way()) GTEST_SKIP() << "the kernel has no asynchronous reads to give";
  EXPECT_TRUE(failed_so(read.finish(), ENODATA));
}

TEST_F(AsyncReadTest, AnErrorIsTheKernels) {
  const Descriptor write_only(::open(journal().c_str(), O_WRONLY | O_CLOEXEC));
  AsyncRead read(write_only.get());
  Blocks in(1, 0);
  read.start(0, in.span());
  EXPECT_FALSE(read.under_way() && read.finish());
  EXPECT_TRUE(in.all(0));
}

TEST_F(AsyncReadTest, NeverStartedItCostsNothing) {
  const AsyncRead read(fd_.get());
  EXPECT_FALSE(read.under_way());
}

TEST_F(AsyncReadTest, GivenUpItIsWaitedFor) {
  Blocks in(2, 0);
  {
    AsyncRead read(fd_.get());
    read.start(0, in.span());
  }
  in.fill(9);
  EXPECT_TRUE(in.all(9));
}

TEST_F(AsyncReadTest, WhereTheKernelRefusesTheCallerReads) {
  real::Child child([&](const real::Reporter&) {
    if (!refuse(SYS_io_setup)) return 77;
    const auto file = must(directory()->open(Access::read_write));
    Blocks in(2, 0);
    for (int i = 0; i < 3; ++i) {
      in.fill(0);
      file->start_read(0, in.span());
      if (!file->finish_read() || !in.all(7)) return 1;
    }
    AsyncRead read(fd_.get());
    read.start(0, in.span());
    return read.under_way() ? 2 : 0;
  });
  const int status = child.wait().status;
  if (status == 77) GTEST_SKIP() << "no seccomp here";
  EXPECT_EQ(status, 0);
}

TEST_F(AsyncReadTest, AChildThatThrowsItAwayTakesNothing) {
  real::Child parent([&](const real::Reporter&) {
    AsyncRead read(fd_.get());
    for (int round = 0; round < 20; ++round) {
      Blocks in(2, 0);
      read.start(0, in.span());
      real::Child child([&](const real::Reporter&) {
        read.~AsyncRead();
        return 0;
      });
      if (!child.wait().well()) return 1;
      if (read.under_way() && (!read.finish() || !in.all(7))) return 2;
    }
    return 0;
  });
  const real::Ending ending = parent.wait();
  EXPECT_TRUE(ending.in_time) << "the parent waits for what the child took";
  EXPECT_EQ(ending.status, 0);
}

}  // namespace
}  // namespace storemark::io
