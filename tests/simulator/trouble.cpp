// SPDX-License-Identifier: Apache-2.0
// The rounds of trouble: whatever may happen, at any moment.
#include "simulator/world.hpp"

namespace storemark::simulator {

void World::trouble(unsigned steps) {
  ground_.calm = false;
  for (unsigned i = 0; i < steps && !oracle_.is_broken(); ++i) {
    trace_.at(++step_);
    step();
  }
}

void World::step() {
  Host& host = *random_.pick(hosts_);
  if (!host.runs()) {
    if (random_.one_in(host.ended() || host.start_error() ? 200 : 40)) host.start();
  } else {
    act(host);
  }
  for (std::uint64_t messages = random_.below(4); messages > 0; --messages) {
    static_cast<void>(network_.order_one());
  }
  if (random_.one_in(8)) static_cast<void>(network_.notice_death());
  if (random_.one_in(32)) random_.pick(hosts_)->check_bounds();
  some_fault();
}

void World::act(Host& host) {
  switch (random_.below(8)) {
    case 0:
    case 1:
      static_cast<void>(host.publish());
      break;
    case 2:
      static_cast<void>(host.work());
      break;
    case 3:
      random_.one_in(2) ? host.beat() : host.read_back();
      break;
    default:
      static_cast<void>(host.deliver(random_.between(1, 16)));
  }
}

void World::some_fault() {
  Host& host = *random_.pick(hosts_);
  if (host.runs()) {
    const bool killed = happens(settings_.kill);
    if (killed || happens(settings_.power_cut)) {
      host.die(killed ? Host::Death::killed : Host::Death::power);
      return host.tidy_up();
    }
    if (host.ready() && happens(settings_.shut_down)) return host.shut_down();
    if (happens(settings_.leave)) return host.leave();
    if (happens(settings_.disk_fault)) return arm_disk_fault();
  } else if (host.is_persistent()) {
    if (happens(settings_.slot_fault)) {
      ++ground_.faults;
      trace_.say("a slot of ", host.name(), " is spoilt");
      return host.spoil_slot(false);
    }
    if (happens(settings_.lost_journal)) {
      ++ground_.faults;
      trace_.say("the journal of ", host.name(), " is spoilt");
      return host.spoil_slot(true);
    }
    if (happens(settings_.clone)) return clone();
    if (happens(settings_.wrong_operator)) return operator_.blunder();
  }
  if (happens(settings_.blackout)) return blackout();
  if (happens(settings_.disconnect)) {
    ground_.faults += network_.disconnect(host.index()) ? 1 : 0;
  }
  if (happens(settings_.partition)) {
    ++ground_.faults;
    trace_.say("the network is cut");
    static_cast<void>(network_.partition());
  } else if (settings_.partition != 0 && random_.one_in(settings_.partition / 2)) {
    if (network_.heal(random_.one_in(2))) {
      ++ground_.faults;
      trace_.say("the network is mended");
    }
  }
}

void World::blackout() {
  trace_.say("the power goes");
  for (const auto& host : hosts_) {
    if (!host->runs()) continue;
    host->die(Host::Death::power);
    host->tidy_up();
  }
}

void World::arm_disk_fault() {
  Host& host = *random_.pick(hosts_);
  if (!host.runs()) return;
  ++ground_.faults;
  sim::CallFault fault;
  fault.kind = random_.one_in(3) ? sim::CallFault::Kind::error : sim::CallFault::Kind::crash;
  fault.when = static_cast<sim::When>(random_.below(3));
  host.disk().fault_at(host.disk().calls() + random_.below(30), fault);
}

void World::clone() {
  Host& from = *random_.pick(hosts_);
  Host& to = *random_.pick(hosts_);
  if (&from == &to || from.runs() || to.runs()) return;
  ++ground_.faults;
  to.wipe();
  to.copy(from);
  trace_.say("the directory of ", from.name(), " is copied to ", to.name());
}

}  // namespace storemark::simulator
