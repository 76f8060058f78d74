// SPDX-License-Identifier: Apache-2.0
// Coming to rest, and what must hold then.
#include <algorithm>

#include "group/corosync/world.hpp"

namespace storemark::corosync_group {
namespace {

constexpr std::size_t most_steps_to_rest = 4000;
constexpr std::size_t most_patience = 10;

}  // namespace

bool World::settle() {
  calm_ = true;
  for (Process& one : processes_) one.is_stopped = false;
  daemons_.form(daemons_.alive());
  tell_quorum(daemons_.alive());
  for (std::size_t i = 0; i < most_steps_to_rest; ++i) {
    if (move_all()) continue;
    if (!lose_patience()) return true;
    if (!may_lose()) return false;
  }
  return false;
}

/// Whether anybody waits, and has lost it.
bool World::lose_patience() {
  bool waits = false;
  for (Process* one : living()) {
    waits = waits || one->order.awaiting();
    one->order.exclude_silent();
    one->drain();
  }
  return waits;
}

std::string World::check_rest() {
  calm_ = true;
  for (Process& one : processes_) one.is_stopped = false;
  std::string wrong;
  // A daemon whose ring is not whole may take nothing, whatever the patience.
  for (std::size_t i = 0; i < most_patience && wrong.empty(); ++i) {
    if (!settle_messages()) return "messages do not come to rest";
    wrong = check_rings();
    if (!may_lose() || !lose_patience()) break;
  }
  calm_ = false;
  return wrong;
}

/// Where nothing is under way and one goes on, all in its ring do, in one view.
std::string World::check_rings() {
  std::map<const Ring*, std::vector<const Process*>> rings;
  for (const Process* one : living()) {
    rings[daemons_.all()[one->connection->daemon].ring.get()].push_back(one);
  }
  for (const auto& [ring, in_it] : rings) {
    const auto is_here = [&](std::size_t one) { return daemons_.all()[one].ring.get() == ring; };
    if (!std::ranges::all_of(ring->daemons, is_here)) continue;
    for (const Process* one : in_it) {
      if (!one->order.may_send()) continue;
      const auto& view = one->record.views.back().view;
      for (const Process* other : in_it) {
        if (!other->order.may_send()) return "one goes on, and another of its ring waits";
        if (other->record.views.back().view.id != view.id) return "two views in one ring";
      }
    }
  }
  return "";
}

std::string World::check() const {
  std::vector<const Record*> records;
  for (const Process& one : processes_) records.push_back(&one.record);
  for (const Process& one : processes_) {
    if (one.is_lost && !may_lose()) return to_string(one.why);
  }
  return judge(records);
}

std::string World::check_end() {
  const auto alive = living();
  for (Process* one : alive) {
    if (!one->send(true)) return "a node may not send at the end";
  }
  if (!settle_messages()) return "messages do not come to rest";
  for (const Process* one : alive) {
    const Lived& last = one->record.views.back();
    if (last.view.nodes.size() != alive.size()) return "the last view is not of all";
    if (settings_.has_quorum && last.view.quorum != Quorum::yes) return "no quorum at the end";
    if (last.given.size() < alive.size()) return "not all was given at the end";
    for (const Process* other : alive) {
      const Lived& others = other->record.views.back();
      if (last.view.id != others.view.id) return "the last view is not the same";
      if (last.given != others.given) return "in the last view not all was given to all";
    }
    const auto own = [&](const Given& given) {
      return given.from == one->record.self && given.number == one->sent;
    };
    if (std::ranges::none_of(last.given, own)) return "an own message never came";
    if (one->order.cost() != 0) return "data are kept for ever";
  }
  return settings_.has_quorum ? check_vote() : "";
}

/// A vote that changes without a ring change.
std::string World::check_vote() {
  const auto alive = living();
  for (const bool is_quorate : {false, true}) {
    for (Process* one : alive) {
      const std::uint64_t seq = daemons_.all()[one->connection->daemon].ring->id.seq;
      if (is_quorate || one == alive.front()) one->quorum.emplace_back(seq, is_quorate);
    }
    if (!settle_messages()) return "a vote does not come to rest";
    const Quorum wanted = is_quorate ? Quorum::yes : Quorum::no;
    for (const Process* one : alive) {
      if (one->record.views.back().view.quorum != wanted) return "a vote was not heard";
    }
  }
  return "";
}

bool World::settle_messages() {
  for (std::size_t i = 0; i < most_steps_to_rest; ++i) {
    if (!move_all()) return true;
  }
  return false;
}

}  // namespace storemark::corosync_group
