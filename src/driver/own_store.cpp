// SPDX-License-Identifier: Apache-2.0
#include "driver/own_store.hpp"

#include <algorithm>

namespace storemark::driver {
namespace {

Announcement configured(const DriverOptions& options, const InitialUuid& proposal) {
  Announcement out;
  out.label = options.label;
  out.kind = options.kind;
  out.wait_for = std::max<std::uint32_t>(1, options.wait_for);
  out.restore = options.restore;
  out.found = options.found;
  out.proposal = proposal;
  return out;
}

}  // namespace

Announcement announce_transient(const DriverOptions& options, const MemberId& id,
                                const Incarnation& incarnation, const InitialUuid& proposal) {
  Announcement out = configured(options, proposal);
  out.id = id;
  out.incarnation = incarnation;
  return out;
}

Announcement announce_store(const DriverOptions& options, const Journal& journal, bool touched,
                            const InitialUuid& proposal) {
  Announcement out = configured(options, proposal);
  const Verdict& found = journal.verdict();
  const Record record = journal.record();
  out.id = record.member;
  out.incarnation = journal.incarnation();
  out.diagnosis = touched ? Diagnosis::none : found.diagnosis;
  out.state = touched ? record.state : found.state;
  out.floor = touched ? record.floor : found.floor;
  out.ceiling = touched ? record.ceiling : found.ceiling;
  out.certainty = found.certainty;
  if (touched) {
    out.certainty = record.unproven            ? Certainty::at_least
                    : out.floor == out.ceiling ? Certainty::exact
                                               : Certainty::between;
  }
  out.initial = record.initial;
  out.final = out.state == StoreState::clean ? record.final : FinalUuid{};
  out.history = record.history;
  out.folded = record.folded;
  out.view = record.view;
  out.sole = record.sole;
  out.marked = record.marked;
  out.discard = record.discard;
  out.compared = record.compared;
  return out;
}

std::uint64_t held_by(const StoreFacts& facts) { return facts.sequence.value_or(0); }

}  // namespace storemark::driver
