// SPDX-License-Identifier: Apache-2.0
// What a broker links to be a member of a replicated cluster: journal, restart rules and group,
// joined. The broker implements Broker, which knows its store; the driver decides when each of its
// calls is made, and does every journal write itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <storemark/error.hpp>
#include <storemark/examine.hpp>
#include <storemark/group.hpp>
#include <storemark/journal.hpp>
#include <storemark/restart.hpp>
#include <string>
#include <vector>

namespace storemark {

inline constexpr std::size_t max_event_bytes = std::size_t{1} << 20;
inline constexpr std::size_t max_address_bytes = 255;
inline constexpr std::uint32_t max_wait_for = 1'000'000;

/// What the configuration says of this member.
struct DriverOptions {
  std::filesystem::path directory{};  ///< of store and journal; unused by a transient member
  MemberKind kind = MemberKind::persistent;
  std::string label{};         ///< for people; at most max_label_bytes, UTF-8
  std::uint32_t wait_for = 1;  ///< cluster_wait_for: how many start a cluster; 0 counts as 1
  RestorePolicy restore = RestorePolicy::manual;
  FoundPolicy found = FoundPolicy::allowed;
  QuorumPolicy quorum = QuorumPolicy::automatic;
  Options journal{.interval = std::chrono::milliseconds(1000)};
  std::string address{};  ///< where others take an update from this member; at most 255 bytes
  /// Memory for events that arrive while an update is taken; more fails the update.
  std::size_t catch_up_bytes = std::size_t{256} << 20;
  /// Events that were published and not yet sent, in bytes; 65536 of them at most.
  std::size_t publish_bytes = std::size_t{8} << 20;
  /// How long to wait to become active, at the start and whenever it ceased to be; zero: for ever,
  /// as is more than a hundred years. Then it ends (cancelled).
  std::chrono::milliseconds time_limit{0};
};

/// One copy of a store on its way from a donor to a joiner.
struct UpdateTicket {
  Uuid number;          ///< the joiner shows it to the donor
  MemberId member;      ///< who is at the other end
  std::string label;    ///< of that member
  std::string address;  ///< of the donor; empty at the donor itself
};

enum class MemberPhase : std::uint8_t {
  joining,    ///< in the group, and not everybody has announced itself
  waiting,    ///< for members, for an operator, or for a conflict to end
  starting,   ///< restoring, or waiting for the others that start
  updating,   ///< taking a donor's store
  active,     ///< taking part
  suspended,  ///< a member of a part that has no quorum: applies nothing, and answers nobody
  stopped,    ///< it is over; Stopped says why
};
[[nodiscard]] std::string_view to_string(MemberPhase phase) noexcept;

/// For logs and readiness. A plain value.
struct Status {
  MemberPhase phase = MemberPhase::joining;
  /// One line, for example "waiting for 1 of 3: c, last seen at 1051".
  std::string text;
  bool ready = false;  ///< events may be published
  bool alone = false;  ///< active, and the only one: clients are answered without a second copy
  Rule rule = Rule::none;
  Outcome outcome = Outcome::wait;
  unsigned present = 0;
  unsigned wait_for = 1;
  std::vector<MissingMember> missing;  ///< of the newest last view; or of the last with a quorum
  std::vector<Loss> loses;
  std::vector<std::string> notes;  ///< members that were refused, and why; different N; and such
  ViewId view;                     ///< of the cluster; nil while not active
  std::vector<Member> members;     ///< of that view, with what they confirmed last
  std::uint64_t sequence = 0;      ///< of the last event that was applied here
  std::uint64_t update_done = 0;   ///< of an update or a restore under way, as it reports it
  std::uint64_t update_total = 0;  ///< 0: unknown
};

/// How a member ended.
struct Stopped {
  bool clean = false;          ///< an administrative shutdown: the store is marked clean
  FinalUuid final;             ///< of it
  std::optional<Error> error;  ///< why, where it was neither asked to leave nor shut down
};

/// Tells the driver how an update or a restore gets on, for its status; and the broker when to give
/// up. Threads: any, until the call that it was given to returns.
class UpdateProgress {
 public:
  virtual ~UpdateProgress() = default;
  virtual void report(std::uint64_t done, std::uint64_t total) = 0;  ///< bytes, or what you count
  /// What is being done is of no use any more: give up, and return any error. Asked as often as one
  /// likes; once true it stays so.
  [[nodiscard]] virtual bool cancelled() const = 0;
};

/// The broker's side. Calls come from the driver's thread, one at a time, unless they say "worker":
/// those may take long, come from a thread of their own, at most one of them at a time, beside
/// calls on the driver's thread. No call should throw; what one throws is its error. An error from
/// any ends the membership (broker_failed), unless said. A call may use the driver, but not destroy
/// it; the first may come before start() has returned it. The object must outlive the driver.
class Broker {
 public:
  virtual ~Broker() = default;

  /// What the store holds, asked of the store itself. Its sequence is the store's own durable
  /// count, never one that the journal or the driver has told: by it the two are compared. From the
  /// thread that calls Driver::start(), before anything else; nothing is changed.
  [[nodiscard]] virtual Result<StoreFacts> look() = 0;
  /// Worker. This member's own store is what the cluster goes on from: load it. The store may not
  /// be changed yet. It may hold nothing, where an operator marked it so; updates are given from it
  /// all the same. Leaving cancels it, and so does a decision that does without it; stopped()
  /// waits for its return. It may come again after it was cancelled.
  [[nodiscard]] virtual Result<void> restore(UpdateProgress& progress) = 0;
  /// Worker. Move the store, if there is any, to a safe place and begin an empty one. It may come
  /// after activated(), where this member was cut off and others went on: who still reads the store
  /// must be let finish.
  [[nodiscard]] virtual Result<void> discard() = 0;
  /// Worker. Copy the donor's store into the empty one; durable on return. Returns the sequence of
  /// the last event that the copy holds: the copy's own durable count, as look() would return it of
  /// this store now. After an error it is tried again from discard(), twice.
  [[nodiscard]] virtual Result<std::uint64_t> take_update(const UpdateTicket& donor,
                                                          UpdateProgress& progress) = 0;
  /// Whoever shows this ticket may copy the store from now on, in a state not older than now, until
  /// end_giving() takes it back: once for each ticket that was given, at the latest before
  /// stopped().
  [[nodiscard]] virtual Result<void> give_update(const UpdateTicket& joiner) = 0;
  virtual void end_giving(const Uuid& ticket) = 0;

  /// The store may be written: "dirty" is durable. It stands at `sequence`, which is above what it
  /// counted itself after an operator's mark: from here on that is its own count, durable with the
  /// next sync(), and what look() and a copy of it say. The next event is sequence + 1.
  [[nodiscard]] virtual Result<void> activated(std::uint64_t sequence) = 0;
  /// Event n, the same at every member. It need not be durable before sync(). Also called while a
  /// joiner catches up after its update.
  [[nodiscard]] virtual Result<void> apply(std::uint64_t n,
                                           std::span<const std::uint8_t> event) = 0;
  /// On return everything applied is durable. After a batch, before a confirmation, a clean mark.
  [[nodiscard]] virtual Result<void> sync() = 0;
  /// The store's digest for the clean record, if it has one. After the last sync().
  [[nodiscard]] virtual std::optional<StoreTag> tag() { return std::nullopt; }

  /// The event that this member published with `token` is event n, is durable here, and another
  /// member has it durably, or there is none: its client may be answered.
  virtual void confirmed(std::uint64_t token, std::uint64_t n) = 0;
  /// After publish() returned false: there is room again.
  virtual void room() {}
  /// The event that this member published with `token` was dropped: nobody has applied it and
  /// nobody will. This member is suspended: publish it again when it is ready.
  virtual void dropped(std::uint64_t token) { static_cast<void>(token); }
  /// Another part of the cluster goes on, and this member takes its update; or, after all were cut
  /// off, the cluster starts anew. What it published and was not confirmed may or may not have
  /// happened, and is never confirmed. discard() follows, or restore(), and activated() in the end.
  virtual void stepped_down() {}
  /// When something changed, and at least once a second until the member is active; also while
  /// start() waits for the group, from a thread of the driver.
  virtual void status(const Status& status) = 0;
  /// The last call. What was published and not confirmed may or may not have happened. So each
  /// publish() that returned true is answered once: by confirmed(), dropped(), stepped_down(), or
  /// this.
  virtual void stopped(const Stopped& how) = 0;
};

/// A running member. No clock of this process says what it is: one that did not run for a while
/// (stopped, suspended) applies and answers what its group delivers, in that order; where the group
/// went on without it, that news stands before whatever it publishes then. The local group waits.
///
/// Threads: every call from any thread. In a forked child nothing can be asked of
/// it (used_after_fork), and its end lets go of it without a word.
class Driver {
 public:
  using Join = std::function<Result<std::unique_ptr<Group>>()>;

  /// Looks at the store, opens the journal, joins the group and goes on in a thread of its own. The
  /// store is as it was when it fails; so is the journal, but for what its open has made or healed.
  /// Takes as long as `join` does, which runs in the calling thread; there is no driver to leave
  /// before it returns: what ends the wait is the stop token in the group's options (cancelled).
  /// Errors: those of Journal::open, of `join`, of the broker's look(); invalid_argument.
  [[nodiscard]] static Result<std::unique_ptr<Driver>> start(const DriverOptions& options,
                                                             Broker& broker, const Join& join);
  virtual ~Driver() = default;  ///< as leave(), and waits for stopped() to have returned
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// Sends an event to every member, which apply it in one order. The token comes back in
  /// Broker::confirmed(). False: there is no room now, and nothing was done; room() follows. Never
  /// waits. Errors: not_active, message_too_long.
  [[nodiscard]] virtual Result<bool> publish(std::span<const std::uint8_t> event,
                                             std::uint64_t token) = 0;
  /// Orders the administrative shutdown of the whole cluster: every member stops after the same
  /// event and marks its store clean. Returns at once: wait() says when it is done, and a leave()
  /// or the driver's end that comes before may forestall it. Errors: not_active.
  [[nodiscard]] virtual Result<void> shut_down() = 0;
  /// Leaves: the store is synced and stays dirty, what it holds is recorded. A wait ends; a
  /// worker's call is told that it is cancelled, and stopped() comes when it has returned. Returns
  /// at once.
  virtual void leave() = 0;
  [[nodiscard]] virtual Status status() const = 0;
  /// Waits until Broker::stopped() has returned, and returns what it was told. Not from a call on
  /// the broker: that is refused (wrong_state).
  virtual Stopped wait() = 0;

 protected:
  Driver() = default;
};

}  // namespace storemark
