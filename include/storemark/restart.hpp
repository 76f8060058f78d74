// SPDX-License-Identifier: Apache-2.0
// Who restores from its own store, who takes an update, who must wait: the decision that every
// member of a cluster, and the offline tool, makes alike from what the members announce. Values and
// pure functions; the rules are explained in src/restart/RULES.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <storemark/examine.hpp>
#include <storemark/record.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace storemark {

enum class MemberKind : std::uint8_t { persistent, transient };
/// What the operator lets a cluster without a clean store do by itself.
enum class RestorePolicy : std::uint8_t {
  manual,  ///< nothing: an operator chooses
  latest,  ///< restore from the latest store, where it is proven to be
};
enum class FoundPolicy : std::uint8_t {
  allowed,  ///< stores that all hold nothing found a new cluster
  never,    ///< they do not: a volume may not be mounted
};
/// What a part of a cluster does that is cut off from others. The strictest of its members counts,
/// also after that one has gone, until the whole cluster is started anew.
enum class QuorumPolicy : std::uint8_t {
  ignored,    ///< goes on, quorum or not
  automatic,  ///< needs a quorum from the first view on that says whether it has one
  required,   ///< needs one always: where none is configured, nobody goes on
};
[[nodiscard]] std::string_view to_string(MemberKind kind) noexcept;
[[nodiscard]] std::string_view to_string(RestorePolicy policy) noexcept;
[[nodiscard]] std::string_view to_string(FoundPolicy policy) noexcept;
[[nodiscard]] std::string_view to_string(QuorumPolicy policy) noexcept;

/// What one member says of itself. A plain value.
struct Announcement {
  MemberId id;
  std::string label;  ///< for people
  Incarnation incarnation;
  MemberKind kind = MemberKind::persistent;
  bool active = false;                     ///< it has restored, and takes part
  StoreState state = StoreState::none;     ///< as the journal's verdict says
  Diagnosis diagnosis = Diagnosis::none;   ///< lost, hollow, damaged or future: rule R14
  Certainty certainty = Certainty::exact;  ///< of floor and ceiling
  InitialUuid initial;                     ///< nil: none yet
  FinalUuid final;                         ///< nil unless clean
  std::uint64_t floor = 0;                 ///< the store holds at least this,
  std::uint64_t ceiling = 0;               ///< and at most this
  std::vector<HistoryEntry> history;       ///< oldest first
  std::uint32_t folded = 0;                ///< how many older views are forgotten
  View view;                               ///< the last one
  bool sole = false;                       ///< it was the last of a shrinking cluster
  bool marked = false;                     ///< clean by an operator's word
  bool discard = false;                    ///< given up by an operator
  std::vector<Compared> compared;          ///< what the mark was compared with
  std::uint32_t wait_for = 1;              ///< its N; 0 counts as 1
  RestorePolicy restore = RestorePolicy::manual;
  FoundPolicy found = FoundPolicy::allowed;
  QuorumPolicy quorum = QuorumPolicy::automatic;
  /// It ran without a quorum when it was last asked, and has applied nothing since it lost it.
  bool suspended = false;
  /// Of such a one: it obeyed the quorum in the whole last view in which it applied anything.
  bool bound = false;
  /// Counts the views of its cluster while that is active; of one that is suspended, up to the last
  /// that had a quorum.
  std::uint64_t epoch = 0;
  InitialUuid proposal;  ///< for a cluster that is to be founded
};

/// What a store says of itself by its journal: all of an announcement that is no configuration. A
/// journal that is absent is announced as lost, a foreign one as damaged: the caller knows where
/// there is no store either.
[[nodiscard]] Announcement announce(const Verdict& verdict);

// --- where a store stands
// -------------------------------------------------------------------------

/// How the position of one store lies to that of another.
enum class Relation : std::uint8_t {
  equal,     ///< the same events
  ancestor,  ///< the other holds all that this one holds, and more
  ahead,     ///< it holds, or may hold, more than the other
  diverged,  ///< each holds what the other does not
  unknown,   ///< the histories are too short to tell
};
[[nodiscard]] std::string_view to_string(Relation relation) noexcept;

struct Comparison {
  Relation relation = Relation::unknown;
  /// Of an ancestor: its ceiling too is within the other, so that nothing can be lost.
  bool proven = false;
  /// Of one that is not proven or ahead: how many events it may hold that the other has not.
  std::uint64_t beyond = 0;
  /// Its sequence is a lower bound: it may hold more than any number here says.
  bool unbounded = false;
  /// Where they parted, if they did: the last view that both lived through, and up to where.
  ViewId fork_view;
  std::uint64_t fork_sequence = 0;
};

/// How `a` lies to `b`. Total; takes time in the product of their histories.
[[nodiscard]] Comparison compare(const Announcement& a, const Announcement& b);

/// The view that every member derives alike for a membership change: from the view before and the
/// incarnations now in it, in whatever order.
[[nodiscard]] ViewId derive_view(const ViewId& before, std::span<const Incarnation> incarnations);

// --- the decision
// ---------------------------------------------------------------------------------

enum class Rule : std::uint8_t {
  none,
  r1,
  r2,
  r3,
  r4,
  r5,
  r6,
  r7,
  r8,
  r9,
  r10,
  r11,
  r12,
  r13,
  r14
};
/// "R10"; "-" for none.
[[nodiscard]] std::string_view to_string(Rule rule) noexcept;

enum class Action : std::uint8_t {
  restore,   ///< from its own store
  found,     ///< record the new cluster's initial UUID, then activate
  update,    ///< take the store of the donor
  activate,  ///< a transient member: nothing to restore
  stay,      ///< it is active already
  wait,      ///< for members, or for an operator
  refuse,    ///< it may not join
};
[[nodiscard]] std::string_view to_string(Action action) noexcept;

enum class Outcome : std::uint8_t { start, wait, needs_operator, conflict, damaged };
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

struct MemberDecision {
  MemberId id;
  Incarnation incarnation;
  std::string label;
  Action action = Action::wait;
  std::optional<MemberId> donor;
  Rule rule = Rule::none;
  std::string evidence;  ///< one sentence without a full stop
};

/// A member of the newest last view that is not here.
struct MissingMember {
  MemberId id;
  std::string label;
  std::uint64_t sequence = 0;  ///< the last that is known of it
};

/// Events that the decision gives up.
struct Loss {
  MemberId id;             ///< whose store has them
  std::uint64_t from = 0;  ///< the first
  std::uint64_t to = 0;    ///< the last that it may hold
  bool certain = false;    ///< it surely holds some of them
  bool unbounded = false;  ///< and it may hold more: its sequence is a lower bound
};

struct Decision {
  Outcome outcome = Outcome::wait;
  Rule rule = Rule::none;
  std::string why;                      ///< the whole in one sentence
  InitialUuid initial;                  ///< of the cluster that starts; nil where none does
  std::vector<MemberDecision> members;  ///< by id
  std::vector<MissingMember> missing;
  std::vector<Loss> loses;
  unsigned present = 0;   ///< members that count towards N
  unsigned wait_for = 1;  ///< the largest N
};

/// Decides. Pure and total: the same members in any order get the same answer.
[[nodiscard]] Decision decide(std::span<const Announcement> members);

}  // namespace storemark
