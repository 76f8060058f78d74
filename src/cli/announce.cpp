// SPDX-License-Identifier: Apache-2.0
#include "cli/announce.hpp"

#include "cli/scenario.hpp"

namespace storemark::cli {
namespace {

Diagnosis to_announce(const Store& store) {
  switch (store.seen->verdict.diagnosis) {
    case Diagnosis::absent:
      return Diagnosis::lost;  // other files are there; nobody says that they are no store
    case Diagnosis::foreign:
      return Diagnosis::damaged;
    default:
      return store.seen->verdict.diagnosis;
  }
}

}  // namespace

std::optional<Announcement> announcement_of(const Store& store) {
  if (!store.seen) return std::nullopt;
  const Examination& seen = *store.seen;
  if (seen.verdict.diagnosis == Diagnosis::absent && store.others == 0) return std::nullopt;
  Announcement out;
  out.label = store.name;
  out.diagnosis = to_announce(store);
  const Record record = seen.verdict.record.value_or(Record{});
  out.id = record.member.is_nil() ? MemberId(uuid_of(store.name)) : record.member;
  out.incarnation = record.incarnation;
  out.state = seen.verdict.state;
  out.certainty = seen.verdict.certainty;
  out.initial = record.initial;
  out.final = record.final;
  out.floor = seen.verdict.floor;
  out.ceiling = seen.verdict.ceiling;
  out.history = record.history;
  out.folded = record.folded;
  out.view = record.view;
  out.sole = record.sole;
  out.marked = record.marked;
  out.discard = record.discard;
  out.compared = record.compared;
  out.proposal = InitialUuid(uuid_of(store.name));
  return out;
}

}  // namespace storemark::cli
