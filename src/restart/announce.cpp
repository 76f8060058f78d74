// SPDX-License-Identifier: Apache-2.0
// What a store says of itself, out of its journal.
#include <storemark/restart.hpp>

namespace storemark {
namespace {

Diagnosis to_announce(Diagnosis found) {
  if (found == Diagnosis::absent) return Diagnosis::lost;
  return found == Diagnosis::foreign ? Diagnosis::damaged : found;
}

}  // namespace

Announcement announce(const Verdict& verdict) {
  Announcement out;
  out.diagnosis = to_announce(verdict.diagnosis);
  out.state = verdict.state;
  out.certainty = verdict.certainty;
  out.floor = verdict.floor;
  out.ceiling = verdict.ceiling;
  if (!verdict.record) return out;
  const Record& record = *verdict.record;
  out.id = record.member;
  out.incarnation = record.incarnation;
  out.initial = record.initial;
  if (verdict.state == StoreState::clean) out.final = record.final;
  out.history = record.history;
  out.folded = record.folded;
  out.view = record.view;
  out.sole = record.sole;
  out.marked = record.marked;
  out.discard = record.discard;
  out.compared = record.compared;
  return out;
}

}  // namespace storemark
