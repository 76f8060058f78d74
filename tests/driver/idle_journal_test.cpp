// SPDX-License-Identifier: Apache-2.0
// The journal's own thread cannot write, and nothing else happens that could notice.
#include <gtest/gtest.h>

#include <optional>

#include "driver/cluster.hpp"
#include "driver/no_writing.hpp"

namespace storemark::test {
namespace {

class IdleJournalTest : public ClusterTest {};

TEST_F(IdleJournalTest, AMemberWhoseJournalIsPoisonedEnds) {
  Node& a = node("a");
  a.options.journal.interval = std::chrono::milliseconds(100);
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  // By a clock that goes on; its last status is due long before the journal writes.
  const auto join = [&] { return Result<std::unique_ptr<Group>>(hub_.join("a")); };
  a.driver = real::must(driver::start(a.options, *a.broker, join, {std::chrono::milliseconds(1)}));
  ASSERT_TRUE(a.broker->until_ready());
  publish_and_wait(a, 1, "recorded");
  while (verdict(a).floor < 1) std::this_thread::yield();
  std::optional<NoWriting> none(std::in_place);
  publish_and_wait(a, 2, "noted");
  const Stopped how = end_of(a);
  none.reset();
  ASSERT_TRUE(how.error);
  EXPECT_EQ(how.error->code, Errc::poisoned) << to_string(*how.error);
  EXPECT_EQ(a.broker->last_status().phase, MemberPhase::stopped);
  EXPECT_EQ(verdict(a).floor, 1U);
  EXPECT_EQ(a.disk.events.size(), 2U) << "the store is ahead of what its journal says";
}

}  // namespace
}  // namespace storemark::test
