// SPDX-License-Identifier: Apache-2.0
#include "support/rig.hpp"

#include <algorithm>
#include <array>

#include "journal/codec.hpp"
#include "journal/core.hpp"
#include "journal/open.hpp"

namespace storemark::sim {
namespace {

Uuid numbered(std::uint64_t n) {
  Uuid id;
  for (std::size_t i = 0; i < 8; ++i) id.bytes.at(15 - i) = static_cast<std::uint8_t>(n >> (8 * i));
  id.bytes[0] = 0x5A;
  return id;
}

StoreTag tag_of(std::uint64_t held) {
  StoreTag tag{{0x7A}};
  for (int i = 0; i < 8; ++i) tag.bytes.push_back(static_cast<std::uint8_t>(held >> (8 * i)));
  return tag;
}

bool contains(const std::vector<Violation>& list, Violation one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

}  // namespace

std::string_view to_string(Op op) {
  constexpr std::array<std::string_view, 9> names{"found", "activate",     "event",
                                                  "view",  "payload",      "clean",
                                                  "leave", "begin_update", "end_update"};
  return names.at(static_cast<std::size_t>(op));
}

std::string_view to_string(Violation violation) {
  constexpr std::array<std::string_view, violation_count> names{
      "false clean", "lost clean", "unusable file", "silent loss",
      "false bound", "invented",   "false empty",   "lost updating",
      "regress",     "changed id", "not all dirty", "announced loss"};
  return names.at(static_cast<std::size_t>(violation));
}

Environment Rig::environment() {
  Environment out;
  out.directory = directory_on(scene_.disk, scene_.mode);
  out.path = "simulated";
  Oracle& oracle = scene_.oracle;
  out.new_id = [&oracle] { return numbered(++oracle.ids); };
  out.wall_clock = [] { return std::int64_t{1'000'000'000}; };
  out.steady_clock = [] { return std::chrono::steady_clock::time_point(std::chrono::hours(1)); };
  return out;
}

StoreFacts Rig::facts() const {
  StoreFacts facts;
  const Oracle& oracle = scene_.oracle;
  facts.content = oracle.held > 0 ? StoreContent::holds_data : StoreContent::holds_nothing;
  if (scene_.telling != Telling::content) facts.sequence = oracle.held;
  if (scene_.telling == Telling::sequence_and_tag) facts.tag = tag_of(oracle.held);
  return facts;
}

void Rig::report(Violation violation, std::string detail) {
  if (contains(violations_, violation)) return;
  violations_.push_back(violation);
  detail_ += (detail_.empty() ? "" : "; ") + std::string(to_string(violation)) + ": " + detail;
}

bool Rig::failed(const Error& error) {
  error_ = error;
  return false;
}

bool Rig::open() {
  auto opened = open_journal(environment(), facts(), Options{});
  if (!opened) {
    // Unless the machine went down in the middle, whatever stands there must open.
    if (!scene_.disk.dead()) report(Violation::unusable, to_string(opened.error()));
    return failed(opened.error());
  }
  journal_.emplace(std::move(*opened));
  scene_.oracle.created_acked = true;
  check(journal_->verdict());
  return true;
}

void Rig::check(const Verdict& verdict) {
  check_state(verdict);
  check_sequence(verdict);
  check_ids(verdict);
}

void Rig::check_state(const Verdict& verdict) {
  Oracle& oracle = scene_.oracle;
  const std::string said = std::string(to_string(verdict.state)) + " at " +
                           std::to_string(verdict.floor) + ".." + std::to_string(verdict.ceiling) +
                           ", held " + std::to_string(oracle.held);
  const bool nothing = oracle.held == 0 && verdict.floor == 0;
  if (verdict.state == StoreState::clean && !oracle.clean_possible) {
    report(Violation::false_clean, said);
  }
  if (oracle.clean_required && verdict.state != StoreState::clean && !nothing) {
    report(Violation::lost_clean, said);
  }
  if (oracle.updating_required && verdict.state != StoreState::updating && !nothing) {
    report(Violation::lost_updating, said);
  }
  if (verdict.state == StoreState::empty && oracle.held > 0) report(Violation::false_empty, said);
  // What was said once stays said.
  if (verdict.state == StoreState::clean) oracle.clean_required = true;
  if (verdict.state != StoreState::clean && !nothing) {
    oracle.clean_possible = oracle.clean_required = false;
  }
  if (verdict.state == StoreState::updating) oracle.updating_required = true;
  if (verdict.state == StoreState::dirty) oracle.updating_possible = false;
}

void Rig::check_sequence(const Verdict& verdict) {
  Oracle& oracle = scene_.oracle;
  const std::uint64_t promised = std::max(oracle.acked_floor, oracle.reported_floor);
  const bool admits = verdict.certainty == Certainty::at_least;
  const std::string said = std::to_string(verdict.floor) + ".." + std::to_string(verdict.ceiling) +
                           " " + std::string(to_string(verdict.certainty)) + ", promised " +
                           std::to_string(promised) + ", held " + std::to_string(oracle.held);
  if (verdict.state != StoreState::updating) {
    if (verdict.floor > oracle.held) report(Violation::invented, said);
    if (verdict.floor < promised || verdict.ceiling < oracle.held) {
      report(admits ? Violation::announced_loss
                    : (verdict.floor < promised ? Violation::silent_loss : Violation::false_bound),
             said);
    }
    oracle.reported_floor = verdict.floor;
  }
}

void Rig::check_ids(const Verdict& verdict) {
  Oracle& oracle = scene_.oracle;
  const Record& record = *verdict.record;
  if (!oracle.journal.is_nil() &&
      (record.journal != oracle.journal || record.member != oracle.member)) {
    report(Violation::changed_id, "journal or member");
  }
  oracle.journal = record.journal;
  oracle.member = record.member;
  if (!record.initial.is_nil() && !oracle.initials.contains(record.initial)) {
    report(Violation::changed_id, "an initial UUID that nobody gave");
  }
  if (oracle.initial_fixed && record.initial != oracle.initial) {
    report(Violation::changed_id, "the initial UUID, after an activation");
  }
  oracle.generation = record.generation;
}

bool Rig::run(Op op) {
  switch (op) {
    case Op::found:
      return run_found();
    case Op::activate:
      return run_activate();
    case Op::event:
      return run_event();
    case Op::view:
      return run_view();
    case Op::payload:
      return run_payload();
    case Op::clean:
      return run_clean();
    case Op::leave:
      return run_leave();
    case Op::begin_update:
      return run_begin_update();
    case Op::end_update:
      return run_end_update();
  }
  return false;
}

bool Rig::run_found() {
  Oracle& oracle = scene_.oracle;
  const InitialUuid initial(numbered(0xF000 + oracle.initials.size()));
  oracle.initials.insert(initial);
  if (auto done = journal_->found(initial); !done) return failed(done.error());
  oracle.initial = initial;
  return true;
}

bool Rig::run_activate() {
  Oracle& oracle = scene_.oracle;
  oracle.initial = journal_->record().initial;
  oracle.initial_fixed = true;
  oracle.clean_required = false;
  const View view{ViewId(numbered(++oracle.ids)), {{oracle.member, "a", 0}}};
  auto permit = journal_->activate(view, oracle.held);
  if (!permit) return failed(permit.error());
  permit_.emplace(std::move(*permit));
  oracle.clean_possible = false;
  oracle.acked_floor = std::max(oracle.acked_floor, oracle.held);
  check_medium();
  return true;
}

bool Rig::run_event() {
  Oracle& oracle = scene_.oracle;
  const std::uint64_t n = oracle.held + 1;
  if (auto reserved = permit_->reserve(n); !reserved) return failed(reserved.error());
  oracle.held = n;  // the store has it, durably
  if (auto written = permit_->write_sequence(n); !written) return failed(written.error());
  oracle.acked_floor = n;
  CoreAccess::core(*journal_).read_back();
  check_medium();
  return true;
}

bool Rig::run_view() {
  Oracle& oracle = scene_.oracle;
  const View view{ViewId(numbered(++oracle.ids)), {{oracle.member, "a", oracle.held}}};
  if (auto done = permit_->change_view(view, oracle.held, true); !done) {
    return failed(done.error());
  }
  oracle.acked_floor = std::max(oracle.acked_floor, oracle.held);
  CoreAccess::core(*journal_).read_back();
  check_medium();
  return true;
}

bool Rig::run_payload() {
  const std::array<std::uint8_t, 3> payload{1, 2, 3};
  if (auto done = permit_->write_payload(payload); !done) return failed(done.error());
  CoreAccess::core(*journal_).read_back();
  check_medium();
  return true;
}

bool Rig::run_clean() {
  Oracle& oracle = scene_.oracle;
  oracle.clean_possible = true;
  CleanShutdown shutdown;
  shutdown.final = FinalUuid(numbered(++oracle.ids));
  shutdown.sequence = oracle.held;
  shutdown.tag = tag_of(oracle.held);
  auto done = journal_->mark_clean(std::move(*permit_), shutdown);
  permit_.reset();
  if (!done) return failed(done.error());
  oracle.clean_required = true;
  oracle.acked_floor = std::max(oracle.acked_floor, oracle.held);
  return true;
}

bool Rig::run_leave() {
  Oracle& oracle = scene_.oracle;
  if (auto reserved = permit_->reserve(oracle.held + 5); !reserved) return failed(reserved.error());
  auto done = journal_->end_writing(std::move(*permit_), oracle.held);
  permit_.reset();
  if (!done) return failed(done.error());
  oracle.acked_floor = std::max(oracle.acked_floor, oracle.held);
  return true;
}

bool Rig::run_begin_update() {
  Oracle& oracle = scene_.oracle;
  oracle.initial = journal_->record().initial;
  oracle.initial_fixed = oracle.initial_fixed || journal_->record().state != StoreState::empty;
  oracle.clean_required = false;
  oracle.updating_possible = true;
  auto permit = journal_->begin_update(MemberId(numbered(0xD0)), oracle.held + 2);
  if (!permit) return failed(permit.error());
  update_.emplace(std::move(*permit));
  oracle.clean_possible = false;
  oracle.updating_required = true;
  return true;
}

bool Rig::run_end_update() {
  Oracle& oracle = scene_.oracle;
  oracle.held += 2;  // the new store is complete and synced
  oracle.updating_required = false;
  const std::array<HistoryEntry, 1> history{HistoryEntry{ViewId(numbered(0xE0)), 0, 3}};
  auto done = journal_->end_update(std::move(*update_), oracle.held, history);
  update_.reset();
  if (!done) return failed(done.error());
  oracle.updating_possible = false;
  oracle.acked_floor = oracle.held;
  return true;
}

void Rig::check_medium() {
  unsigned dirty = 0;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const Block block = scene_.disk.medium_block(layout::slot_offset(slot) / block_bytes);
    const codec::Decoded found = codec::decode(block, slot);
    if (found.health != SlotHealth::current) continue;
    if (found.record->state == StoreState::dirty) {
      ++dirty;
    } else {
      report(Violation::not_all_dirty, "slot " + std::to_string(slot) + " says " +
                                           std::string(to_string(found.record->state)));
    }
  }
  if (dirty < 5) report(Violation::not_all_dirty, std::to_string(dirty) + " slots say dirty");
}

void Rig::close() {
  permit_.reset();
  update_.reset();
  journal_.reset();
}

}  // namespace storemark::sim
