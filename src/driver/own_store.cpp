// SPDX-License-Identifier: Apache-2.0
#include "driver/own_store.hpp"

#include <algorithm>
#include <utility>

namespace storemark::driver {
namespace {

void configure(Announcement& out, const DriverOptions& options, const InitialUuid& proposal) {
  out.label = options.label;
  out.kind = options.kind;
  out.wait_for = std::max<std::uint32_t>(1, options.wait_for);
  out.restore = options.restore;
  out.found = options.found;
  out.quorum = options.quorum;
  out.proposal = proposal;
}

/// As if it had been found so.
Verdict now(Record record) {
  Verdict out;
  out.state = record.state;
  out.floor = record.floor;
  out.ceiling = record.ceiling;
  out.certainty = record.unproven                  ? Certainty::at_least
                  : record.floor == record.ceiling ? Certainty::exact
                                                   : Certainty::between;
  out.record = std::move(record);
  return out;
}

}  // namespace

Announcement announce_transient(const DriverOptions& options, const MemberId& id,
                                const Incarnation& incarnation, const InitialUuid& proposal) {
  Announcement out;
  configure(out, options, proposal);
  out.id = id;
  out.incarnation = incarnation;
  return out;
}

Announcement announce_store(const DriverOptions& options, const Journal& journal, bool touched,
                            const InitialUuid& proposal) {
  Announcement out;
  if (touched) {
    out = announce(now(journal.record()));
  } else {
    Verdict found = journal.verdict();
    found.record = journal.record();
    out = announce(found);
  }
  configure(out, options, proposal);
  out.incarnation = journal.incarnation();
  return out;
}

std::uint64_t held_by(const StoreFacts& facts) { return facts.sequence.value_or(0); }

}  // namespace storemark::driver
