// SPDX-License-Identifier: Apache-2.0
// The restart protocol of one member as a state machine: what the group delivers and what the
// broker has done go in, what is to be done comes out. No thread, clock, file or socket.
// PROTOCOL.md has the whole: rounds, the start, joining, the states.
//
//   joining    announced, or waiting for the rules to let it go on
//   starting   none is active; restored, founded or updated, and waiting for the others
//   following  some are active; takes an update, and counts what they apply
//   active     a member of the cluster's view; where that has no quorum it is suspended: it applies
//              nothing, and answers nobody
//   stopped    refused, shut down, or failed
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <storemark/group.hpp>
#include <storemark/restart.hpp>
#include <string>
#include <variant>
#include <vector>

#include "restart/replica.hpp"
#include "restart/wire.hpp"

namespace storemark::restart {

// --- what is to be done, in this order
// ------------------------------------------------------------

/// Multicast this.
struct Send {
  wire::Message message;
};
/// Multicast announcement(), as it is when everything before this is done.
struct SendAnnouncement {};
/// Record the cluster's initial UUID, then say founded().
struct Found {
  InitialUuid initial;
};
/// Load the own store, then say restored().
struct Restore {};
/// Record "updating", replace the store by the donor's, then say updated() or update_failed().
struct TakeUpdate {
  InitialUuid initial;
  Incarnation from;
  MemberId donor;
  std::string label;
  std::string address;
  Uuid ticket;
  std::uint64_t target = 0;  ///< the sequence that the copy stands for, at least
  bool gives_up = false;     ///< what this store holds beyond is lost: the decision says so
};
/// The update that is being taken is of no use any more.
struct DropUpdate {};
/// Let whoever has this ticket copy the store.
struct Give {
  Uuid ticket;
  MemberId joiner;
  std::string label;
};
struct EndGiving {
  Uuid ticket;
};
/// What an updated store has lived through.
struct Inherited {
  std::vector<HistoryEntry> history;
  FoldedHistory folded;
};
/// End the update if there was one, make "dirty" durable, then say activated().
struct Activate {
  View view;
  std::uint64_t sequence = 0;
  std::optional<Inherited> updated;
};
/// Record the view before anything of it is applied.
struct ChangeView {
  View view;
  std::uint64_t sequence = 0;
  bool sole = false;
};
/// Another part of the cluster goes on, this one does not: write the store no more.
struct StepDown {};
/// Apply event n, then at the end of the batch say applied().
struct Apply {
  std::uint64_t n = 0;
  bool own = false;
  std::vector<std::uint8_t> payload;
};
/// What this member sent arrived where its cluster applies nothing: nobody has applied it, and
/// nobody will.
struct Dropped {
  bool shutdown = false;  ///< or else an event
};
/// The clients of own events up to n may be answered.
struct Answer {
  std::uint64_t upto = 0;
};
/// The cluster was shut down here: sync, mark clean, leave.
struct StopClean {
  FinalUuid final;
  std::uint64_t sequence = 0;
};
/// Leave; nothing is written.
struct Stop {
  Error why;
};

using Step =
    std::variant<Send, SendAnnouncement, Found, Restore, TakeUpdate, DropUpdate, Give, EndGiving,
                 Activate, ChangeView, StepDown, Apply, Dropped, Answer, StopClean, Stop>;

enum class Role : std::uint8_t { joining, starting, following, active, stopped };
[[nodiscard]] std::string_view to_string(Role role) noexcept;

/// How often an update is tried again when it failed though its donor is there.
inline constexpr unsigned max_update_retries = 2;

struct SessionOptions {
  GroupNode self;
  std::string address;
  std::size_t catch_up_bytes = std::size_t{256} << 20;
  std::function<Uuid()> new_id;
};

/// An update that a joiner takes.
struct Taking {
  GroupNode donor;
  Incarnation from;
  Uuid ticket;
  bool offered = false;
  bool copied = false;
  bool failed = false;
  unsigned retries = 0;
  std::uint64_t sequence = 0;  // of the offer
  std::uint64_t held = 0;
  std::uint64_t position = 0;                  // of the copy
  std::deque<std::vector<std::uint8_t>> kept;  // events since following began that came too early
  std::uint64_t first_kept = 0;                // the number of the first, once there is a base
  std::size_t kept_bytes = 0;
};

class Session {
 public:
  explicit Session(SessionOptions options) : options_(std::move(options)) {}

  /// What this member says of its store; again whenever the journal changed.
  void own_store(Announcement own, std::uint64_t held, const BodyHash& folded_digest);

  // What the group delivers.
  void view_changed(const GroupView& view);
  void delivered(GroupNode from, std::span<const std::uint8_t> bytes);

  // What was done.
  void founded() { prepare(); }
  void restored();
  /// The store now holds `held` events, durably.
  void updated(std::uint64_t held);
  void update_failed(const std::string& why);
  void activated();
  void applied(std::uint64_t n);
  /// The member goes: no more steps.
  void stop() { role_ = Role::stopped; }

  [[nodiscard]] std::vector<Step> take_steps();

  // What is known.
  [[nodiscard]] Role role() const noexcept { return role_; }
  [[nodiscard]] bool ready() const noexcept {
    return role_ == Role::active && activated_ && unstarted_.empty() && !suspended_;
  }
  [[nodiscard]] bool alone() const noexcept {
    return role_ == Role::active && !suspended_ && replica_->members().size() == 1 &&
           copies_needed() == 1;
  }
  /// A member of a view that has no quorum.
  [[nodiscard]] bool suspended() const noexcept { return role_ == Role::active && suspended_; }
  /// Why the view's members do not go on, where that is for want of a quorum; else empty.
  [[nodiscard]] std::string want_of_quorum() const;
  /// Of one that is suspended: who was in its last view that had a quorum, and is not here.
  [[nodiscard]] std::vector<MissingMember> missing() const;
  [[nodiscard]] const std::optional<Replica>& replica() const noexcept { return replica_; }
  [[nodiscard]] const Decision* decision() const noexcept {
    return decision_ ? &*decision_ : nullptr;
  }
  /// What the decision says of this member; null where there is none.
  [[nodiscard]] const MemberDecision* mine() const;
  [[nodiscard]] bool taking_update() const noexcept { return taking_.has_value(); }
  /// Nodes that have not announced themselves in this round, for people.
  [[nodiscard]] std::vector<std::string> silent() const;
  /// Nodes that were refused in this round, each with the reason.
  [[nodiscard]] std::vector<std::string> refused() const;
  [[nodiscard]] std::vector<Announcement> announced() const;
  [[nodiscard]] wire::Announce announcement() const;

 private:
  struct Peer {
    GroupNode node;
    std::string name;
    std::optional<wire::Announce> said;
    std::string refused;  // why; empty: not
    bool prepared = false;
    std::uint64_t events = 0;  // from it, delivered in this round
  };

  // session.cpp
  void act(Step step) { steps_.push_back(std::move(step)); }
  void fail(Error why);
  [[nodiscard]] Peer* peer(GroupNode node);
  [[nodiscard]] const Peer* peer(const Incarnation& incarnation) const;
  [[nodiscard]] std::vector<GroupNode> accepted() const;
  void refuse(Peer& peer, std::string why);
  void answer();

  // session_round.cpp: announcements, and what follows from them
  void begin_round(const Uuid& round);
  void heard(Peer& from, wire::Announce said);
  void decide_if_complete();
  void decide_round();
  [[nodiscard]] bool keep_own_cluster(std::vector<Announcement>& members);
  void count_what_came_since(std::vector<Announcement>& members) const;
  static void leave_out_too_many(std::vector<Announcement>& members);
  void assign_donors();
  [[nodiscard]] const Peer* kept_donor(const Peer& joiner) const;
  void obey();

  // session_quorum.cpp: who goes on, and who waits for a quorum
  void suspend_without_quorum(const View& before, std::uint64_t epoch);
  void tell_quorate_view(Announcement& member) const;
  void resume();
  [[nodiscard]] bool somebody_goes_on(std::vector<Announcement>& members);
  [[nodiscard]] bool settle_components(std::vector<Announcement>& members);
  void give_way();
  void start_anew(std::vector<Announcement>& members);
  void wait_for_quorum(const std::vector<Announcement>& members);
  [[nodiscard]] bool may_admit(QuorumPolicy joiner) const;

  // session_start.cpp: a cluster that none is active in
  void begin_start();
  void prepare();
  void heard(Peer& from, const wire::Prepared& message);
  void commit_if_complete();
  void commit();
  void heard(const Peer& from, const wire::Activated& message);

  // session_update.cpp: donor and joiner
  void take_from(GroupNode donor);
  void follow();
  void go_on_taking();
  void give(const Peer& joiner);
  void give_what_is_due();
  void end_giving(GroupNode joiner);
  void end_all_giving();
  void drop_update();
  void keep_event(std::vector<std::uint8_t> payload);
  void heard(Peer& from, const wire::Offer& message);
  void heard(Peer& from, const wire::Retry& message);
  void catch_up();
  void admit(const Peer& joiner);

  // session_cluster.cpp: the life of a cluster
  void lose_members();
  void forget_replica();
  [[nodiscard]] std::size_t copies_needed() const;
  void heard(Peer& from, wire::Event message);
  void heard(const Peer& from, const wire::Confirm& message);
  void heard(const Peer& from, const wire::Shutdown& message);
  void step_down();

  [[nodiscard]] bool in_this_round(const Uuid& round) const { return decided_ && round == round_; }
  [[nodiscard]] ReplicaMember member_of(const Peer& peer) const;

  SessionOptions options_;
  Announcement own_;
  std::uint64_t held_ = 0;
  BodyHash folded_digest_;
  std::vector<Step> steps_;

  // The round: one membership of the group.
  Uuid round_;
  Quorum quorum_ = Quorum::unknown;
  std::vector<Peer> peers_;
  std::optional<Decision> decision_;
  std::map<GroupNode, GroupNode> donors_;  // of each joiner that takes an update
  std::set<GroupNode> owed_;               // joiners that this member has yet to offer one
  std::set<GroupNode> starters_;           // until the start is committed
  std::optional<ViewId> cluster_;          // the view of the cluster that is active

  // Beyond a round.
  std::optional<Replica> replica_;  // while following or active
  std::optional<Taking> taking_;
  std::map<GroupNode, Uuid> giving_;  // tickets by joiner
  std::optional<ViewId> start_view_;  // of the start that made this member active
  std::set<GroupNode> unstarted_;     // who started with it and is not durably active
  std::uint64_t applied_ = 0;         // durable here
  std::uint64_t answered_ = 0;        // own clients were told up to here
  View quorate_view_;                 // of one that is suspended: the last that was not,
  std::uint64_t quorate_epoch_ = 0;   // and its number
  std::uint64_t seen_epoch_ = 0;      // the highest of a part that it has seen going on

  Role role_ = Role::joining;
  bool decided_ = false;        // in this round
  bool waits_ = false;          // nobody goes on in this round, for want of a quorum
  bool knows_quorum_ = false;   // some view has said whether it has one
  bool suspended_ = false;      // what replica_ follows
  bool was_suspended_ = false;  // when it stepped down, and has the same store since
  bool was_bound_ = false;      // the same
  bool restoring_ = false;
  bool restored_ = false;
  bool activated_ = false;  // durably
};

}  // namespace storemark::restart
