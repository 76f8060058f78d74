// SPDX-License-Identifier: Apache-2.0
#include "cli/probe.hpp"

#include "stores.hpp"

namespace storemark::cli {
namespace {

class Probe : public cli_test::StoresTest {};

TEST_F(Probe, LeavesNothing) {
  const auto measured = measure(root_, 3);
  ASSERT_TRUE(measured) << to_string(measured.error());
  EXPECT_EQ(measured->buffered.count, 3U);
  EXPECT_EQ(measured->durable_4k.count, 3U);
  EXPECT_EQ(measured->durable_8k.count, 3U);
  EXPECT_TRUE(std::filesystem::is_empty(root_));
}

TEST_F(Probe, NoDirectoryNoProbe) {
  EXPECT_EQ(measure(path("nowhere"), 1).error().code, Errc::directory_missing);
  EXPECT_EQ(measure("/dev/null", 1).error().code, Errc::directory_missing);
}

TEST_F(Probe, TheMedianAndTheNinetyNinth) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t n = 100; n > 0; --n) all.push_back(n);
  const Timing timing = timing_of(all);
  EXPECT_EQ(timing.median, 50U);
  EXPECT_EQ(timing.p99, 100U);
  EXPECT_EQ(timing.most, 100U);
  EXPECT_EQ(timing_of({}).count, 0U);
  EXPECT_EQ(timing_of({7}).p99, 7U);
}

}  // namespace
}  // namespace storemark::cli
