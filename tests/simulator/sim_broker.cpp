// SPDX-License-Identifier: Apache-2.0
// The broker's side: it keeps the contract of driver.hpp, and tells the oracle what it is asked.
#include <algorithm>
#include <cstring>

#include "journal/core.hpp"
#include "simulator/host.hpp"

namespace storemark::simulator {
namespace {

Error injected(const char* what) {
  return {Errc::io_failed, what, "simulated", "an error was injected", "go on"};
}

StoreTag tag_of(const Content& content) {
  StoreTag out;
  for (const std::uint64_t word : {content.digest(), content.last()}) {
    for (int i = 0; i < 8; ++i) out.bytes.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  }
  return out;
}

}  // namespace

std::optional<Error> SimBroker::fails(std::uint64_t one_in, std::uint64_t deadly_one_in) {
  if (host_.is_dying()) return injected("the process is dead");
  if (ground_.calm || ground_.settings.partitions_only) return std::nullopt;
  if (ground_.random.one_in(deadly_one_in)) {
    host_.die(ground_.random.one_in(2) ? Host::Death::killed : Host::Death::power);
    return injected("the process died in the call");
  }
  if (one_in == 0 || !ground_.random.one_in(one_in)) return std::nullopt;
  ++ground_.faults;
  return injected("the call failed");
}

Result<StoreFacts> SimBroker::look() {
  // What it says that it holds is durable: it syncs what it finds.
  SimStore& store = host_.store();
  host_.sync_store();
  const Content& content = store.content();
  StoreFacts facts;
  const bool nothing = content.entries.empty() && content.stands_at == 0;
  facts.content = nothing ? StoreContent::holds_nothing : StoreContent::holds_data;
  if (ground_.settings.tells_sequence && !nothing) {
    facts.sequence = store.sequence();
  }
  if (ground_.settings.tells_tag) facts.tag = tag_of(content);
  return facts;
}

void SimBroker::check_source(const char* what) {
  if (host_.store().content().half) {
    ground_.oracle.report(Broken::bad_source, host_.name() + " " + what + " half a store");
  }
  const auto core = host_.process()->core.lock();
  if (core == nullptr) return;
  const Record record = core->record();
  if (record.state == StoreState::updating || record.discard) {
    ground_.oracle.report(Broken::bad_source, host_.name() + " " + what +
                                                  " a store that its journal calls updating, or "
                                                  "that was given up");
  }
}

Result<void> SimBroker::restore(UpdateProgress& /*progress*/) {
  if (auto error = fails(ground_.settings.broker_error, 100)) return tl::unexpected(*error);
  const Process& process = *host_.process();
  // One that is of no use any more may come late.
  if (process.member->wanted_task() != process.task->number) return {};
  check_source("restores");
  host_.check_latest();
  updated_ = false;
  return {};
}

const Content* SimBroker::given(const Uuid& ticket) const {
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end()) return nullptr;
  return found->second ? &*found->second : &host_.store().content();
}

const Content* SimBroker::donor_store(const UpdateTicket& donor) const {
  for (const auto& host : ground_.hosts) {
    if (host->name() != donor.address || !host->runs() || host->is_dying()) continue;
    if (!ground_.network.connected(host->index(), host_.index())) continue;
    if (const Content* given = host->process()->broker->given(donor.number)) return given;
  }
  return nullptr;
}

Result<void> SimBroker::discard() {
  if (auto error = fails(ground_.settings.update_error * 4, 100)) return tl::unexpected(*error);
  SimStore& store = host_.store();
  if (!host_.is_persistent()) {
    ground_.oracle.forgotten(host_.index(), store.content());
  } else if (!store.content().superseded && !store.content().unfinished &&
             !store.content().entries.empty()) {
    ground_.oracle.report(Broken::misuse, host_.name() +
                                              " is to discard a store that its journal "
                                              "does not call updating");
  }
  ground_.oracle.touched(host_.index());
  store.move_aside();
  return {};
}

Result<std::uint64_t> SimBroker::take_update(const UpdateTicket& donor, UpdateProgress& progress) {
  const Content* source = donor_store(donor);
  if (source == nullptr || progress.cancelled()) {
    return tl::unexpected(injected("the donor cannot be reached"));
  }
  SimStore& store = host_.store();
  const std::size_t size = source->entries.size();
  const auto error = fails(ground_.settings.update_error, 100);
  const bool dies = !ground_.calm && !ground_.settings.partitions_only && ground_.random.one_in(20);
  if (error || dies) {
    // In the middle: the connection, or the process.
    store.copy(*source, ground_.random.below(size));
    if (dies) host_.die(ground_.random.one_in(2) ? Host::Death::killed : Host::Death::power);
    return tl::unexpected(injected("the copy was cut"));
  }
  store.copy(*source, size);
  progress.report(size, size);
  updated_ = true;
  return store.sequence();
}

Result<void> SimBroker::give_update(const UpdateTicket& joiner) {
  if (auto error = fails(ground_.settings.broker_error, 100)) return tl::unexpected(*error);
  check_source("gives");
  // A broker may open its snapshot now: what is committed, and no older than this call.
  std::optional<Content> snapshot;
  if (ground_.settings.gives_snapshots) snapshot = host_.store().durable_content();
  tickets_.emplace(joiner.number, std::move(snapshot));
  return {};
}

Result<void> SimBroker::activated(std::uint64_t sequence) {
  SimStore& store = host_.store();
  // The moment in which the journal counts more than the store: a mark has raised it.
  const std::uint64_t deadly = sequence > store.sequence() ? 3 : 100;
  if (auto error = fails(ground_.settings.broker_error, deadly)) return tl::unexpected(*error);
  if (store.content().half || sequence < store.sequence()) {
    ground_.oracle.report(Broken::misuse, host_.name() + " is activated at " +
                                              std::to_string(sequence) + ", its store stands at " +
                                              std::to_string(store.sequence()));
  }
  store.stand_at(sequence);
  host_.finish_copy();
  ground_.oracle.in_use(host_.index());
  const restart::Replica& replica = *host_.process()->member->session().replica();
  ground_.trace.say(host_.name(), " is active at ", sequence, " of view ",
                    storemark::to_string(replica.view_id()).substr(0, 8));
  for (const Announcement& self : host_.process()->member->session().announced()) {
    if (self.label != host_.name()) continue;
    ground_.oracle.activated(self.id, replica.view(), !updated_);
  }
  return {};
}

Result<void> SimBroker::apply(std::uint64_t n, std::span<const std::uint8_t> event) {
  if (auto error = fails(ground_.settings.broker_error * 10, 5000)) return tl::unexpected(*error);
  EventId id = 0;
  std::memcpy(&id, event.data(), std::min(sizeof(id), event.size()));
  SimStore& store = host_.store();
  if (!store.append(n, id)) {
    ground_.oracle.report(Broken::misuse, host_.name() + " is to apply " + std::to_string(n) +
                                              ", its store stands at " +
                                              std::to_string(store.sequence()));
    return tl::unexpected(injected("the number does not follow"));
  }
  const restart::Session& session = host_.process()->member->session();
  if (session.role() != restart::Role::active) return {};  // it catches up
  check_quorum("applies");
  const restart::Replica& replica = *session.replica();
  ground_.oracle.applied(host_.index(), replica.view_id(), store.content().entries.back());
  if (ground_.oracle.is_start(replica.view_id())) {
    ground_.oracle.before_event(host_.index(), replica.view());
  }
  const auto core = host_.process()->core.lock();
  if (core != nullptr && core->record().view.id != replica.view_id()) {
    ground_.oracle.report(Broken::unseen_view, host_.name() + " applies " + std::to_string(n));
  }
  return {};
}

Result<void> SimBroker::sync() {
  if (auto error = fails(ground_.settings.broker_error * 10, 5000)) return tl::unexpected(*error);
  host_.sync_store();
  return {};
}

std::optional<StoreTag> SimBroker::tag() {
  ground_.oracle.touched(host_.index());
  ground_.oracle.shutting_down(host_.index(), host_.store().content());
  if (!ground_.settings.tells_tag) return std::nullopt;
  return tag_of(host_.store().content());
}

void SimBroker::check_quorum(const char* what) {
  if (!host_.process()->member->session().suspended()) return;
  ground_.oracle.report(Broken::no_quorum, host_.name() + " " + what + " without a quorum");
}

void SimBroker::dropped(std::uint64_t token) {
  if (!host_.is_dying()) ground_.oracle.dropped(host_.index(), token);
}

void SimBroker::confirmed(std::uint64_t token, std::uint64_t n) {
  if (host_.is_dying()) return;
  check_quorum("answers");
  if (host_.store().content().at(n) != token) {
    ground_.oracle.report(Broken::misuse, host_.name() + " answers event " + std::to_string(token) +
                                              " as " + std::to_string(n) + ", which is another");
  }
  ground_.oracle.answered_as(host_.index(), token, n);
  ground_.oracle.answered(host_.index(), token, host_.process()->member->session().alone());
}

}  // namespace storemark::simulator
