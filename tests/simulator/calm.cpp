// SPDX-License-Identifier: Apache-2.0
// The calm after a round of trouble: no fault any more. All is started, the operator helps where a
// rule asks for one, and the cluster must become active with all that was answered.
#include <algorithm>
#include <map>

#include "simulator/world.hpp"

namespace storemark::simulator {
namespace {

constexpr unsigned most_steps = 200'000;  // until nothing moves any more
constexpr unsigned most_visits = 24;      // of the operator
constexpr unsigned events_in_calm = 5;

/// The member will not get further without an operator.
bool was_refused(const std::optional<Stopped>& ended) {
  return ended && ended->error && ended->error->code == Errc::member_refused;
}

}  // namespace

void World::calm() {
  ground_.calm = true;
  trace_.say("calm");
  for (const auto& host : hosts_) host->disk().clear_faults();
  if (network_.heal(true)) trace_.say("the network is mended");
  for (unsigned visits = 0; !oracle_.is_broken(); ++visits) {
    start_all();
    settle_down();
    if (oracle_.is_broken()) return;
    if (is_whole()) break;
    if (visits == most_visits || settings_.partitions_only)
      return oracle_.report(Broken::stuck, state());
    if (!help()) return;
  }
  if (oracle_.is_broken()) return;
  publish_in_calm();
  check_whole();
  if (!oracle_.is_broken() && random_.one_in(2)) shut_down_and_restart();
}

/// One step of whatever can move; false where nothing can.
bool World::advance() {
  trace_.at(++step_);
  bool moved = network_.notice_death();
  moved = network_.order_one() || moved;
  for (const auto& host : hosts_) {
    if (host->runs()) moved = host->deliver(random_.between(1, 8)) || moved;
    if (host->runs()) moved = host->work() || moved;
  }
  return moved;
}

void World::settle_down() {
  for (unsigned i = 0; i < most_steps; ++i) {
    if (!advance() || oracle_.is_broken()) return;
  }
  oracle_.report(Broken::stuck, "it does not come to rest; " + state());
}

void World::start_all() {
  for (const auto& host : hosts_) {
    if (!host->runs()) host->start();
  }
}

void World::stop_all() {
  for (const auto& host : hosts_) {
    if (host->runs()) host->leave();
  }
}

/// The cluster that most active hosts belong to.
InitialUuid World::main_cluster() {
  std::map<InitialUuid, std::size_t> sizes;
  for (const auto& host : hosts_) {
    if (host->ready()) ++sizes[host->cluster()];
  }
  const auto size = [](const auto& one) { return one.second; };
  return sizes.empty() ? InitialUuid{} : std::ranges::max_element(sizes, {}, size)->first;
}

bool World::is_whole() {
  const InitialUuid cluster = main_cluster();
  return std::ranges::all_of(
      hosts_, [&](const auto& host) { return host->ready() && host->cluster() == cluster; });
}

/// Where two clusters were founded, the hosts of the smaller one begin anew.
bool World::end_other_clusters() {
  const InitialUuid cluster = main_cluster();
  bool ended = false;
  for (const auto& host : hosts_) {
    if (!host->ready() || host->cluster() == cluster) continue;
    host->leave();
    host->wipe();
    ended = true;
  }
  return ended;
}

/// What an operator does now; false where a promise was broken.
bool World::help() {
  const bool active = std::ranges::any_of(hosts_, [](const auto& host) { return host->ready(); });
  trace_.say(state());
  if (!active) {
    stop_all();
    if (oracle_.is_broken()) return false;
    if (settings_.kind == MemberKind::persistent) static_cast<void>(operator_.settle_forming());
    return true;
  }
  if (end_other_clusters()) return !oracle_.is_broken();
  for (const auto& host : hosts_) {
    if (host->ready()) continue;
    if (host->runs()) host->leave();
    const bool refused = host->start_error() || was_refused(host->ended());
    if (refused) operator_.settle_refused(*host);
  }
  return !oracle_.is_broken();
}

void World::publish_in_calm() {
  const std::uint64_t before = oracle_.answers();
  std::uint64_t published = 0;
  for (unsigned i = 0; i < events_in_calm; ++i) {
    for (const auto& host : hosts_) published += host->publish() ? 1 : 0;
    static_cast<void>(advance());
  }
  settle_down();
  if (oracle_.is_broken()) return;
  if (!is_whole() || oracle_.answers() < before + published) {
    oracle_.report(Broken::stuck, "not every client is answered; " + state());
  }
}

void World::check_whole() {
  if (oracle_.is_broken()) return;
  const Content& first = hosts_.front()->store().content();
  for (const auto& host : hosts_) {
    host->check_bounds();
    if (host->store().content().digest() == first.digest()) continue;
    oracle_.report(Broken::divergence,
                   host->name() + " and " + hosts_.front()->name() + " are active, and differ");
  }
  oracle_.check_all_there(first);
}

void World::shut_down_and_restart() {
  const std::uint64_t digest = hosts_.front()->store().content().digest();
  random_.pick(hosts_)->shut_down();
  settle_down();
  if (oracle_.is_broken()) return;
  for (const auto& host : hosts_) {
    if (host->runs() || !host->ended() || !host->ended()->clean) {
      return oracle_.report(Broken::stuck, "the shutdown did not reach all; " + state());
    }
  }
  if (settings_.kind == MemberKind::transient) return;
  start_all();
  settle_down();
  if (oracle_.is_broken()) return;
  if (!is_whole()) {
    return oracle_.report(Broken::lost_clean, "all were shut down, and do not start; " + state());
  }
  for (const auto& host : hosts_) {
    if (host->store().content().digest() != digest) {
      oracle_.report(Broken::lost_clean, host->name() + " lost events over a clean restart");
    }
  }
}

std::string World::state() {
  std::string out;
  for (const auto& host : hosts_) {
    out += (out.empty() ? "" : "; ") + host->name() + " ";
    if (host->runs()) {
      const driver::Member& member = *host->process()->member;
      out += std::string(restart::to_string(member.session().role())) + ", " + member.status().text;
    } else if (host->start_error()) {
      out += "does not start: " + storemark::to_string(*host->start_error());
    } else if (host->ended() && host->ended()->error) {
      out += "ended: " + storemark::to_string(*host->ended()->error);
    } else {
      out += "is down";
    }
  }
  return out;
}

}  // namespace storemark::simulator
