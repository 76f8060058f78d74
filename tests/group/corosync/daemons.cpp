// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/daemons.hpp"

#include <algorithm>

#include "group/corosync/envelope.hpp"

namespace storemark::corosync_group {

Daemons::Daemons(std::size_t count) : daemons_(count) {
  for (std::size_t i = 0; i < count; ++i) {
    daemons_[i].nodeid = static_cast<std::uint32_t>(i + 1);
    form({i});
  }
}

std::vector<std::size_t> Daemons::alive() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < daemons_.size(); ++i) {
    if (daemons_[i].is_alive) out.push_back(i);
  }
  return out;
}

std::size_t Daemons::index_of(const Daemon& daemon) const {
  return static_cast<std::size_t>(&daemon - daemons_.data());
}

Connection& Daemons::connect(std::size_t daemon, std::uint32_t pid) {
  Connection one;
  one.address = {daemons_[daemon].nodeid, pid};
  one.daemon = daemon;
  connections_.push_back(one);
  daemons_[daemon].queue.push_back({Raw::Kind::join, one.address, {}});
  return connections_.back();
}

bool Daemons::is_known(const Address& address) const {
  const Daemon& daemon = daemons_[address.nodeid - 1];
  const auto waits = [&](const Raw& raw) {
    return raw.from == address && raw.kind != Raw::Kind::message;
  };
  const auto in_ring = daemon.ring->log.begin() + static_cast<std::ptrdiff_t>(daemon.delivered);
  return daemon.processes.contains(address) || std::ranges::any_of(daemon.queue, waits) ||
         std::any_of(in_ring, daemon.ring->log.end(), waits);
}

bool Daemons::send(Connection& connection, Bytes bytes) {
  Daemon& daemon = daemons_[connection.daemon];
  if (!daemon.is_synced) return false;  // CS_ERR_TRY_AGAIN
  daemon.queue.push_back({Raw::Kind::message, connection.address, std::move(bytes)});
  return true;
}

void Daemons::disconnect(Connection& connection) {
  if (!connection.is_open) return;
  connection.is_open = false;
  connection.callbacks.clear();
  daemons_[connection.daemon].queue.push_back({Raw::Kind::leave, connection.address, {}});
}

bool Daemons::originate(std::size_t daemon) {
  Daemon& self = daemons_[daemon];
  if (!self.is_alive || !self.is_synced || self.queue.empty()) return false;
  self.received.insert(self.ring->log.size());
  self.ring->log.push_back(std::move(self.queue.front()));
  self.queue.pop_front();
  return true;
}

/// The last barrier of the synchronisation; comes when all of the ring took part.
bool Daemons::activate(std::size_t daemon) {
  Daemon& self = daemons_[daemon];
  const auto is_here = [&](std::size_t other) { return daemons_[other].ring == self.ring; };
  if (!self.is_alive || !self.ring->log.empty()) return false;
  if (!std::ranges::all_of(self.ring->daemons, is_here)) return false;
  self.ring->log.push_back({Raw::Kind::activate, {self.nodeid, 0}, {}});
  self.received.insert(0);
  return true;
}

/// From anybody who has it and is still in the ring.
bool Daemons::receive(std::size_t daemon, std::size_t which) {
  Daemon& self = daemons_[daemon];
  const std::size_t size = self.ring->log.size();
  if (!self.is_alive || self.delivered >= size) return false;
  const std::size_t at = self.delivered + which % (size - self.delivered);
  const auto has = [&](const Daemon& other) {
    return other.is_alive && other.ring == self.ring &&
           (other.delivered > at || other.received.contains(at));
  };
  return std::ranges::any_of(daemons_, has) && self.received.insert(at).second;
}

bool Daemons::deliver(std::size_t daemon) {
  Daemon& self = daemons_[daemon];
  if (!self.is_alive || self.received.erase(self.delivered) == 0) return false;
  const Raw raw = self.ring->log[self.delivered++];
  hand(self, raw);
  return true;
}

void Daemons::form(const std::vector<std::size_t>& daemons) {
  auto ring = std::make_shared<Ring>();
  ring->daemons = daemons;
  ring->id = {daemons_[daemons.front()].nodeid, 0};
  std::map<Ring*, std::vector<std::size_t>> along;
  for (const std::size_t one : daemons) {
    const Daemon& daemon = daemons_[one];
    ring->id.nodeid = std::min(ring->id.nodeid, daemon.nodeid);
    if (daemon.ring) ring->id.seq = std::max(ring->id.seq, daemon.ring->id.seq + 4);
    along[daemon.ring.get()].push_back(one);
  }
  for (const auto& [old, movers] : along) {
    std::set<std::size_t> known;
    std::set<std::uint32_t> nodeids;
    for (const std::size_t one : movers) {
      const Daemon& daemon = daemons_[one];
      nodeids.insert(daemon.nodeid);
      known.insert(daemon.received.begin(), daemon.received.end());
      for (std::size_t i = 0; i < daemon.delivered; ++i) known.insert(i);
    }
    for (const std::size_t one : movers) {
      if (old != nullptr) burst(one, known, nodeids);
      daemons_[one].came_along = nodeids;
    }
  }
  for (const std::size_t one : daemons) {
    Daemon& daemon = daemons_[one];
    daemon.ring = ring;
    daemon.delivered = 0;
    daemon.received.clear();
    daemon.is_synced = false;
    std::erase_if(daemon.holes,
                  [&](const auto& hole) { return !daemon.came_along.contains(hole.first); });
    for (const Address& process : daemon.processes) {
      if (process.nodeid == daemon.nodeid) ring->lists[daemon.nodeid].insert(process);
    }
  }
}

/// memb_state_operational_enter() in exec/totemsrp.c.
void Daemons::burst(std::size_t daemon, const std::set<std::size_t>& known,
                    const std::set<std::uint32_t>& along) {
  Daemon& self = daemons_[daemon];
  const auto ring = self.ring;
  while (known.contains(self.delivered)) hand(self, ring->log[self.delivered++]);
  // main.c tells who left when the transitional configuration comes, which is here.
  self.departures += ring->daemons.size() - along.size();
  for (; self.delivered < ring->log.size(); ++self.delivered) {
    const Raw& raw = ring->log[self.delivered];
    if (known.contains(self.delivered) && along.contains(raw.from.nodeid)) hand(self, raw);
  }
}

void Daemons::hand(Daemon& self, const Raw& raw) {
  switch (raw.kind) {
    case Raw::Kind::activate:
      return synchronise(self);
    case Raw::Kind::join:
      if (self.processes.insert(raw.from).second) tell(self, {raw.from}, {}, false);
      return;
    case Raw::Kind::leave:
      tell(self, {}, {raw.from}, false);
      self.processes.erase(raw.from);
      return;
    case Raw::Kind::message:
      if (is_thrown_away(self, raw)) return;
      break;
  }
  const auto is_of_node = [&](const Address& one) { return one.nodeid == raw.from.nodeid; };
  if (std::ranges::none_of(self.processes, is_of_node)) return;
  for (Connection& one : connections_) {
    if (one.daemon != index_of(self) || !one.is_open || !one.is_joined) continue;
    Callback callback{Callback::Kind::message, {}, {}, false, {}, raw.from, raw.bytes};
    one.callbacks.push_back(std::move(callback));
  }
}

void Daemons::tear(std::size_t daemon, std::size_t from, std::size_t count) {
  Daemon& self = daemons_[daemon];
  const std::uint32_t nodeid = daemons_[from].nodeid;
  if (!self.came_along.contains(nodeid)) self.holes[nodeid] = count;
}

/// totempg_deliver_fn() in exec/totempg.c, where half a message is left of before.
bool Daemons::is_thrown_away(Daemon& self, const Raw& raw) {
  const auto hole = self.holes.find(raw.from.nodeid);
  if (hole == self.holes.end()) return false;
  const auto opened = open_envelope(raw.bytes);
  const auto* message = std::get_if<Opened>(&opened);
  if (hole->second == 0 || (message != nullptr && message->type == MessageType::exclude)) {
    self.holes.erase(hole);
    return false;
  }
  --hole->second;
  return true;
}

/// cpg_sync_activate() in exec/cpg.c.
void Daemons::synchronise(Daemon& self) {
  std::set<std::uint32_t> members;
  for (const std::size_t one : self.ring->daemons) members.insert(daemons_[one].nodeid);
  std::vector<Address> left;
  for (const Address& one : self.processes) {
    if (self.old_members.contains(one.nodeid) && !self.came_along.contains(one.nodeid)) {
      left.push_back(one);
    }
  }
  self.old_members = members;
  self.synced_ring = self.ring->id;
  self.is_synced = true;
  for (const Address& one : left) self.processes.erase(one);
  if (!left.empty()) tell(self, {}, left, true);

  std::vector<Address> joined;
  std::set<Address> known;
  for (const auto& [nodeid, list] : self.ring->lists) {
    known.insert(list.begin(), list.end());
    if (nodeid == self.nodeid) continue;
    for (const Address& one : list) {
      if (self.processes.insert(one).second) joined.push_back(one);
    }
  }
  if (!joined.empty()) tell(self, joined, {}, true);
  const auto processes = self.processes;
  for (const Address& one : processes) {
    if (one.nodeid == self.nodeid || known.contains(one)) continue;
    tell(self, {}, {one}, false);
    self.processes.erase(one);
  }
  for (Connection& one : connections_) {
    if (one.daemon == index_of(self) && one.is_open) tell_ring(self, one);
  }
}

/// notify_lib_joinlist() in exec/cpg.c.
void Daemons::tell(Daemon& self, const std::vector<Address>& joined,
                   const std::vector<Address>& left, bool is_of_ring) {
  Callback callback{Callback::Kind::confchg, {}, left, is_of_ring, {}, {}, {}};
  for (const Address& one : self.processes) {
    if (std::ranges::count(left, one) == 0) callback.members.push_back(one);
  }
  for (Connection& one : connections_) {
    if (one.daemon != index_of(self) || !one.is_open) continue;
    if (std::ranges::count(joined, one.address) > 0) one.is_joined = true;
    if (one.is_joined) one.callbacks.push_back(callback);
  }
  for (Connection& one : connections_) {
    if (one.daemon != index_of(self) || !one.is_open || one.knows_ring) continue;
    one.knows_ring = true;
    tell_ring(self, one);
  }
}

void Daemons::tell_ring(Daemon& self, Connection& to) {
  to.callbacks.push_back({Callback::Kind::totem, {}, {}, false, self.synced_ring, {}, {}});
}

void Daemons::crash(std::size_t daemon) {
  Daemon& self = daemons_[daemon];
  for (Connection& one : connections_) {
    if (one.daemon == daemon) one.is_open = false;
  }
  self.queue.clear();
  self.processes.clear();
  self.old_members.clear();
  self.received.clear();
  auto fresh = std::make_shared<Ring>();  // its own, which nobody else is in; seq is kept on disk
  fresh->id = {self.nodeid, self.ring->id.seq + 4};
  fresh->daemons = {daemon};
  self.ring = std::move(fresh);
  self.delivered = 0;
  self.departures = 0;
  self.came_along = {self.nodeid};
  self.holes.clear();
  self.is_synced = false;
}

}  // namespace storemark::corosync_group
