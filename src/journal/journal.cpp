// SPDX-License-Identifier: Apache-2.0
// The public handles: each call checks what it was asked, makes the record that follows, and leaves
// the writing to the core.
#include <storemark/journal.hpp>

#include "journal/core.hpp"
#include "journal/errors.hpp"
#include "journal/open.hpp"
#include "journal/view_change.hpp"

namespace storemark {
namespace {

tl::unexpected<Error> refuse(const Core& core, Errc code, std::string what, std::string why,
                             std::string todo) {
  return fail(code, std::move(what), core.path(), std::move(why), std::move(todo));
}

Result<void> check_rises(const Core& core, std::uint64_t from, std::uint64_t to,
                         const std::string& what) {
  if (to < from) {
    return refuse(core, Errc::sequence_goes_down, what,
                  std::to_string(to) + " is below " + std::to_string(from) +
                      ", which the store was said to hold",
                  "count again what the store holds");
  }
  if (to - from > core.jump_bound() || to > max_sequence) {
    return refuse(core, Errc::jump_too_large, what,
                  std::to_string(to) + " is more than " + std::to_string(core.jump_bound()) +
                      " beyond " + std::to_string(from),
                  "check where the number comes from; Options::jump_bound sets the bound");
  }
  return {};
}

/// It was activated once, perhaps in another cluster, and events may have been reserved; none was
/// ever counted, and the store itself said that it has not one: it is as good as new.
bool holds_nothing_yet(const Core& core, const Record& record) {
  return core.verdict().state == StoreState::empty && record.floor == 0 && !core.was_activated();
}

Result<void> check_founded(const Core& core, const Record& record, const std::string& what) {
  if (!record.initial.is_nil()) return {};
  return refuse(core, Errc::not_founded, what, "the store belongs to no cluster yet",
                "call found() with the initial UUID that the cluster agreed on");
}

/// What every operator's word and every shutdown leaves behind when the store is in use again.
void forget_shutdown(Record& record) {
  record.final = {};
  record.tag.reset();
  record.marked = false;
  record.adopted = false;
  record.unproven = false;
  record.compared.clear();
  record.reason.clear();
  record.donor = {};
  record.target = 0;
}

}  // namespace

Result<Journal> open_journal(Environment environment, const StoreFacts& facts,
                             const Options& options) {
  return CoreAccess::open(std::move(environment), facts, options);
}

Result<Journal> CoreAccess::open(Environment environment, const StoreFacts& facts,
                                 const Options& options) {
  if (facts.content == StoreContent::unknown) {
    return fail(Errc::invalid_argument, "the journal could not be opened", environment.path,
                "whether the store holds data was not said",
                "ask the store, and set facts.content");
  }
  auto core = open_core(std::move(environment), facts, options);
  if (!core) return tl::unexpected(core.error());
  return Journal(std::move(*core));
}

Result<Journal> Journal::open(const std::filesystem::path& directory, const StoreFacts& facts,
                              const Options& options) {
  auto environment = system_environment(directory, options);
  if (!environment) return tl::unexpected(environment.error());
  return open_journal(std::move(*environment), facts, options);
}

Journal::Journal(std::shared_ptr<Core> core) noexcept : core_(std::move(core)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

const Verdict& Journal::verdict() const noexcept { return core_->verdict(); }
Record Journal::record() const { return core_->record(); }
Incarnation Journal::incarnation() const noexcept { return core_->incarnation(); }
Mode Journal::mode() const noexcept { return core_->mode(); }
Health Journal::health() const { return core_->health(); }

Result<void> Journal::found(const InitialUuid& initial) {
  constexpr auto what = "the initial UUID was not recorded";
  if (auto free = core_->check_phase(Phase::looking); !free) return free;
  if (initial.is_nil()) {
    return refuse(*core_, Errc::invalid_argument, what, "it is nil", "take the one agreed on");
  }
  Record next = core_->record();
  if (next.initial == initial) return {};
  if (next.state != StoreState::empty && !holds_nothing_yet(*core_, next)) {
    return refuse(*core_, Errc::id_fixed, what,
                  "the store belongs to " + to_string(next.initial) + " since its first activation",
                  "check whether this store belongs to this cluster");
  }
  forget_shutdown(next);
  next.initial = initial;
  next.state = StoreState::empty;
  next.ceiling = next.floor;
  next.history.clear();
  next.view = {};
  return core_->transition(std::move(next));
}

Result<WritePermit> Journal::activate(const View& view, std::uint64_t sequence, bool sole) {
  constexpr auto what = "the store was not activated";
  if (auto free = core_->check_phase(Phase::looking); !free) return tl::unexpected(free.error());
  Record next = core_->record();
  if (auto founded = check_founded(*core_, next, what); !founded) {
    return tl::unexpected(founded.error());
  }
  // Where nothing is held nothing was given up, and it counts as empty by the rules.
  if (next.discard && !holds_nothing_yet(*core_, next)) {
    return refuse(*core_, Errc::discard_only, what, "an operator gave this store up",
                  "move it aside and take an update, or `storemark undo`");
  }
  if (next.state == StoreState::updating && !core_->update_left_nothing()) {
    return refuse(*core_, Errc::wrong_state, what, "half of the store is a donor's",
                  "take the update from the beginning");
  }
  if (auto rises = check_rises(*core_, next.floor, sequence, what); !rises) {
    return tl::unexpected(rises.error());
  }
  if (auto ready = core_->prepare_thread(); !ready) return tl::unexpected(ready.error());
  forget_shutdown(next);
  next.discard = false;
  next.state = StoreState::dirty;
  next.floor = next.ceiling = sequence;
  next.sole = sole;
  enter_view(next, view, sequence);
  if (auto written = core_->transition(std::move(next)); !written) {
    return tl::unexpected(written.error());
  }
  return WritePermit(core_, core_->grant_write());
}

Result<UpdatePermit> Journal::begin_update(const MemberId& donor, std::uint64_t target,
                                           bool gives_up) {
  constexpr auto what = "the update was not begun";
  if (auto free = core_->check_phase(Phase::looking); !free) return tl::unexpected(free.error());
  Record next = core_->record();
  if (auto founded = check_founded(*core_, next, what); !founded) {
    return tl::unexpected(founded.error());
  }
  if (donor.is_nil() || target > max_sequence) {
    return refuse(*core_, Errc::invalid_argument, what, "the donor or the target is none",
                  "name the member that gives the update");
  }
  const bool discard = next.discard;
  const bool begins_again = next.state == StoreState::updating;
  forget_shutdown(next);
  next.discard = discard;
  next.state = StoreState::updating;
  next.donor = donor;
  next.target = target;
  if (auto written = core_->transition(std::move(next)); !written) {
    return tl::unexpected(written.error());
  }
  return UpdatePermit(core_, core_->grant_update(gives_up || begins_again));
}

Result<void> Journal::end_update(UpdatePermit&& permit, std::uint64_t sequence,
                                 std::span<const HistoryEntry> history, const FoldedHistory& folded,
                                 std::optional<std::uint64_t> counted) {
  constexpr auto what = "the update was not ended";
  if (auto usable = core_->check_usable(); !usable) return usable;
  if (permit.core_ != core_ || permit.number_ != core_->gate().permit()) {
    return refuse(*core_, Errc::permit_revoked, what, "the permit is not, or no longer, its",
                  "use the one that begin_update() gave");
  }
  if (auto updating = core_->check_phase(Phase::updating); !updating) return updating;
  Record next = core_->record();
  const bool may_go_down = next.discard || core_->update_may_go_down();
  if (sequence < next.target || (sequence < next.floor && !may_go_down)) {
    return refuse(*core_, Errc::sequence_goes_down, what,
                  "the new store holds " + std::to_string(sequence) + " events; " +
                      std::to_string(std::max(next.target, next.floor)) + " were expected",
                  "complete the update");
  }
  if (sequence > max_sequence) {
    return refuse(*core_, Errc::invalid_argument, what, "the sequence is beyond all counting",
                  "count again what the store holds");
  }
  forget_shutdown(next);
  next.discard = false;
  // As of the marked store itself: until it counts on, it may hold less than the sequence.
  const bool raised = counted && *counted < sequence;
  next.mark_held = raised ? *counted : 0;
  next.mark_raised = raised ? sequence : 0;
  next.state = StoreState::dirty;
  next.floor = next.ceiling = sequence;
  next.history.assign(history.begin(), history.end());
  next.history_digest = folded.digest;
  next.folded = folded.views;
  core_->revoke();
  return core_->transition(std::move(next));
}

// After it nothing is counted under the permit any more, and the store holds `sequence` events.
Result<void> Journal::take_back(const WritePermit& permit, std::uint64_t sequence,
                                const char* what) {
  if (auto usable = core_->check_usable(); !usable) return usable;
  if (permit.core_ != core_ || permit.number_ != core_->gate().permit()) {
    return refuse(*core_, Errc::permit_revoked, what, "the permit is not, or no longer, its",
                  "use the one that activate() gave");
  }
  if (auto active = core_->check_phase(Phase::active); !active) return active;
  const auto check_sequence = [&] {
    const std::uint64_t held = std::max(core_->gate().noted(), core_->record().floor);
    return check_rises(*core_, held, sequence, what);
  };
  if (auto rises = check_sequence(); !rises) return rises;
  // The permit itself is left alone: other threads may be calling on it.
  core_->revoke();
  // Once more: another thread may have got a sequence through until now.
  return check_sequence();
}

Result<void> Journal::mark_clean(WritePermit&& permit, const CleanShutdown& shutdown) {
  constexpr auto what = "the store was not marked clean";
  if (auto usable = core_->check_usable(); !usable) return usable;
  if (shutdown.final.is_nil()) {
    return refuse(*core_, Errc::invalid_argument, what, "the final UUID is nil",
                  "take the one of the shutdown");
  }
  if (auto taken = take_back(permit, shutdown.sequence, what); !taken) return taken;
  Record next = core_->record();
  next.state = StoreState::clean;
  next.final = shutdown.final;
  next.tag = shutdown.tag;
  next.sole = shutdown.sole;
  next.floor = next.ceiling = shutdown.sequence;
  next.mark_held = next.mark_raised = 0;
  return core_->transition(std::move(next));
}

// In every slot, as any statement that is to outlast a fault.
Result<void> Journal::end_writing(WritePermit&& permit, std::uint64_t sequence) {
  constexpr auto what = "the exact sequence was not recorded";
  if (auto taken = take_back(permit, sequence, what); !taken) return taken;
  Record next = core_->record();
  next.floor = next.ceiling = sequence;
  return core_->transition(std::move(next));
}

}  // namespace storemark
