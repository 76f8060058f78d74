// SPDX-License-Identifier: Apache-2.0
// Daemons, and processes that drive an Order each as the group's thread does: what happens next is
// drawn from a seed. Records what each process was given, for judge.hpp.
#pragma once

#include <random>

#include "group/corosync/daemons.hpp"
#include "group/corosync/entrance.hpp"
#include "group/corosync/judge.hpp"
#include "group/corosync/order.hpp"
#include "group/corosync/sender.hpp"

namespace storemark::corosync_group {

struct WorldSettings {
  std::size_t daemons = 3;
  bool has_quorum = false;
  bool rings_change = true;
  bool daemons_crash = false;
  bool excludes = false;   ///< somebody loses patience now and then; processes are stopped
  bool strangers = false;  ///< foreign processes and other versions in the group
  bool holes = false;      ///< a node's first messages in a ring are thrown away here and there
};

class Process {
 public:
  Process(Connection& made, std::uint64_t identity, bool has_quorum);

  /// Takes up to `count` callbacks, and gives them to the Order; so many departures were told of.
  bool take(std::size_t count, std::uint64_t departures);
  /// Sees how many departures were told of.
  void ask(std::uint64_t departures);
  void drain();
  bool send(bool when_it_may);
  /// The next of what waits goes to the daemon. False: nothing does, or not now.
  bool flush(Daemons& daemons);

  Connection* connection;
  Order order;
  Entrance entrance;
  Sender sender;
  Record record;
  std::deque<std::pair<std::uint64_t, bool>> quorum;  ///< words of the quorum provider
  std::uint64_t sent = 0;
  std::uint64_t bundles = 0;  ///< of what went to the daemon
  bool must_ask = false;
  bool is_alive = true;
  bool is_stopped = false;
  bool is_lost = false;
  Error why;

 private:
  void give(const Callback& callback, std::uint64_t departures);
  void take_message(const Callback& callback);

  std::optional<Configuration> change_;  ///< until the totem callback comes
  std::optional<RingId> early_ring_;     ///< told before the own join
  std::uint64_t early_departures_ = 0;
  bool is_in_ = false;
  bool is_ring_change_ = false;
  RingId ring_;
  std::vector<Address> members_;
};

class World {
 public:
  World(std::uint64_t seed, const WorldSettings& settings);

  void step();
  /// No more faults; all see each other; all is delivered. False: it does not come to rest.
  [[nodiscard]] bool settle();
  /// After settle(): each sends, and all have it. Empty, or what does not hold.
  [[nodiscard]] std::string check_end();
  [[nodiscard]] std::string check() const;
  /// All that is under way comes, then all lose patience: who goes on goes on together. Empty, or
  /// what does not hold.
  [[nodiscard]] std::string check_rest();
  [[nodiscard]] const std::deque<Process>& processes() const { return processes_; }
  [[nodiscard]] std::size_t rings() const { return rings_; }

 private:
  bool daemon_step();
  bool process_step(Process& process);
  bool rare_step();
  void join();
  void change_rings();
  void stranger_step();
  void tell_quorum(const std::vector<std::size_t>& daemons);
  void tear(const std::vector<std::size_t>& daemons);
  [[nodiscard]] bool move_all();
  [[nodiscard]] bool settle_messages();
  /// Whether a node may be put out at all.
  [[nodiscard]] bool may_lose() const noexcept {
    return settings_.excludes || settings_.strangers || settings_.holes;
  }
  [[nodiscard]] bool lose_patience();
  [[nodiscard]] std::string check_rings();
  [[nodiscard]] std::string check_vote();
  [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }
  [[nodiscard]] std::vector<Process*> living();

  const WorldSettings settings_;
  std::mt19937_64 random_;
  Daemons daemons_;
  const std::size_t rarely_;  ///< a fault, or a join, in so many steps
  std::deque<Process> processes_;
  std::vector<Connection*> strangers_;
  std::uint64_t identities_ = 0;
  std::size_t rings_ = 0;
  bool calm_ = false;
};

}  // namespace storemark::corosync_group
