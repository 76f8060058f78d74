// SPDX-License-Identifier: Apache-2.0
// Members of a cluster that start together, lose each other and meet again.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "restart/session_world.hpp"

namespace storemark::restart {

using Events = std::vector<std::string>;

class SessionQuorumTest : public testing::Test {
 protected:
  /// Members that start together, and an event of each.
  void start(const std::string& names, std::size_t votes,
             QuorumPolicy policy = QuorumPolicy::automatic) {
    names_ = names;
    world_.configure_votes(votes);
    for (const char name : names) {
      world_.add({name}, static_cast<std::uint32_t>(names.size())).own.quorum = policy;
    }
    for (const char name : names) world_.start({name});
    world_.run();
    for (const char name : names) world_.publish({name}, {name});
    world_.run();
    ASSERT_TRUE(all_ready());
    ASSERT_EQ(a().store.size(), names.size());
  }
  /// Only this member gets the event that it sends; then it is cut off.
  void cut_off_with_an_event(const std::string& name, int part = 1) {
    world_.slip(name, part);
    world_.publish(name, "of " + name + " alone");
    world_.run();
    world_.cut_off(name, part);
  }
  void kill(const std::string& names) {
    for (const char name : names) world_.kill({name});
    world_.run();
  }
  void restart(const std::string& names) {
    for (const char name : names) world_.start({name});
    world_.run();
  }
  void heal() {
    world_.heal();
    world_.run();
  }
  [[nodiscard]] bool all_ready() {
    return std::ranges::all_of(names_, [&](char name) { return world_[{name}].ready(); });
  }
  void expect_alike() {
    for (const char name : names_) {
      EXPECT_FALSE(world_[{name}].stopped) << name << ": " << world_[{name}].stopped->why;
      EXPECT_EQ(world_[{name}].store, a().store) << name;
      EXPECT_EQ(world_[{name}].own.view.id, a().own.view.id) << name;
    }
  }
  Actor& a() { return world_["a"]; }
  Actor& b() { return world_["b"]; }
  Actor& c() { return world_["c"]; }

  std::string names_;
  World world_;
};

}  // namespace storemark::restart
