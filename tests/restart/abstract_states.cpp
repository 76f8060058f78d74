// SPDX-License-Identifier: Apache-2.0
#include "abstract_states.hpp"

#include "cli/scenario.hpp"

namespace storemark::restart_test {

using cli::uuid_of;

Announcement member(unsigned number) {
  Announcement out;
  out.label = std::string(1, static_cast<char>('a' + number));
  out.id = MemberId(uuid_of(out.label));
  out.incarnation = Incarnation(uuid_of("incarnation of " + out.label));
  out.proposal = InitialUuid(uuid_of("proposed by " + out.label));
  return out;
}

namespace {

void give_store(Announcement& to, StoreState state, std::uint64_t floor, std::uint64_t ceiling,
                std::initializer_list<HistoryEntry> history) {
  to.state = state;
  to.initial = InitialUuid(uuid_of("cluster"));
  to.floor = floor;
  to.ceiling = ceiling;
  to.certainty = floor == ceiling ? Certainty::exact : Certainty::between;
  to.history = history;
  to.view = {to.history.back().view, {}};
  if (state == StoreState::clean) to.final = FinalUuid(uuid_of("shutdown"));
}

const ViewId v(uuid_of("v"));
const ViewId w(uuid_of("w"));
const ViewId x(uuid_of("x"));

}  // namespace

const std::vector<State>& states() {
  static const std::vector<State> all{
      [](Announcement& m) { m.kind = MemberKind::transient; },
      [](Announcement& m) { m.state = StoreState::empty; },
      [](Announcement& m) {
        m.state = StoreState::empty;
        m.initial = InitialUuid(uuid_of("cluster"));
      },
      [](Announcement& m) {
        give_store(m, StoreState::updating, 900, 900, {{v, 0, 3}});
      },
      [](Announcement& m) {
        give_store(m, StoreState::dirty, 100, 100, {{v, 0, 3}});
      },
      [](Announcement& m) {
        give_store(m, StoreState::dirty, 95, 105, {{v, 0, 3}});
      },
      [](Announcement& m) {
        give_store(m, StoreState::dirty, 150, 150, {{v, 0, 3}, {w, 100, 2}});
      },
      [](Announcement& m) {
        give_store(m, StoreState::dirty, 150, 150, {{v, 0, 3}, {x, 100, 1}});
      },
      [](Announcement& m) {
        give_store(m, StoreState::dirty, 150, 150, {{v, 0, 3}});
        m.initial = InitialUuid(uuid_of("another cluster"));
      },
      [](Announcement& m) {
        give_store(m, StoreState::clean, 100, 100, {{v, 0, 3}});
      },
      [](Announcement& m) {
        give_store(m, StoreState::clean, 150, 150, {{v, 0, 3}, {w, 100, 2}});
        m.final = FinalUuid(uuid_of("a later shutdown"));
      },
      [](Announcement& m) {
        give_store(m, StoreState::clean, 151, 151, {{v, 0, 3}, {ViewId(uuid_of("mark")), 100, 1}});
        m.final = FinalUuid(uuid_of("by an operator"));
        m.marked = true;
        // Compared with c, where c holds 150 in view x.
        m.compared = {{MemberId(uuid_of("c")), x, 150}};
      },
      [](Announcement& m) {
        give_store(m, StoreState::dirty, 100, 100, {{v, 0, 3}});
        m.discard = true;
      },
      [](Announcement& m) { m.diagnosis = Diagnosis::lost; },
  };
  return all;
}

}  // namespace storemark::restart_test
