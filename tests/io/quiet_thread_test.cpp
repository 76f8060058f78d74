// SPDX-License-Identifier: Apache-2.0
#include "io/quiet_thread.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace storemark::io {
namespace {

TEST(QuietThread, TakesNoSignalsAndLeavesOursAsTheyWere) {
  sigset_t before;
  ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, nullptr, &before), 0);
  sigset_t inside;
  ::sigemptyset(&inside);
  auto thread = start_quiet_thread([&] { ::pthread_sigmask(SIG_SETMASK, nullptr, &inside); });
  ASSERT_TRUE(thread);
  thread->join();
  sigset_t after;
  ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, nullptr, &after), 0);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD, SIGALRM}) {
    EXPECT_EQ(::sigismember(&inside, signal), 1) << signal;
    EXPECT_EQ(::sigismember(&after, signal), ::sigismember(&before, signal)) << signal;
  }
}

}  // namespace
}  // namespace storemark::io
