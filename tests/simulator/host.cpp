// SPDX-License-Identifier: Apache-2.0
#include "simulator/host.hpp"

#include <array>

#include "journal/core.hpp"
#include "journal/layout.hpp"

namespace storemark::simulator {
namespace {

class Progress final : public UpdateProgress {
 public:
  explicit Progress(bool cancelled) : cancelled_(cancelled) {}
  void report(std::uint64_t, std::uint64_t) override {}
  bool cancelled() const override { return cancelled_; }

 private:
  bool cancelled_;
};

std::string text_of(const std::vector<HistoryEntry>& history) {
  std::string out;
  for (const HistoryEntry& entry : history) {
    out += " " + storemark::to_string(entry.view).substr(0, 8) + "@" + std::to_string(entry.from);
  }
  return out;
}

sim::Fate random_fate(Random& random) { return static_cast<sim::Fate>(random.below(3)); }

}  // namespace

Environment Host::environment() {
  Environment out;
  out.directory = sim::directory_on(disk_, ground_.settings.disk);
  out.path = name();
  Random& random = ground_.random;
  out.new_id = [&random] { return random.uuid(); };
  out.wall_clock = [] { return std::int64_t{1'000'000'000}; };
  out.steady_clock = [] { return std::chrono::steady_clock::time_point(std::chrono::hours(1)); };
  return out;
}

DriverOptions Host::options() const {
  const Settings& settings = ground_.settings;
  DriverOptions out;
  out.kind = settings.kind;
  out.label = name();
  out.wait_for = settings.wait_for;
  out.restore = settings.restore;
  out.quorum = settings.quorum;
  out.address = name();
  out.catch_up_bytes = settings.catch_up_bytes;
  return out;
}

std::optional<Journal> Host::open(const StoreFacts& facts) {
  auto journal = CoreAccess::open(environment(), facts, Options{});
  if (!journal) {
    start_error_ = journal.error();
    ground_.trace.say(name(), " does not start: ", to_string(journal.error()));
    const bool of_the_medium = damaged_ || disk_.dead() || journal.error().code >= Errc::in_use;
    if (!of_the_medium) ground_.oracle.report(Broken::unusable, to_string(journal.error()));
    return std::nullopt;
  }
  if (journal->verdict().state == StoreState::updating) {
    supersede(journal->record().donor);
  } else {
    finish_copy();
  }
  spoilt_ = false;
  member_ = journal->record().member;
  ground_.oracle.opened(index_, journal->verdict(), store_.content());
  ground_.trace.say(name(), " starts: ", to_string(journal->verdict().state), " ",
                    journal->verdict().floor, "..", journal->verdict().ceiling, ", holds ",
                    store_.content().last(), ", was in", text_of(journal->record().history));
  return std::move(*journal);
}

void Host::start() {
  forget_end();
  auto broker = std::make_unique<SimBroker>(ground_, *this);
  if (!is_persistent()) {
    ground_.oracle.forgotten(index_, store_.content());
    store_.wipe();
  }
  const StoreFacts facts = *broker->look();
  std::optional<Journal> journal;
  std::weak_ptr<Core> core;
  if (is_persistent()) {
    journal = open(facts);
    if (!journal) {
      if (disk_.dead()) end_process(Death::power);
      return;
    }
    core = CoreAccess::watch(*journal);
  } else {
    ground_.trace.say(name(), " starts");
  }
  process_.emplace();
  process_->broker = std::move(broker);
  process_->core = core;
  process_->group = ground_.network.join(index_, [this] { return is_dying(); });
  Random& random = ground_.random;
  process_->member = std::make_unique<driver::Member>(
      driver::Member::Parts{options(), *process_->broker, *process_->group, std::move(journal),
                            facts, [&random] { return random.uuid(); }});
  tidy_up();
}

bool Host::deliver(std::size_t limit) {
  const bool mail = ground_.network.has_mail(index_);
  if (!mail && process_->member->waiting_bytes() == 0) return false;
  const bool was_suspended = process_->member->session().suspended();
  const auto taken = process_->group->dispatch(*process_->member, limit);
  if (!taken && !is_dying()) process_->member->group_lost(taken.error());
  const restart::Session& session = process_->member->session();
  tell_place(session);
  if (was_suspended && session.ready() && ground_.settings.hosts_vote) check_resumed();
  // The decision is forgotten with the round; what it gave up is not.
  if (session.role() != restart::Role::active && session.decision() != nullptr) {
    process_->said.clear();
    // R12 loses nothing; what it says it does is no excuse.
    if (session.decision()->rule == Rule::r12) return finish_delivery(mail);
    for (const Announcement& self : session.announced()) {
      if (self.label != name()) continue;
      for (const Loss& loss : session.decision()->loses) {
        if (loss.id == self.id) process_->said.push_back(loss);
      }
    }
  }
  return finish_delivery(mail);
}

bool Host::finish_delivery(bool had_mail) {
  // Somebody may end the broker in the middle of a batch.
  const bool may_end = !ground_.calm && !ground_.settings.partitions_only;
  if (may_end && ground_.random.one_in(2000)) process_->member->leave();
  const bool settled = is_dying() || process_->member->settle();
  tidy_up();
  return had_mail || settled;
}

bool Host::work() {
  Process& process = *process_;
  if (!process.task) {
    process.task = process.member->next_task();
    if (!process.task) return false;
    ground_.trace.say(name(), " is to ",
                      process.task->kind == driver::Task::Kind::restore
                          ? std::string("restore")
                          : "take the store of " + process.task->donor.label);
  } else if (!process.task_result) {
    Progress progress(process.member->wanted_task() != process.task->number);
    process.task_result = driver::run_task(*process.broker, *process.task, progress);
    ground_.trace.say(name(), process.task_result->has_value() ? " has done it, " : " has failed, ",
                      process.task_result->value_or(0));
  } else {
    process.member->task_done(process.task->number, *process.task_result);
    process.task.reset();
    process.task_result.reset();
    if (!is_dying()) static_cast<void>(process.member->settle());
  }
  tidy_up();
  return true;
}

bool Host::publish() {
  if (!ready() || process_->member->waiting_bytes() > 1024) return false;
  const EventId event = ground_.oracle.new_event();
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < 8; ++i) bytes.at(i) = static_cast<std::uint8_t>(event >> (8 * i));
  if (!process_->member->publish(bytes, event)) return false;
  ++ground_.published;
  static_cast<void>(process_->member->settle());
  tidy_up();
  return true;
}

void Host::shut_down() {
  ground_.trace.say(name(), " orders the shutdown");
  static_cast<void>(process_->member->shut_down());
  static_cast<void>(process_->member->settle());
  tidy_up();
}

void Host::leave() {
  ground_.trace.say(name(), " leaves");
  process_->member->leave();
  tidy_up();
}

void Host::beat() {
  if (const auto core = process_->core.lock(); core != nullptr && core->gate().is_open()) {
    static_cast<void>(core->beat(ground_.random.below(64)));
  }
  tidy_up();
}

void Host::read_back() {
  if (const auto core = process_->core.lock()) core->read_back();
  tidy_up();
}

void Host::after_stop() {
  ended_ = process_->member->how();
  ground_.trace.say(name(), " stops",
                    ended_->clean ? std::string(", clean")
                                  : (ended_->error ? ": " + to_string(*ended_->error) : ""));
  if (ended_->clean && is_persistent()) {
    ground_.oracle.shut_down(index_, ended_->final, store_.content());
  }
  check_end();
  static_cast<void>(process_->group->leave(0));
  process_.reset();
  disk_.kill_process();
  if (store_.durable_entries() < store_.content().entries.size() &&
      ground_.settings.loses_buffers) {
    store_.lose_buffers(ground_.random);
  }
}

void Host::end_process(Death how) {
  ground_.trace.say(name(), how == Death::killed ? " is killed" : " loses power");
  process_.reset();
  dying_.reset();
  if (how == Death::killed) {
    disk_.kill_process();
    if (ground_.settings.loses_buffers) store_.lose_buffers(ground_.random);
    return;
  }
  Random& random = ground_.random;
  disk_.power_cut([&random](std::uint64_t, std::size_t) { return random_fate(random); },
                  random.below(3));
  store_.power_cut(random);
}

void Host::tidy_up() {
  note_touched();
  if (is_dying()) return end_process(dying_.value_or(Death::power));
  if (process_ && process_->member->stopped()) after_stop();
}

void Host::die(Death how) {
  dying_ = how;
  disk_.die();
  ++ground_.faults;
}

void Host::spoil_slot(bool all) {
  if (!disk_.has_journal()) return;
  // One is healed by the next open; what two can do is a table in docs/faults.md.
  if (spoilt_ && !all) return;
  if (all) {
    ground_.oracle.touched(index_);
    damaged_ = true;
  }
  spoilt_ = true;
  const std::size_t one = ground_.random.below(slot_count);
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    if (!all && slot != one) continue;
    const std::uint64_t block = layout::slot_offset(slot) / sim::block_bytes;
    sim::Block data = disk_.visible_block(block);
    data.at(ground_.random.below(sim::block_bytes)) ^= std::byte{1};
    disk_.put_block(block, data);
  }
}

void Host::wipe() {
  ground_.trace.say("the directory of ", name(), " is emptied");
  ground_.oracle.gave_up(index_, store_.content());
  if (!store_.content().unfinished && !store_.content().superseded) {
    ground_.oracle.discarded(index_, store_.content(), store_.durable_entries(), {});
  }
  ground_.oracle.touched(index_);
  store_.wipe();
  new_disk();
  forget_end();
}

void Host::new_disk() {
  disk_ = sim::Disk();
  spoilt_ = damaged_ = false;
}

void Host::copy(const Host& other) {
  disk_ = other.disk_;
  store_ = other.store_;
  spoilt_ = other.spoilt_;
  damaged_ = other.damaged_;
  member_ = other.member_;
  if (store_.content().unfinished || store_.content().superseded) return;
  ground_.oracle.copied(other.index_, index_,
                        std::span(store_.content().entries).first(store_.durable_entries()));
}

}  // namespace storemark::simulator
