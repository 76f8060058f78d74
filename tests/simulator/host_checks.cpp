// SPDX-License-Identifier: Apache-2.0
// What the oracle is told of a host, and asked about it.
#include <algorithm>

#include "journal/core.hpp"
#include "journal/examine_on.hpp"
#include "simulator/host.hpp"

namespace storemark::simulator {

/// Where the member stands, when that has changed.
void Host::tell_place(const restart::Session& session) {
  if (!ground_.trace.on()) return;
  std::string place(restart::to_string(session.role()));
  if (session.replica()) {
    const restart::Replica& replica = *session.replica();
    place += " in " + storemark::to_string(replica.view_id()).substr(0, 8) + " of";
    for (const restart::ReplicaMember& member : replica.members()) place += " " + member.label;
  }
  if (place == process_->place) return;
  process_->place = place;
  ground_.trace.say(name(), ": ", place, ", at ",
                    session.replica() ? session.replica()->sequence() : 0);
}

/// A member that leaves has synced its store; none ends because it asked its journal wrongly.
void Host::check_end() {
  if (ground_.settings.partitions_only && ended_->error) {
    ground_.oracle.report(
        Broken::no_quorum,
        name() + " ends, though nothing but the network failed: " + to_string(*ended_->error));
  }
  if (!ended_->error) {
    const Content& content = store_.content();
    if (content.unfinished || store_.durable_entries() == content.entries.size()) return;
    return ground_.oracle.report(Broken::misuse, name() + " left, and its store is not synced");
  }
  if (ended_->error->code < Errc::store_lost) {
    ground_.oracle.report(Broken::misuse, name() + " ends: " + to_string(*ended_->error));
  }
}

/// From the moment on in which it is to be activated or updated, its journal may be written.
void Host::note_touched() {
  if (!process_) return;
  const driver::Member& member = *process_->member;
  const restart::Session& session = member.session();
  bool touched = session.role() == restart::Role::active || session.taking_update();
  if (member.stopped() && member.how().error) {
    const Errc code = member.how().error->code;
    touched = touched || code == Errc::broker_failed || code == Errc::io_failed ||
              code == Errc::poisoned || code == Errc::not_durable;
  }
  const auto core = process_->core.lock();
  if (core != nullptr && session.role() != restart::Role::active) {
    const Record record = core->record();
    const bool updating = record.state == StoreState::updating;
    touched = touched || updating;
    if (updating && !is_dying()) supersede(record.donor);
  }
  if (touched) ground_.oracle.touched(index_);
}

/// The journal says "updating": from now on the old store counts no more, and the donor must have
/// what it held.
void Host::supersede(const MemberId& donor) {
  if (store_.content().unfinished || store_.content().superseded) return;
  Oracle::Source source{nullptr, true, {}};
  if (process_) {
    source.said = process_->said;
    std::size_t candidates = 0;
    for (const auto& host : ground_.hosts) {
      if (host.get() == this || host->member_ != donor) continue;
      ++candidates;
      if (!host->runs() || host->is_dying()) continue;
      source.content = &host->store_.content();
      source.is_gone = false;
    }
    // Of two with one id, one a copy of the other's directory, nobody here knows which gives.
    if (candidates > 1) source.is_gone = true;
  }
  ground_.oracle.discarded(index_, store_.content(), store_.durable_entries(), source);
  store_.supersede();
}

void Host::check_latest() {
  const Decision* decision = process_->member->session().decision();
  const auto core = process_->core.lock();
  if (decision == nullptr || decision->rule != Rule::r12 || core == nullptr) return;
  const Record record = core->record();
  for (const auto& host : ground_.hosts) {
    for (const storemark::Member& member : record.view.members) {
      if (host.get() == this || member.id != host->member_) continue;
      // One of a directory that was copied passes for the other while they are apart.
      const auto has_its_id = [&](const auto& other) { return other->member_ == member.id; };
      if (std::count_if(ground_.hosts.begin(), ground_.hosts.end(), has_its_id) > 1) continue;
      ground_.oracle.left_out(host->index(), host->store_.content(), store_.content());
    }
  }
}

/// A part that was suspended goes on: nothing that was answered is in the stores of others alone.
void Host::check_resumed() {
  for (const auto& host : ground_.hosts) {
    if (host.get() == this) continue;
    ground_.oracle.left_out(host->index(), host->store_.content(), store_.content());
  }
}

void Host::check_bounds() {
  if (!is_persistent() || !disk_.has_journal() || is_dying()) return;
  Environment here = environment();
  const auto seen = examine_on(here, StoreFacts{});
  if (!seen || seen->verdict.diagnosis != Diagnosis::none || !seen->verdict.record) return;
  const Verdict& verdict = seen->verdict;
  const bool counts = verdict.state == StoreState::dirty || verdict.state == StoreState::clean;
  // Raised by a mark, or by R12 from a store that does not say what it holds: no event has that
  // number yet.
  const Record& record = *verdict.record;
  const bool marked = record.mark_raised != 0 && record.mark_raised == verdict.floor;
  const bool begins = !ground_.settings.tells_sequence && !record.history.empty() &&
                      record.history.back().from == verdict.floor;
  const bool raised = marked || begins;
  if (!counts || raised || verdict.certainty == Certainty::at_least) return;
  ground_.oracle.check_bounds(index_, verdict.floor, verdict.ceiling, store_);
}

void Host::sync_store() {
  const std::size_t fresh = store_.sync();
  if (store_.content().unfinished || store_.content().superseded) return;
  ground_.oracle.durable(index_, std::span(store_.content().entries).last(fresh));
}

void Host::finish_copy() {
  if (!store_.content().unfinished && !store_.content().superseded) return;
  store_.finish();
  ground_.oracle.durable(index_,
                         std::span(store_.content().entries).first(store_.durable_entries()));
}

}  // namespace storemark::simulator
