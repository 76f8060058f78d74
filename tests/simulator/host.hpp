// SPDX-License-Identifier: Apache-2.0
// One machine: a disk with a journal, a store, and the process that runs there, if one does.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "driver/member.hpp"
#include "journal/open.hpp"
#include "simulator/oracle.hpp"
#include "simulator/settings.hpp"
#include "simulator/sim_group.hpp"
#include "simulator/trace.hpp"

namespace storemark::simulator {

class Host;

/// What all hosts of a simulation share.
struct Ground {
  Random& random;
  const Settings& settings;
  Network& network;
  Oracle& oracle;
  Trace& trace;
  std::vector<std::unique_ptr<Host>>& hosts;
  bool calm = false;         ///< no more faults
  std::uint64_t faults = 0;  ///< that were injected
  std::uint64_t published = 0;
};

/// A broker on the simulated store, for one process.
class SimBroker final : public Broker {
 public:
  SimBroker(Ground& ground, Host& host) : ground_(ground), host_(host) {}

  Result<StoreFacts> look() override;
  Result<void> restore(UpdateProgress& progress) override;
  Result<void> discard() override;
  Result<std::uint64_t> take_update(const UpdateTicket& donor, UpdateProgress& progress) override;
  Result<void> give_update(const UpdateTicket& joiner) override;
  void end_giving(const Uuid& ticket) override { tickets_.erase(ticket); }
  Result<void> activated(std::uint64_t sequence) override;
  Result<void> apply(std::uint64_t n, std::span<const std::uint8_t> event) override;
  Result<void> sync() override;
  std::optional<StoreTag> tag() override;
  void confirmed(std::uint64_t token, std::uint64_t n) override;
  void dropped(std::uint64_t token) override;
  void status(const Status&) override {}
  void stopped(const Stopped&) override {}

  /// What whoever has this ticket may copy; null: nothing.
  [[nodiscard]] const Content* given(const Uuid& ticket) const;

 private:
  /// The process is dead, or this call fails: then nothing is to be done.
  [[nodiscard]] std::optional<Error> fails(std::uint64_t one_in, std::uint64_t deadly_one_in);
  [[nodiscard]] const Content* donor_store(const UpdateTicket& donor) const;
  void check_source(const char* what);
  void check_quorum(const char* what);

  Ground& ground_;
  Host& host_;
  std::map<Uuid, std::optional<Content>> tickets_;  // with a snapshot, or the store itself
  bool updated_ = false;
};

/// One run of a broker.
struct Process {
  std::unique_ptr<SimBroker> broker;
  std::unique_ptr<Group> group;
  std::unique_ptr<driver::Member> member;
  std::weak_ptr<Core> core;
  std::optional<driver::Task> task;                  ///< that was taken, until it is told
  std::optional<Result<std::uint64_t>> task_result;  ///< of one that was run, not told yet
  std::string place;                                 ///< told last
  std::vector<Loss> said;                            ///< what the last decision gives up here
};

class Host {
 public:
  Host(Ground& ground, std::size_t index) : index_(index), ground_(ground) {}

  [[nodiscard]] std::size_t index() const noexcept { return index_; }
  [[nodiscard]] std::string name() const { return std::string(1, static_cast<char>('a' + index_)); }
  [[nodiscard]] Process* process() noexcept { return process_ ? &*process_ : nullptr; }
  [[nodiscard]] bool runs() const noexcept { return process_.has_value(); }
  [[nodiscard]] bool ready() const noexcept { return process_ && process_->member->ready(); }
  /// Of a host that is ready.
  [[nodiscard]] const InitialUuid& cluster() const {
    return process_->member->session().replica()->initial();
  }
  /// Why the last start failed; none where it did not.
  [[nodiscard]] const std::optional<Error>& start_error() const noexcept { return start_error_; }
  /// How the last process ended by itself.
  [[nodiscard]] const std::optional<Stopped>& ended() const noexcept { return ended_; }
  [[nodiscard]] SimStore& store() noexcept { return store_; }
  [[nodiscard]] sim::Disk& disk() noexcept { return disk_; }
  [[nodiscard]] Environment environment();
  [[nodiscard]] bool is_persistent() const {
    return ground_.settings.kind == MemberKind::persistent;
  }
  /// What the operator's last word was given on: the backup beside the journal.
  std::optional<Record> before_word;
  void forget_end() {
    start_error_.reset();
    ended_.reset();
  }

  // --- what the process does --------------------------------------------------------------------
  void start();
  /// Takes up to `limit` items from the group and settles; false where there was nothing.
  bool deliver(std::size_t limit);
  /// One step of a task: take it, run it, or tell what came of it.
  bool work();
  bool publish();
  void shut_down();
  void leave();
  void beat();
  void read_back();
  /// After each call on the member: a machine that died in it, or a member that stopped, is gone.
  void tidy_up();

  // --- what happens to the machine --------------------------------------------------------------
  enum class Death : std::uint8_t { killed, power };
  /// From here on nothing of the process has an effect; tidy_up() ends it.
  void die(Death how);
  [[nodiscard]] bool is_dying() const noexcept { return dying_.has_value() || disk_.dead(); }
  void spoil_slot(bool all);
  void wipe();
  /// Without a journal.
  void new_disk();
  /// This one, an empty directory, becomes a copy of another, which is down.
  void copy(const Host& other);

  void sync_store();
  /// The store, if it is a copy, is a member's from now on.
  void finish_copy();
  /// The store is about to be restored as the latest (R12): nobody of its last view holds more.
  void check_latest();
  void check_resumed();
  /// The journal's floor and ceiling beside the store.
  void check_bounds();

 private:
  friend class SimBroker;
  void end_process(Death how);
  void after_stop();
  void check_end();
  [[nodiscard]] bool finish_delivery(bool had_mail);
  void note_touched();
  void tell_place(const restart::Session& session);
  void supersede(const MemberId& donor);
  [[nodiscard]] DriverOptions options() const;
  [[nodiscard]] std::optional<Journal> open(const StoreFacts& facts);

  std::size_t index_;
  Ground& ground_;
  sim::Disk disk_;
  SimStore store_;
  std::optional<Process> process_;
  std::optional<Death> dying_;
  std::optional<Error> start_error_;
  std::optional<Stopped> ended_;
  MemberId member_;       // of the journal, as it was opened last
  bool spoilt_ = false;   // a slot, since the last open
  bool damaged_ = false;  // all of them
};

}  // namespace storemark::simulator
