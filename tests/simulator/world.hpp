// SPDX-License-Identifier: Apache-2.0
// One simulated cluster, from one seed: rounds of trouble, each followed by a calm in which the
// cluster must become active again, with every event that was answered.
#pragma once

#include "simulator/sim_operator.hpp"

namespace storemark::simulator {

/// What a simulation has been through.
struct Tally {
  std::uint64_t deliveries = 0;  ///< of messages and views to a member
  std::uint64_t published = 0;
  std::uint64_t faults = 0;
  std::uint64_t answered = 0;
  std::uint64_t dropped = 0;      ///< for want of a quorum, and the publisher was told
  std::uint64_t words = 0;        ///< of operators
  std::uint64_t said_losses = 0;  ///< answered events that a decision gave up, and said so
  std::uint64_t given_up = 0;     ///< answered events that an operator gave up
  /// What happened to members: what is called an event.
  [[nodiscard]] std::uint64_t events() const { return deliveries + published + faults; }
  Tally& operator+=(const Tally& other);
};

class World {
 public:
  World(std::uint64_t seed, std::size_t traced);

  /// Ends at the first broken promise.
  void run(unsigned rounds, unsigned steps);
  [[nodiscard]] const Oracle& oracle() const noexcept { return oracle_; }
  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] std::string trace() const { return trace_.text(); }
  [[nodiscard]] Tally tally() const;

 private:
  // trouble.cpp
  void trouble(unsigned steps);
  void step();
  void some_fault();
  void act(Host& host);
  [[nodiscard]] bool happens(std::uint64_t one_in) { return one_in != 0 && random_.one_in(one_in); }
  void blackout();
  void clone();
  void arm_disk_fault();

  // calm.cpp
  void calm();
  void settle_down();
  [[nodiscard]] bool advance();
  void start_all();
  void stop_all();
  [[nodiscard]] bool help();
  [[nodiscard]] InitialUuid main_cluster();
  [[nodiscard]] bool is_whole();
  [[nodiscard]] bool end_other_clusters();
  void check_whole();
  void publish_in_calm();
  void shut_down_and_restart();
  [[nodiscard]] std::string state();

  Random random_;
  Settings settings_;
  Trace trace_;
  Oracle oracle_;
  Network network_;
  std::vector<std::unique_ptr<Host>> hosts_;
  Ground ground_;
  SimOperator operator_;
  std::uint64_t step_ = 0;
};

}  // namespace storemark::simulator
