// SPDX-License-Identifier: Apache-2.0
#include "io/scheduling.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace storemark::io {
namespace {

TEST(Scheduling, OrdinaryThreadsYieldToAll) { EXPECT_TRUE(yields_to_all()); }

TEST(Scheduling, RealTimeOnesDoNot) {
  int refused = 0;
  bool yields = true;
  std::thread([&] {
    const sched_param lowest{.sched_priority = ::sched_get_priority_min(SCHED_FIFO)};
    if (::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &lowest) != 0) refused = errno;
    yields = yields_to_all();
  }).join();
  if (refused != 0) GTEST_SKIP() << "no real-time threads here: " << std::strerror(refused);
  EXPECT_FALSE(yields);
}

}  // namespace
}  // namespace storemark::io
