// SPDX-License-Identifier: Apache-2.0
#include "cli/announce.hpp"

#include "cli/scenario.hpp"

namespace storemark::cli {

std::optional<Announcement> announcement_of(const Store& store) {
  if (!store.seen) return std::nullopt;
  const Examination& seen = *store.seen;
  if (seen.verdict.diagnosis == Diagnosis::absent && store.others == 0) return std::nullopt;
  Announcement out = announce(seen.verdict);
  out.label = store.name;
  if (holds_no_event(store)) {
    out.state = StoreState::empty;
    out.final = {};
  }
  if (out.id.is_nil()) out.id = MemberId(uuid_of(store.name));
  out.proposal = InitialUuid(uuid_of(store.name));
  return out;
}

}  // namespace storemark::cli
