// SPDX-License-Identifier: Apache-2.0
#include "driver/wake.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

namespace storemark::driver {
namespace {

bool is_rung(const Wake& wake) {
  pollfd one{wake.descriptor(), POLLIN, 0};
  return ::poll(&one, 1, 0) == 1;
}

TEST(Wake, IsReadableFromTheRingUntilTheHush) {
  auto wake = Wake::make();
  ASSERT_TRUE(wake);
  EXPECT_FALSE(is_rung(*wake));
  wake->ring();
  wake->ring();
  EXPECT_TRUE(is_rung(*wake));
  wake->hush();
  EXPECT_FALSE(is_rung(*wake));
  wake->hush();  // does not wait
  wake->ring();
  EXPECT_TRUE(is_rung(*wake));
}

TEST(Wake, EndsAPollInAnotherThread) {
  auto wake = Wake::make();
  ASSERT_TRUE(wake);
  std::thread other([&] { wake->ring(); });
  pollfd one{wake->descriptor(), POLLIN, 0};
  EXPECT_EQ(::poll(&one, 1, 60'000), 1);
  other.join();
}

}  // namespace
}  // namespace storemark::driver
