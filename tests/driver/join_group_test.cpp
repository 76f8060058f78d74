// SPDX-License-Identifier: Apache-2.0
#include "driver/join_group.hpp"

#include <gtest/gtest.h>

#include "driver/small_broker.hpp"
#include "journal_api/real_store.hpp"
#include "support/loopback_group.hpp"

namespace storemark::test {
namespace {

using real::fails;
using real::ok;

class JoinGroupTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Group>> join(const Driver::Join& how, std::chrono::milliseconds beat) {
    return driver::join_group(how, broker_, options_, beat);
  }

  DriverOptions options_;
  SmallStore disk_;
  Exchange exchange_;
  SmallBroker broker_{disk_, exchange_};
  LoopbackHub hub_;
};

TEST_F(JoinGroupTest, AWaitIsToldAgainAndAgain) {
  options_.wait_for = 3;
  const auto group = join(
      [&]() -> Result<std::unique_ptr<Group>> {
        EXPECT_TRUE(broker_.until([&] { return broker_.statuses().size() >= 3; }));
        return hub_.join("a");
      },
      std::chrono::milliseconds(1));
  ASSERT_TRUE(ok(group));
  const std::size_t told = broker_.statuses().size();
  for (const Status& status : broker_.statuses()) {
    EXPECT_EQ(status.phase, MemberPhase::joining);
    EXPECT_EQ(status.text, "joining the group");
    EXPECT_EQ(status.wait_for, 3U);
    EXPECT_FALSE(status.ready);
  }
  EXPECT_EQ(broker_.statuses().size(), told) << "nothing comes after it";
}

TEST_F(JoinGroupTest, WhoNeedNotWaitIsToldNothing) {
  EXPECT_TRUE(ok(
      join([&] { return Result<std::unique_ptr<Group>>(hub_.join("a")); }, std::chrono::hours(1))));
  EXPECT_TRUE(broker_.calls().empty());
}

TEST_F(JoinGroupTest, AStatusThatThrowsIsAnError) {
  broker_.fail("status", SmallBroker::Failing::throws_nonsense);
  const auto group = join(
      [&]() -> Result<std::unique_ptr<Group>> {
        EXPECT_TRUE(broker_.until_called("status"));
        return hub_.join("a");
      },
      std::chrono::milliseconds(1));
  EXPECT_TRUE(fails(group, Errc::broker_failed));
}

TEST_F(JoinGroupTest, TheGroupsErrorCountsMore) {
  broker_.fail("status", SmallBroker::Failing::throws);
  const auto group = join(
      [&]() -> Result<std::unique_ptr<Group>> {
        EXPECT_TRUE(broker_.until_called("status"));
        return tl::unexpected(Error{Errc::group_lost, "a", "b", "c", "d"});
      },
      std::chrono::milliseconds(1));
  EXPECT_TRUE(fails(group, Errc::group_lost));
}

}  // namespace
}  // namespace storemark::test
