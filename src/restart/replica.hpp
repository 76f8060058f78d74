// SPDX-License-Identifier: Apache-2.0
// The cluster as one member follows it: its view, who is in it, and how many events it has counted.
// Pure; every member that follows the same messages has the same.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <storemark/group.hpp>
#include <storemark/restart.hpp>
#include <string>
#include <vector>

namespace storemark::restart {

/// The first view that says whether it has a quorum binds who waited for one to say so.
[[nodiscard]] constexpr QuorumPolicy after_seeing(QuorumPolicy policy, Quorum quorum) noexcept {
  const bool knows = quorum != Quorum::unknown;
  return knows && policy == QuorumPolicy::automatic ? QuorumPolicy::required : policy;
}
/// Whether whoever has this policy may go on in a view that has this quorum.
[[nodiscard]] constexpr bool permits(QuorumPolicy policy, Quorum quorum) noexcept {
  if (policy == QuorumPolicy::required) return quorum == Quorum::yes;
  return policy == QuorumPolicy::ignored || quorum != Quorum::no;
}

struct ReplicaMember {
  GroupNode node;
  MemberId id;
  Incarnation incarnation;
  std::string label;
  std::uint64_t confirmed = 0;  ///< the last event that it said it holds durably
};

class Replica {
 public:
  /// `before` is the view that these members come from; the first view of the start is derived from
  /// it and from who they are.
  [[nodiscard]] static Replica start(const InitialUuid& initial, const ViewId& before,
                                     std::vector<ReplicaMember> members,
                                     std::vector<HistoryEntry> history, const FoldedHistory& folded,
                                     std::uint64_t sequence);
  /// Follow a cluster that stands in this view, from an unknown sequence on: count what comes.
  [[nodiscard]] static Replica follow(const InitialUuid& initial, const ViewId& view,
                                      std::vector<ReplicaMember> members,
                                      std::vector<HistoryEntry> history,
                                      const FoldedHistory& folded);

  /// Where following began, the cluster had counted this many.
  void set_base(std::uint64_t base);
  [[nodiscard]] bool has_base() const noexcept { return has_base_; }

  /// One more event. Returns its number.
  std::uint64_t count() noexcept { return ++sequence_; }
  void confirm(GroupNode node, std::uint64_t n);
  /// A member of it has this policy; what the group knows of a quorum. The policy never softens.
  void heed(QuorumPolicy policy) noexcept;
  void heed(Quorum quorum) noexcept { heed(after_seeing(policy_, quorum)); }
  [[nodiscard]] QuorumPolicy policy() const noexcept { return policy_; }
  /// How many views there were; more with each.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }
  void set_epoch(std::uint64_t epoch) noexcept { epoch_ = epoch; }
  /// A quorum was required in the whole last view in which anything was applied.
  [[nodiscard]] bool is_bound() const noexcept;

  /// Those who are not among `present` are gone. True if that made a new view, false where nobody
  /// left, and where nobody is left.
  [[nodiscard]] bool keep(std::span<const GroupNode> present);
  /// A joiner has become a member: a new view.
  void admit(ReplicaMember member);

  [[nodiscard]] const InitialUuid& initial() const noexcept { return initial_; }
  [[nodiscard]] const std::vector<ReplicaMember>& members() const noexcept { return members_; }
  [[nodiscard]] const ReplicaMember* find(GroupNode node) const noexcept;
  [[nodiscard]] std::uint64_t sequence() const noexcept { return sequence_; }
  [[nodiscard]] const ViewId& view_id() const noexcept { return view_; }
  /// The present view, with what is known of its members; by id.
  [[nodiscard]] View view() const;
  /// Up to and with the present view; oldest first. As long as it was given, and what came since.
  [[nodiscard]] const std::vector<HistoryEntry>& history() const noexcept { return history_; }
  [[nodiscard]] const FoldedHistory& folded() const noexcept { return folded_; }
  /// The highest event that so many other members than `self` have confirmed; of none, or of more
  /// than there are: 0.
  [[nodiscard]] std::uint64_t confirmed_by_others(GroupNode self, std::size_t count) const;
  /// How many members the largest view had that it remembers.
  [[nodiscard]] std::size_t largest() const noexcept;

 private:
  void enter_new_view();
  /// A view in which nothing was applied is no part of a position.
  void drop_empty_views();

  InitialUuid initial_;
  ViewId view_;
  std::vector<ReplicaMember> members_;  // by member id
  std::vector<HistoryEntry> history_;
  FoldedHistory folded_;
  std::uint64_t sequence_ = 0;
  QuorumPolicy policy_ = QuorumPolicy::ignored;
  std::uint64_t epoch_ = 0;
  std::uint64_t bound_from_ = 0;  // where that became "required"
  bool has_base_ = true;
  std::size_t entered_ = 0;  // views at the end of history_ that count from where following began
};

}  // namespace storemark::restart
