// SPDX-License-Identifier: Apache-2.0
#include "journal/gate.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <limits>
#include <thread>
#include <vector>

namespace storemark {
namespace {

TEST(Gate, IsShutUntilOpened) {
  Gate gate;
  EXPECT_FALSE(gate.lets_through(0));
  EXPECT_EQ(gate.durable_floor(), 0U);
  EXPECT_EQ(gate.durable_ceiling(), 0U);
  EXPECT_TRUE(gate.in_own_process());
}

TEST(Gate, LetsThroughUpToTheCeiling) {
  Gate gate;
  gate.open(5, 9);
  EXPECT_TRUE(gate.lets_through(0));
  EXPECT_TRUE(gate.lets_through(9));
  EXPECT_FALSE(gate.lets_through(10));
  EXPECT_EQ(gate.durable_floor(), 5U);
  EXPECT_EQ(gate.durable_ceiling(), 9U);
  EXPECT_EQ(gate.noted(), 5U);
  EXPECT_EQ(gate.wanted(), 9U);
}

TEST(Gate, ReachesToTheEndOfCounting) {
  constexpr std::uint64_t last = (std::uint64_t{1} << 63) - 1;
  Gate gate;
  gate.open(last, last);
  EXPECT_TRUE(gate.lets_through(last));
  EXPECT_FALSE(gate.lets_through(last + 1));
}

TEST(Gate, AWriteMovesFloorAndCeilingUp) {
  Gate gate;
  gate.open(5, 9);
  gate.advance(7, 20);
  EXPECT_EQ(gate.durable_floor(), 7U);
  EXPECT_TRUE(gate.lets_through(20));
  gate.advance(8, 15);
  EXPECT_TRUE(gate.lets_through(20)) << "a ceiling is never taken back";
}

TEST(Gate, OnceShutAWriteDoesNotOpenIt) {
  Gate gate;
  gate.open(5, 9);
  gate.shut();
  EXPECT_FALSE(gate.lets_through(0));
  gate.advance(7, 20);
  EXPECT_FALSE(gate.lets_through(0));
  EXPECT_EQ(gate.durable_floor(), 7U) << "what is durable stays so";
}

TEST(Gate, NotedAndWantedOnlyRise) {
  Gate gate;
  gate.open(5, 9);
  gate.note(7);
  gate.note(6);
  EXPECT_EQ(gate.noted(), 7U);
  gate.want_ceiling(12);
  gate.want_ceiling(11);
  EXPECT_EQ(gate.wanted(), 12U);
}

TEST(Gate, OpeningAgainBeginsAnew) {
  Gate gate;
  gate.open(5, 9);
  gate.note(9);
  gate.shut();
  gate.open(3, 4);
  EXPECT_EQ(gate.noted(), 3U);
  EXPECT_FALSE(gate.lets_through(5));
}

TEST(Gate, ThreadsRaiseTogether) {
  Gate gate;
  gate.open(0, std::numeric_limits<std::uint32_t>::max());
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&gate, t] {
      for (std::uint64_t n = t; n < 40'000; n += 4) gate.note(n);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(gate.noted(), 39'999U);
}

TEST(Gate, TheHighestOfAllWordsCounts) {
  for (unsigned which = 0; which < detail::GateWords::noters; ++which) {
    Gate gate;
    gate.open(5, 20);
    EXPECT_EQ(gate.noted(), 5U);
    gate.words()->noted[which].value.store(9);
    EXPECT_EQ(gate.noted(), 9U);
    // A new permit begins anew.
    gate.open(3, 20);
    EXPECT_EQ(gate.noted(), 3U);
  }
}

/// True where `check` holds in a forked child.
bool holds_in_child(const std::function<bool()>& check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check() ? 0 : 1);
  int status = -1;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

TEST(Gate, AForkedChildSeesItShut) {
  Gate gate;
  gate.open(5, 9);
  EXPECT_TRUE(holds_in_child([&] {
    const bool shut = !gate.lets_through(0) && !gate.in_own_process();
    gate.advance(7, 20);
    gate.note(8);
    return shut && !gate.lets_through(0) && gate.durable_ceiling() == 0;
  }));
  EXPECT_TRUE(gate.lets_through(9)) << "the parent goes on";
  EXPECT_EQ(gate.durable_floor(), 5U);
  EXPECT_EQ(gate.noted(), 5U) << "nothing that the child did is seen";
}

TEST(Gate, ItsGrandchildToo) {
  Gate gate;
  gate.open(5, 9);
  EXPECT_TRUE(holds_in_child([&] {
    return holds_in_child([&] { return !gate.lets_through(0) && !gate.in_own_process(); });
  }));
}

}  // namespace
}  // namespace storemark
