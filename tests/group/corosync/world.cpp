// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/world.hpp"

#include <algorithm>

namespace storemark::corosync_group {
namespace {

constexpr std::size_t most_processes = 6;

template <class T>
T& one_of(std::vector<T>& from, std::size_t which) {
  return from[which % from.size()];
}

}  // namespace

World::World(std::uint64_t seed, const WorldSettings& settings)
    : settings_(settings), random_(seed), daemons_(settings.daemons), rarely_(8 + below(200)) {}

std::vector<Process*> World::living() {
  std::vector<Process*> out;
  for (Process& one : processes_) {
    if (one.is_alive && !one.is_lost) out.push_back(&one);
  }
  return out;
}

void World::join() {
  const std::size_t daemon = below(settings_.daemons);
  Daemon& host = daemons_.all()[daemon];
  if (!host.is_alive || !host.is_synced || living().size() >= most_processes) return;
  // Process ids come again as soon as they are free.
  Address address{host.nodeid, 1};
  while (daemons_.is_known(address)) ++address.pid;
  Connection& connection = daemons_.connect(daemon, address.pid);
  if (settings_.strangers && below(5) == 0) {
    strangers_.push_back(&connection);
    return;
  }
  processes_.emplace_back(connection, ++identities_, settings_.has_quorum);
  if (settings_.has_quorum) tell_quorum({daemon});
}

void World::tell_quorum(const std::vector<std::size_t>& daemons) {
  for (const std::size_t one : daemons) {
    const Ring& ring = *daemons_.all()[one].ring;
    const bool is_majority = 2 * ring.daemons.size() > settings_.daemons;
    for (Process& process : processes_) {
      if (process.connection->daemon != one) continue;
      process.quorum.emplace_back(ring.id.seq, is_majority);
      // A vote may change without a ring change.
      if (!calm_ && below(8) == 0) process.quorum.emplace_back(ring.id.seq, !is_majority);
    }
  }
}

/// Any partition of the daemons; what takes no part keeps its ring, and waits.
void World::change_rings() {
  const std::size_t parts = 1 + below(3);
  std::vector<std::vector<std::size_t>> rings(parts + 1);
  for (const std::size_t daemon : daemons_.alive()) rings[below(parts + 1)].push_back(daemon);
  if (below(2) == 0) {
    rings[0].insert(rings[0].end(), rings[parts].begin(), rings[parts].end());
    rings[parts].clear();
  }
  for (std::size_t i = 0; i < parts; ++i) {
    if (rings[i].empty()) continue;
    daemons_.form(rings[i]);
    if (settings_.holes) tear(rings[i]);
    tell_quorum(rings[i]);
    ++rings_;
  }
}

void World::tear(const std::vector<std::size_t>& daemons) {
  for (const std::size_t at : daemons) {
    for (const std::size_t from : daemons) {
      if (below(3) == 0) daemons_.tear(at, from, 1 + below(6));
    }
  }
}

bool World::daemon_step() {
  const std::size_t daemon = below(settings_.daemons);
  switch (below(8)) {
    case 0:
      return daemons_.activate(daemon);
    case 1:
      return daemons_.originate(daemon);
    case 2:
    case 3:
    case 4:
      return daemons_.receive(daemon, below(4));
    default:
      return daemons_.deliver(daemon);
  }
}

bool World::process_step(Process& process) {
  if (process.is_stopped) return false;
  switch (below(5)) {
    case 0:
      return process.send(below(4) != 0);
    case 1:
      if (process.quorum.empty()) return false;
      process.order.quorum(process.quorum.front().first, process.quorum.front().second);
      process.quorum.pop_front();
      process.drain();
      return true;
    case 2:
      return process.flush(daemons_);
    default:
      break;
  }
  const Daemon& daemon = daemons_.all()[process.connection->daemon];
  if (process.must_ask) {
    process.ask(daemon.departures);
    return true;
  }
  return process.take(1 + below(6), daemon.departures);
}

void World::stranger_step() {
  if (strangers_.empty()) return;
  Connection& one = *one_of(strangers_, below(strangers_.size()));
  if (!one.is_open || !one.is_joined) return;
  Bytes bytes = encode_renew();
  if (below(2) == 0)
    bytes[4] = 77;  // another version
  else
    bytes[below(bytes.size())] ^= static_cast<std::uint8_t>(1 + below(255));
  static_cast<void>(daemons_.send(one, std::move(bytes)));
}

bool World::rare_step() {
  auto alive = living();
  switch (below(12)) {
    case 0:
    case 1:
    case 2:
      join();
      return true;
    case 3:
      if (alive.empty() || below(2) == 0) return false;
      one_of(alive, below(alive.size()))->is_alive = false;
      for (Process& one : processes_) {
        if (!one.is_alive) daemons_.disconnect(*one.connection);
      }
      return true;
    case 4:
      if (settings_.daemons_crash && below(3) == 0) {
        const std::size_t daemon = below(settings_.daemons);
        daemons_.crash(daemon);
        for (Process& one : processes_) {
          if (one.connection->daemon == daemon) one.is_alive = false;
        }
      }
      return true;
    case 5:
      if (settings_.excludes && !alive.empty()) {
        Process& one = *one_of(alive, below(alive.size()));
        one.order.exclude_silent();
        one.drain();
      }
      return true;
    case 6:
      if (settings_.excludes && !alive.empty()) {
        Process& one = *one_of(alive, below(alive.size()));
        one.is_stopped = !one.is_stopped;
      }
      return true;
    case 7:
      stranger_step();
      return true;
    default:
      if (settings_.rings_change) change_rings();
      return true;
  }
}

void World::step() {
  if (below(rarely_) == 0) {
    rare_step();
    return;
  }
  auto alive = living();
  if (alive.empty() || below(2) == 0) {
    daemon_step();
  } else {
    process_step(*one_of(alive, below(alive.size())));
  }
}

/// Everything that can move moves once. False: nothing did.
bool World::move_all() {
  bool moved = false;
  for (std::size_t i = 0; i < settings_.daemons; ++i) {
    if (daemons_.activate(i)) moved = true;
    while (daemons_.originate(i)) moved = true;
  }
  for (std::size_t i = 0; i < settings_.daemons; ++i) {
    while (daemons_.receive(i, 0) || daemons_.deliver(i)) moved = true;
  }
  for (Process* one : living()) {
    while (!one->quorum.empty()) {
      one->order.quorum(one->quorum.front().first, one->quorum.front().second);
      one->quorum.pop_front();
      one->drain();
      moved = true;
    }
    const std::uint64_t departures = daemons_.all()[one->connection->daemon].departures;
    while (!one->is_lost && one->take(8, departures)) moved = true;
    if (!one->is_lost) one->ask(departures);
    while (one->flush(daemons_)) moved = true;
  }
  for (Process& one : processes_) {
    if (one.is_lost) daemons_.disconnect(*one.connection);
  }
  return moved;
}

}  // namespace storemark::corosync_group
