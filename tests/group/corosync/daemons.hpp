// SPDX-License-Identifier: Apache-2.0
// Corosync as its source has it, as far as a group can tell: rings of daemons, each with one order
// of messages; a ring change that delivers, in one burst, what is without a gap and then what is
// behind gaps of those who move along; the synchronisation after it, which may be cut short; the
// process group's lists, with their habits; and the first messages of a node in a ring, that some
// throw away. Nothing moves by itself: a seed chooses.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>

#include "group/corosync/address.hpp"

namespace storemark::corosync_group {

/// What the daemon tells a process.
struct Callback {
  enum class Kind : std::uint8_t { confchg, totem, message } kind{};
  std::vector<Address> members;  // confchg
  std::vector<Address> left;
  bool is_of_ring = false;  ///< reasons NODEDOWN or NODEUP
  RingId ring;              // totem
  Address from;             // message
  Bytes bytes;
};

struct Raw {
  enum class Kind : std::uint8_t { activate, join, leave, message } kind{};
  Address from;
  Bytes bytes;
};

struct Ring {
  RingId id;
  std::vector<std::size_t> daemons;
  std::map<std::uint32_t, std::set<Address>> lists;  ///< what each node says in the joinlist
  std::vector<Raw> log;
};

/// A process's connection.
struct Connection {
  Address address;
  std::size_t daemon = 0;
  bool is_joined = false;
  bool knows_ring = false;  ///< the initial totem callback was given
  bool is_open = true;
  std::deque<Callback> callbacks;
};

struct Daemon {
  std::uint32_t nodeid = 0;
  bool is_alive = true;
  std::uint64_t departures = 0;  ///< of nodes from its ring, that processes were told of
  std::shared_ptr<Ring> ring;
  std::size_t delivered = 0;
  std::set<std::size_t> received;  ///< beyond what is delivered
  std::deque<Raw> queue;           ///< taken from processes, not yet in a ring
  /// Of that node so many of the next messages are thrown away here.
  std::map<std::uint32_t, std::size_t> holes;
  // The process group's service.
  bool is_synced = false;
  std::set<std::uint32_t> old_members;
  std::set<std::uint32_t> came_along;
  std::set<Address> processes;
  RingId synced_ring;
};

class Daemons {
 public:
  explicit Daemons(std::size_t count);

  [[nodiscard]] std::vector<Daemon>& all() { return daemons_; }
  [[nodiscard]] std::vector<std::size_t> alive() const;
  Connection& connect(std::size_t daemon, std::uint32_t pid);
  [[nodiscard]] std::deque<Connection>& connections() { return connections_; }
  [[nodiscard]] bool is_known(const Address& address) const;

  // What may happen; false: it cannot, now.
  bool originate(std::size_t daemon);
  bool activate(std::size_t daemon);
  bool receive(std::size_t daemon, std::size_t which);
  bool deliver(std::size_t daemon);
  /// They see each other and nobody else from now on.
  void form(const std::vector<std::size_t>& daemons);
  /// Of the node of `from`, which has come from another ring, the next `count` messages are thrown
  /// away at this daemon, or those before its next Exclude if that is sooner: patience is longer
  /// than any such run.
  void tear(std::size_t daemon, std::size_t from, std::size_t count);
  /// All processes end with it; it comes again as new.
  void crash(std::size_t daemon);
  bool send(Connection& connection, Bytes bytes);
  /// The process's end is seen by its daemon.
  void disconnect(Connection& connection);

 private:
  void burst(std::size_t daemon, const std::set<std::size_t>& known,
             const std::set<std::uint32_t>& along);
  void hand(Daemon& self, const Raw& raw);
  [[nodiscard]] static bool is_thrown_away(Daemon& self, const Raw& raw);
  void synchronise(Daemon& self);
  void tell(Daemon& self, const std::vector<Address>& joined, const std::vector<Address>& left,
            bool is_of_ring);
  void tell_ring(Daemon& self, Connection& to);
  [[nodiscard]] std::size_t index_of(const Daemon& daemon) const;

  std::vector<Daemon> daemons_;
  std::deque<Connection> connections_;
};

}  // namespace storemark::corosync_group
