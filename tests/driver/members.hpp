// SPDX-License-Identifier: Apache-2.0
// Members without threads: whoever tests says when messages are delivered and tasks are run, and
// looks at the journals in between.
#pragma once

#include <map>
#include <memory>

#include "driver/member.hpp"
#include "driver/small_broker.hpp"
#include "journal_api/real_store.hpp"
#include "support/loopback_group.hpp"

namespace storemark::test {

class MembersTest : public testing::Test {
 protected:
  struct One {
    std::string name;
    std::filesystem::path directory;
    std::uint32_t wait_for = 1;
    QuorumPolicy quorum = QuorumPolicy::automatic;
    SmallStore disk;
    std::unique_ptr<SmallBroker> broker;
    std::unique_ptr<Group> group;
    std::unique_ptr<driver::Member> member;
  };

  One& add(const std::string& name, std::uint32_t wait_for = 1);
  /// A new process: looks, opens, joins.
  void start(One& one);
  /// Gone without a word.
  void kill(One& one);
  /// Delivers what there is, to everybody, and settles; runs no task. False: there was nothing.
  bool deliver();
  /// Runs the task that this member asks for, if there is one.
  bool run_task(One& one);
  /// All of it, until nothing moves.
  void run();
  void publish(One& one, std::uint64_t token, const std::string& event);
  /// Founds these, each waiting for all.
  void found(const std::vector<std::string>& names);

  /// What the operator's tool sees beside it.
  [[nodiscard]] Examination journal_of(const One& one) const;
  [[nodiscard]] Record record_of(const One& one) const;

  real::TempDirectory root_;
  Exchange exchange_;
  LoopbackHub hub_;
  std::map<std::string, One> all_;
};

}  // namespace storemark::test
