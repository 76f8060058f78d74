// SPDX-License-Identifier: Apache-2.0
// A round of three, led by hand up to the Hello of the third.
#pragma once

#include <gmock/gmock.h>

#include "group/corosync/bench.hpp"

namespace storemark::corosync_group {

/// Two that have said their Hello, and a third, to whom it was given.
struct Round : testing::Test {
  Round() {
    configure(all, ring_of(all, 8));
    flush(all, a);
    flush(all, b);
    hello = say(c);
  }
  /// The rest of the round, with no hole.
  void meet() {
    give(all, c.address, hello);
    talk(all);
    certain(all, 8);
    for (One* one : all) EXPECT_THAT(one->take(), testing::ElementsAre("view 1 2 3"));
  }
  static void lose_patience(One& one) {
    for (int i = 0; i < 2; ++i) one.order.exclude_silent();
    one.drain();
  }
  One a{1};
  One b{2};
  One c{3};
  Ones all{&a, &b, &c};
  Ones both{&a, &b};
  Bytes hello;  ///< of c
};

}  // namespace storemark::corosync_group
