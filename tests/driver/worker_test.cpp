// SPDX-License-Identifier: Apache-2.0
#include "driver/worker.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include "driver/small_broker.hpp"

namespace storemark::test {
namespace {

using driver::Task;
using driver::Wake;
using driver::Worker;

class WorkerTest : public testing::Test {
 protected:
  /// What came of the task, once the worker has rung.
  [[nodiscard]] std::optional<Worker::Done> outcome() {
    pollfd one{wake_->descriptor(), POLLIN, 0};
    if (::poll(&one, 1, 60'000) != 1) return std::nullopt;
    wake_->hush();
    return worker_->take_done();
  }
  [[nodiscard]] static Task update(std::uint64_t number, const Uuid& ticket) {
    return {number, Task::Kind::update, {ticket, {}, {}, {}}};
  }

  SmallStore disk_;
  Exchange exchange_;
  SmallBroker broker_{disk_, exchange_};
  io::IoResult<Wake> wake_ = Wake::make();
  std::unique_ptr<Worker> worker_ = std::move(*Worker::make(broker_, *wake_));
};

TEST_F(WorkerTest, RunsOneTaskAfterTheOther) {
  worker_->want(1);
  worker_->run({1, Task::Kind::restore, {}});
  auto done = outcome();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->number, 1U);
  EXPECT_TRUE(done->result);
  EXPECT_FALSE(worker_->take_done());

  const Uuid ticket = new_uuid();
  exchange_.give(ticket, {{"a", "b"}, 2});
  worker_->want(2);
  worker_->run(update(2, ticket));
  done = outcome();
  ASSERT_TRUE(done);
  ASSERT_TRUE(done->result);
  EXPECT_EQ(*done->result, 2U);
  EXPECT_EQ(worker_->update_done(), 1U);
  EXPECT_EQ(worker_->update_total(), 2U);
  EXPECT_EQ(broker_.calls(), (std::vector<std::string>{"restore", "discard", "take_update"}));
}

TEST_F(WorkerTest, ATaskThatIsNotWantedAnyMoreIsToldSo) {
  const Uuid ticket = new_uuid();
  exchange_.give(ticket, {{"a"}, 1});
  broker_.hold("take_update");
  worker_->want(1);
  worker_->run(update(1, ticket));
  ASSERT_TRUE(broker_.until_called("take_update"));
  worker_->want(2);
  const auto done = outcome();
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->result);
}

TEST_F(WorkerTest, ItsEndCancelsAndWaits) {
  broker_.hold("take_update");
  worker_->want(1);
  worker_->run(update(1, new_uuid()));
  ASSERT_TRUE(broker_.until_called("take_update"));
  worker_->stop();
  const auto done = worker_->take_done();
  ASSERT_TRUE(done) << "it was waited for";
  EXPECT_FALSE(done->result);
}

}  // namespace
}  // namespace storemark::test
