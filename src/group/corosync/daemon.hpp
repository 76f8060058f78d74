// SPDX-License-Identifier: Apache-2.0
// What is asked of Corosync's daemon on this host, and what it tells. A seam: the tests put a
// daemon of their own in its place.
#pragma once

#include <memory>

#include "group/corosync/address.hpp"

namespace storemark::corosync_group {

/// What the daemon tells, in its order.
class DaemonListener {
 public:
  virtual ~DaemonListener() = default;
  /// The bytes are the caller's after the return.
  virtual void message(Address from, ByteView bytes) = 0;

  struct Moved {
    Address who;
    bool by_ring = false;  ///< with its node: NODEDOWN, NODEUP
  };
  struct Processes {
    std::vector<Address> members;
    std::vector<Moved> left;
    std::vector<Moved> joined;
  };
  virtual void processes(const Processes& change) = 0;
  virtual void ring(const RingId& ring) = 0;
  /// On a connection of its own: may come before or after the same ring.
  virtual void quorum(std::uint64_t ring_seq, bool quorate) = 0;
};

enum class Answer : std::uint8_t {
  done,
  again,      ///< not now: there is no event, or no room
  denied,     ///< this user may not
  gone,       ///< no daemon, or none any more: this connection is over
  no_memory,  ///< while it was told; the connection is over
};

/// Threads: one, but for what says any. Each call may last for as long as the daemon is stopped,
/// unless it says otherwise.
class Daemon {
 public:
  Daemon() = default;
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  /// As close().
  virtual ~Daemon() = default;

  /// Connects, and asks to be in the group; a second call does so anew. Events come from here on,
  /// to `listener`, during take_event() and take_quorum() alone.
  [[nodiscard]] virtual Answer join(const std::string& group, DaemonListener& listener) = 0;
  /// The last failure, for people: which call, and what it answered.
  [[nodiscard]] virtual std::string complaint() const = 0;

  // After a join.
  struct Facts {
    Address self;
    std::size_t max_message = 0;
    bool has_quorum = false;  ///< a quorum provider is configured
    int events = -1;          ///< readable where take_event() has something to do
    int quorum_events = -1;
  };
  [[nodiscard]] virtual Facts facts() const = 0;
  /// Takes one event, if there is one. Does not wait.
  [[nodiscard]] virtual Answer take_event() = 0;
  /// Takes all that the quorum's connection has. Does not wait.
  [[nodiscard]] virtual Answer take_quorum() = 0;
  /// How often a node has left this daemon's ring, since the join. A departure is told before
  /// anything that may be behind a gap on account of it. Does not wait.
  [[nodiscard]] virtual Answer count_departures(std::uint64_t& out) = 0;
  /// The own leaving comes as an event.
  [[nodiscard]] virtual Answer leave() = 0;
  /// The others see this process gone.
  virtual void close() = 0;

  /// Sends head and body as one message, whole or not at all. Does not wait. Threads: any, one at a
  /// time, and not during join() and close().
  [[nodiscard]] virtual Answer multicast(ByteView head, ByteView body) = 0;
  /// Every call that lasts ends soon, and later ones fail; but not one in which a connection is
  /// made. Does not wait. Threads: any.
  virtual void interrupt() noexcept = 0;
};

/// The daemon of this host.
[[nodiscard]] std::unique_ptr<Daemon> corosync_daemon();

}  // namespace storemark::corosync_group
