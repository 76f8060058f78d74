// SPDX-License-Identifier: Apache-2.0
#include "restart/session_world.hpp"

#include <algorithm>

namespace storemark::restart {
namespace {

Uuid numbered(std::uint64_t kind, std::uint64_t number) {
  Uuid out;
  out.bytes[0] = static_cast<std::uint8_t>(kind);
  for (std::size_t i = 0; i < 8; ++i) {
    out.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return out;
}

/// As the journal does: a view in which nothing was applied goes.
void enter_view(Announcement& own, const View& view, std::uint64_t sequence) {
  auto& history = own.history;
  if (!history.empty() && history.back().from == sequence) history.pop_back();
  history.push_back({view.id, sequence, static_cast<std::uint16_t>(view.members.size())});
}

constexpr std::array step_names{
    "send",     "announce", "found",     "restore", "update",  "drop",   "give",  "end_giving",
    "activate", "view",     "step_down", "apply",   "dropped", "answer", "clean", "stop"};

}  // namespace

bool Actor::did(const std::string& what) const {
  return std::ranges::find(done, what) != done.end();
}

Actor& World::add(const std::string& name, std::uint32_t wait_for) {
  Actor& actor = actors_[name];
  actor.name = name;
  actor.own.label = name;
  actor.own.id = MemberId(numbered(1, static_cast<unsigned char>(name[0])));
  actor.own.state = StoreState::empty;
  actor.own.wait_for = wait_for;
  return actor;
}

void World::start(const std::string& name) {
  Actor& actor = actors_.at(name);
  actor.node = {next_node_++};
  actor.own.incarnation = Incarnation(numbered(2, next_id_++));
  actor.own.proposal = InitialUuid(numbered(3, next_id_++));
  actor.done.clear();
  actor.stopped.reset();
  actor.final.reset();
  actor.update.reset();
  actor.restoring = actor.holds_activation = false;
  actor.answered.clear();
  actor.session.emplace(SessionOptions{actor.node, "address of " + name, 64,
                                       [this] { return numbered(4, next_id_++); }});
  announce(actor);
  change_view(actor.part);
}

void World::kill(const std::string& name) {
  actors_.at(name).session.reset();
  actors_.at(name).giving.clear();
  change_view(actors_.at(name).part);
}

GroupNode World::intrude() {
  const GroupNode node{next_node_++};
  intruders_.insert(node);
  change_view();
  return node;
}

void World::cut_off(const std::string& name, int part) {
  actors_.at(name).part = part;
  change_view(0);
  change_view(part);
}

void World::heal() {
  run();
  for (auto& [name, actor] : actors_) actor.part = 0;
  change_view(0);
}

void World::slip(const std::string& name, int part) { actors_.at(name).part = part; }

void World::blink(const std::set<std::string>& apart) {
  std::set<GroupNode> here;
  std::set<GroupNode> there;
  for (auto& [name, actor] : actors_) (apart.contains(name) ? there : here).insert(actor.node);
  push_view(here, 0);
  push_view(there, 0);
  change_view(0);
}

void World::change_votes(std::size_t votes) {
  votes_ = votes;
  change_view();
}

void World::change_view(int part) {
  std::set<GroupNode> nodes = intruders_;
  for (auto& [name, actor] : actors_) {
    if (actor.session && actor.part == part) nodes.insert(actor.node);
  }
  push_view(nodes, part);
}

void World::push_view(const std::set<GroupNode>& nodes, int part) {
  GroupView view;
  view.id = numbered(5, next_id_++);
  if (votes_ != 0) view.quorum = 2 * nodes.size() > votes_ ? Quorum::yes : Quorum::no;
  for (const GroupNode node : nodes) {
    view.nodes.push_back(node);
    view.names.push_back("node " + std::to_string(node.value));
  }
  bus_.push_back({view, {}, {}, part});
}

Actor* World::at(GroupNode node) {
  for (auto& [name, actor] : actors_) {
    if (actor.session && actor.node == node) return &actor;
  }
  return nullptr;
}

bool World::deliver_one() {
  if (bus_.empty()) return false;
  const Item item = std::move(bus_.front());
  bus_.pop_front();
  for (auto& [name, actor] : actors_) {
    if (!actor.session || actor.part != item.part) continue;
    if (item.view && std::ranges::find(item.view->nodes, actor.node) == item.view->nodes.end()) {
      continue;  // not there yet
    }
    if (item.view) {
      actor.session->view_changed(*item.view);
    } else {
      actor.session->delivered(item.from, item.bytes);
    }
    obey(actor);
  }
  return true;
}

void World::run() {
  while (deliver_one()) {
  }
}

void World::send_as(GroupNode node, std::vector<std::uint8_t> bytes) {
  const Actor* from = at(node);
  bus_.push_back({std::nullopt, node, std::move(bytes), from == nullptr ? 0 : from->part});
}

void World::multicast(const Actor& actor, const wire::Message& message) {
  send_as(actor.node, wire::encode(message));
}

void World::publish(const std::string& name, const std::string& event) {
  multicast(actors_.at(name), wire::Event{{event.begin(), event.end()}});
}

void World::shut_down(const std::string& name, const FinalUuid& final) {
  multicast(actors_.at(name), wire::Shutdown{final});
}

void World::announce(Actor& actor) { actor.session->own_store(actor.own, actor.store.size(), {}); }

void World::finish_restore(Actor& actor) {
  actor.restoring = false;
  actor.session->restored();
  obey(actor);
}

void World::finish_update(Actor& actor) {
  for (auto& [name, donor] : actors_) {
    if (!donor.giving.contains(actor.update->ticket)) continue;
    actor.store = donor.store;
    actor.session->updated(actor.store.size());
    return obey(actor);
  }
  fail_update(actor);
}

void World::fail_update(Actor& actor) {
  actor.session->update_failed("the stream was cut");
  obey(actor);
}

void World::finish_activation(Actor& actor) {
  actor.holds_activation = false;
  actor.session->activated();
  obey(actor);
}

void World::obey(Actor& actor) {
  for (;;) {
    auto steps = actor.session->take_steps();
    if (steps.empty()) return;
    for (Step& step : steps) {
      actor.done.emplace_back(step_names.at(step.index()));
      take(actor, step);
    }
  }
}

void World::activate(Actor& actor, const Activate& step) {
  const bool is_transient = actor.own.kind == MemberKind::transient;
  actor.own.state = is_transient ? StoreState::none : StoreState::dirty;
  actor.own.final = {};
  actor.own.view = step.view;
  if (step.updated) actor.own.history = step.updated->history;
  enter_view(actor.own, step.view, step.sequence);
  actor.own.floor = actor.own.ceiling = step.sequence;
  actor.views.push_back(step.view);
  announce(actor);
  if (actor.hold_activation) {
    actor.holds_activation = true;
  } else {
    actor.session->activated();
  }
}

void World::take(Actor& actor, Step& step) {
  if (const auto* send = std::get_if<Send>(&step)) return multicast(actor, send->message);
  if (std::holds_alternative<SendAnnouncement>(step)) {
    return multicast(actor, actor.session->announcement());
  }
  if (const auto* found = std::get_if<Found>(&step)) {
    actor.own.initial = found->initial;
    announce(actor);
    return actor.session->founded();
  }
  if (std::holds_alternative<Restore>(step)) {
    actor.restoring = true;
    return actor.hold_restore ? void() : finish_restore(actor);
  }
  if (const auto* update = std::get_if<TakeUpdate>(&step)) {
    actor.own.initial = update->initial;
    if (actor.own.kind == MemberKind::persistent) actor.own.state = StoreState::updating;
    actor.own.final = {};
    actor.store.clear();
    actor.update = *update;
    announce(actor);
    return actor.hold_update ? void() : finish_update(actor);
  }
  if (const auto* give = std::get_if<Give>(&step)) {
    actor.giving.insert(give->ticket);
  } else if (const auto* end = std::get_if<EndGiving>(&step)) {
    actor.giving.erase(end->ticket);
  } else if (const auto* now = std::get_if<Activate>(&step)) {
    activate(actor, *now);
  } else if (const auto* change = std::get_if<ChangeView>(&step)) {
    actor.own.view = change->view;
    actor.own.sole = change->sole;
    actor.own.floor = actor.own.ceiling = change->sequence;
    enter_view(actor.own, change->view, change->sequence);
    actor.views.push_back(change->view);
    announce(actor);
  } else if (const auto* apply = std::get_if<Apply>(&step)) {
    actor.store.emplace_back(apply->payload.begin(), apply->payload.end());
    actor.own.floor = actor.own.ceiling = apply->n;
    announce(actor);
    actor.session->applied(apply->n);
  } else if (const auto* answer = std::get_if<Answer>(&step)) {
    actor.answered.push_back(answer->upto);
  } else if (const auto* clean = std::get_if<StopClean>(&step)) {
    actor.own.state = StoreState::clean;
    actor.own.final = clean->final;
    actor.final = clean->final;
  } else if (std::holds_alternative<StepDown>(step)) {
    announce(actor);
  } else if (const auto* stop = std::get_if<Stop>(&step)) {
    actor.stopped = stop->why;
  }
}

}  // namespace storemark::restart
