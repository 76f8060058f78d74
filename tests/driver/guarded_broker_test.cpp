// SPDX-License-Identifier: Apache-2.0
#include "driver/guarded_broker.hpp"

#include <gtest/gtest.h>

#include "driver/small_broker.hpp"

namespace storemark::test {
namespace {

using driver::GuardedBroker;
using Failing = SmallBroker::Failing;

struct NoProgress final : UpdateProgress {
  void report(std::uint64_t, std::uint64_t) override {}
  [[nodiscard]] bool cancelled() const override { return false; }
};

struct Call {
  const char* name;
  std::function<std::optional<Error>(GuardedBroker&)> make;
};

template <class T>
std::optional<Error> error_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

const Call calls[] = {
    {"look", [](auto& b) { return error_of(b.look()); }},
    {"restore",
     [](auto& b) {
       NoProgress progress;
       return error_of(b.restore(progress));
     }},
    {"discard", [](auto& b) { return error_of(b.discard()); }},
    {"take_update",
     [](auto& b) {
       NoProgress progress;
       return error_of(b.take_update({}, progress));
     }},
    {"give_update", [](auto& b) { return error_of(b.give_update({})); }},
    {"activated", [](auto& b) { return error_of(b.activated(1)); }},
    {"apply", [](auto& b) { return error_of(b.apply(1, {})); }},
    {"sync", [](auto& b) { return error_of(b.sync()); }},
    {"end_giving", [](auto& b) { return b.end_giving({}), b.take_failure(); }},
    {"tag", [](auto& b) { return static_cast<void>(b.tag()), b.take_failure(); }},
    {"confirmed", [](auto& b) { return b.confirmed(1, 1), b.take_failure(); }},
    {"dropped", [](auto& b) { return b.dropped(1), b.take_failure(); }},
    {"room", [](auto& b) { return b.room(), b.take_failure(); }},
    {"stepped_down", [](auto& b) { return b.stepped_down(), b.take_failure(); }},
    {"status", [](auto& b) { return b.status({}), b.take_failure(); }},
    {"stopped", [](auto& b) { return b.stopped({}), b.take_failure(); }},
};

class GuardedBrokerTest : public testing::Test {
 protected:
  SmallStore disk_;
  Exchange exchange_;
  SmallBroker broker_{disk_, exchange_};
  GuardedBroker guarded_{broker_};
};

TEST_F(GuardedBrokerTest, WhatIsThrownIsAnErrorThatNamesTheCall) {
  for (const auto how : {Failing::throws, Failing::throws_nonsense}) {
    for (const Call& call : calls) {
      broker_.fail(call.name, how);
      const auto error = call.make(guarded_);
      ASSERT_TRUE(error) << call.name;
      EXPECT_EQ(error->code, Errc::broker_failed);
      EXPECT_EQ(error->where, std::string("Broker::") + call.name);
      EXPECT_EQ(error->why, how == Failing::throws ? std::string("thrown by ") + call.name
                                                   : "no std::exception");
    }
  }
}

TEST_F(GuardedBrokerTest, AnErrorStaysWhatItIs) {
  broker_.fail("sync", Failing::returns);
  const auto synced = guarded_.sync();
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().code, Errc::io_failed);
  EXPECT_FALSE(guarded_.take_failure());
}

TEST_F(GuardedBrokerTest, OnlyTheFirstFailureIsKeptAndOnlyOnce) {
  broker_.fail("room", Failing::throws);
  broker_.fail("status", Failing::throws);
  guarded_.room();
  guarded_.status({});
  EXPECT_EQ(guarded_.take_failure()->where, "Broker::room");
  EXPECT_FALSE(guarded_.take_failure());
}

TEST_F(GuardedBrokerTest, ACallThatWorksReachesTheBroker) {
  for (const Call& call : calls) {
    if (std::string_view(call.name) == "take_update") continue;  // nobody gives one
    EXPECT_FALSE(call.make(guarded_)) << call.name;
  }
  EXPECT_EQ(broker_.calls().size(), std::size(calls) - 1);
}

}  // namespace
}  // namespace storemark::test
