// SPDX-License-Identifier: Apache-2.0
// A member of a cluster without thread, clock or socket: session, journal and broker joined.
// Whoever owns it hands it what the group delivers, runs its tasks, and calls settle() after each
// batch.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <storemark/driver.hpp>
#include <storemark/group.hpp>
#include <storemark/journal.hpp>
#include <string>
#include <vector>

#include "restart/session.hpp"

namespace storemark::driver {

/// A call on the broker that may take long, for a worker. At most one is under way.
struct Task {
  enum class Kind : std::uint8_t { restore, update };
  std::uint64_t number = 0;
  Kind kind = Kind::restore;
  UpdateTicket donor{};  ///< of an update
};

/// Makes the calls of a task: restore(), or discard() and take_update(). Any thread. What an update
/// returns is what the copy holds.
[[nodiscard]] Result<std::uint64_t> run_task(Broker& broker, const Task& task,
                                             UpdateProgress& progress);

class Member final : public GroupListener {
 public:
  struct Parts {
    DriverOptions options;
    Broker& broker;
    Group& group;                    ///< joined; no view was dispatched yet
    std::optional<Journal> journal;  ///< none for a transient member
    StoreFacts facts;                ///< with which the journal was opened
    std::function<Uuid()> new_id;
  };
  explicit Member(Parts parts);

  // What the group delivers: from Group::dispatch().
  void view_changed(const GroupView& view) override;
  void delivered(GroupNode from, std::span<const std::uint8_t> message) override;

  // What the broker asks; the owner brings it here.
  [[nodiscard]] Result<void> publish(std::span<const std::uint8_t> event, std::uint64_t token);
  [[nodiscard]] Result<void> shut_down();
  /// Leaves: the store is synced and stays dirty. With a reason: because of that.
  void leave(std::optional<Error> why = std::nullopt);
  /// The group is gone: as leave().
  void group_lost(const Error& error) { leave(error); }

  /// The task that is to be run now, once; the owner calls task_done() with what came of it.
  [[nodiscard]] std::optional<Task> next_task();
  /// The number of the task whose outcome is still wanted; 0: none. For
  /// UpdateProgress::cancelled().
  [[nodiscard]] std::uint64_t wanted_task() const noexcept { return wanted_; }
  void task_done(std::uint64_t number, const Result<std::uint64_t>& result);

  /// After each batch of the above: makes what was applied durable, confirms and answers it, and
  /// hands the group what is to be sent. False: the group's queue is full; call it again when there
  /// is room.
  bool settle();
  /// Its journal writes on a clock of its own, too. Where such a write has failed the member ends,
  /// also if nothing ever happens again.
  void look_at_journal();
  [[nodiscard]] bool has_permit() const noexcept { return permit_.has_value(); }
  /// Bytes that wait to be handed to the group.
  [[nodiscard]] std::size_t waiting_bytes() const noexcept { return outbox_bytes_; }

  [[nodiscard]] bool stopped() const noexcept { return stopped_.has_value(); }
  /// How it ended; only when stopped(). The owner leaves the group then.
  [[nodiscard]] const Stopped& how() const { return *stopped_; }
  /// Events may be published.
  [[nodiscard]] bool ready() const noexcept { return !stopped_ && session_.ready(); }
  /// A member of a part that has no quorum.
  [[nodiscard]] bool suspended() const noexcept { return !stopped_ && session_.suspended(); }
  /// A shutdown that was asked for here will not happen: the status says so.
  void drop_shutdown() noexcept { shutdown_dropped_ = true; }
  [[nodiscard]] Status status() const;
  /// Of the last event that the store holds durably.
  [[nodiscard]] std::uint64_t sequence() const noexcept { return durable_; }
  [[nodiscard]] const restart::Session& session() const noexcept { return session_; }

 private:
  // member.cpp
  void run_steps();
  void announce_own();
  [[nodiscard]] std::string not_active_why() const;
  void end(std::optional<Error> why);
  [[nodiscard]] bool went_well(const Result<void>& journal_call);
  [[nodiscard]] bool went_well(const Result<void>& broker_call, const char* what);
  [[nodiscard]] bool make_durable();
  [[nodiscard]] bool end_writing();
  void send(const wire::Message& message);

  // status.cpp
  void describe(Status& out) const;
  void describe_suspended(Status& out) const;
  void describe_waiting(Status& out) const;

  // member_steps.cpp
  void take(const restart::Send& step);
  void take(const restart::SendAnnouncement& step);
  void take(const restart::Found& step);
  void take(const restart::Restore& step);
  void take(const restart::TakeUpdate& step);
  void take(const restart::DropUpdate& step);
  void take(const restart::Give& step);
  void take(const restart::EndGiving& step);
  void take(restart::Activate& step);
  void take(const restart::ChangeView& step);
  void take(const restart::StepDown& step);
  void take(const restart::Apply& step);
  void take(const restart::Dropped& step);
  void take(const restart::Answer& step);
  void take(const restart::StopClean& step);
  void take(const restart::Stop& step);
  [[nodiscard]] bool begin_update(const restart::TakeUpdate& step);
  void begin_task(Task::Kind kind, UpdateTicket donor);

  struct Awaited {
    std::uint64_t n = 0;
    std::uint64_t token = 0;
  };

  Parts parts_;
  restart::Session session_;
  InitialUuid proposal_;
  MemberId transient_id_;
  Incarnation transient_incarnation_;
  bool touched_ = false;           // the journal's state was written in this run
  bool used_ = false;              // the store was, or is being overwritten
  bool shutdown_dropped_ = false;  // since it was ready last
  std::optional<WritePermit> permit_;
  std::optional<UpdatePermit> update_permit_;

  std::deque<std::vector<std::uint8_t>> outbox_;
  std::size_t outbox_bytes_ = 0;
  std::deque<std::uint64_t> sent_tokens_;  // of own events that were not delivered yet
  std::deque<Awaited> awaited_;            // delivered, and not confirmed
  std::uint64_t applied_ = 0;              // the last event that the broker was given
  std::uint64_t durable_ = 0;              // and that it has made durable
  std::uint64_t copied_ = 0;               // what the copy of an update counted
  bool unsynced_ = false;  // the broker was told where it stands, and has not synced
  std::set<Uuid> given_;   // tickets that were not taken back

  std::string donor_;  // of the update that is being taken, for people
  std::optional<Task> pending_;
  std::uint64_t running_ = 0;
  std::uint64_t wanted_ = 0;
  std::uint64_t last_task_ = 0;
  std::optional<Stopped> stopped_;
};

}  // namespace storemark::driver
