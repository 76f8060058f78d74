// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

namespace storemark::cli_test {

Uuid id(std::uint8_t n) {
  Uuid out;
  out.bytes.front() = out.bytes.back() = n;
  return out;
}

cli::Store store(const std::string& name, StoreState state, std::uint64_t floor,
                 std::uint64_t ceiling) {
  Record record;
  record.journal = JournalId{id(static_cast<std::uint8_t>(name.back()))};
  record.member = MemberId{id(static_cast<std::uint8_t>(name.back()))};
  record.generation = 3;
  record.initial = InitialUuid{id(1)};
  record.state = state;
  record.floor = floor;
  record.ceiling = ceiling;
  record.wall_clock = 1'700'000'000'000'000'000;
  record.view.id = ViewId{id(9)};
  record.history = {{ViewId{id(9)}, 0, 2}};
  if (state == StoreState::clean) record.final = FinalUuid{id(2)};
  if (state == StoreState::updating) record.donor = MemberId{id(5)};
  Examination seen;
  seen.directory = name;
  seen.file_bytes = 1;
  seen.verdict.state = state;
  seen.verdict.floor = floor;
  seen.verdict.ceiling = ceiling;
  seen.verdict.certainty = floor == ceiling ? Certainty::exact : Certainty::between;
  seen.verdict.record = record;
  for (SlotReport& slot : seen.slots) slot = {SlotHealth::current, "", record, {}};
  for (SlotReport& anchor : seen.anchors) anchor = {SlotHealth::current, "", record, {}};
  cli::Store out;
  out.name = name;
  out.directory = "/srv/" + name;
  out.address = "here:/srv/" + name;
  out.seen = seen;
  return out;
}

cli::Store clean(const std::string& name, std::uint64_t n) {
  return store(name, StoreState::clean, n, n);
}

cli::Store diagnosed(const std::string& name, Diagnosis diagnosis) {
  cli::Store out = dirty(name, 0);
  out.seen->verdict = {};
  out.seen->verdict.diagnosis = diagnosis;
  const SlotReport nothing{SlotHealth::unreadable, "nothing there", {}, {}};
  out.seen->slots.fill(nothing);
  out.seen->anchors.fill(nothing);
  return out;
}

cli::Store missing(const std::string& name) {
  cli::Store out = dirty(name, 0);
  out.seen = tl::unexpected<Error>(
      {Errc::directory_missing, "not examined", name, "it is not there", "mount it", 2});
  return out;
}

void spoil(cli::Store& store, unsigned slot, SlotHealth health) {
  store.seen->slots.at(slot) = {health, "spoilt", {}, {}};
}

}  // namespace storemark::cli_test
