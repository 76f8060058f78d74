// SPDX-License-Identifier: Apache-2.0
// How members of a cluster talk: ordered multicast and views. Two implementations: local_group.hpp,
// for one host, and Corosync for many. A broker that has a group of its own may implement this.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <storemark/error.hpp>
#include <storemark/ids.hpp>
#include <string>
#include <vector>

namespace storemark {

/// One connection to the group. Never given out twice while anybody of the group may remember it:
/// a process that leaves and comes again is another node.
struct GroupNode {
  std::uint64_t value = 0;
  auto operator<=>(const GroupNode&) const = default;
};

/// What the group knows of a quorum: whether the nodes of a view are the part of the cluster that
/// may go on. Unknown where no quorum is configured.
enum class Quorum : std::uint8_t { unknown, no, yes };

/// One membership of the group, seen alike by all its nodes.
struct GroupView {
  /// The same at all nodes of the view; never the id of another view that any of them has seen.
  Uuid id;
  std::vector<GroupNode> nodes;  ///< ascending
  /// For each node a word for people, for example "pid 4242"; as many as nodes.
  std::vector<std::string> names;
  Quorum quorum = Quorum::unknown;  ///< the same at all nodes of the view
};

/// What arrives, in the one order that all nodes of a view share.
class GroupListener {
 public:
  virtual ~GroupListener() = default;
  /// The membership is this from here on. The first call names the node itself among the nodes.
  virtual void view_changed(const GroupView& view) = 0;
  /// A message, also one's own. The bytes are the caller's after the return. A node in the view
  /// sent it; it may have been sent in an earlier view.
  virtual void delivered(GroupNode from, std::span<const std::uint8_t> message) = 0;
};

/// A place in a group, joined already.
///
/// Order: all nodes that stay together see the same messages and views in the same order. What a
/// node has sent arrives in the order in which it was sent, or not at all after the node has gone.
/// What a node that has gone delivered is the beginning of what those who stay deliver. Of nodes
/// that are cut off from each other: what one was given in a view is the beginning of what any
/// other of that view was, up to the view in which they part. Positions are counted, and would be
/// ambiguous without; a group with less (extended virtual synchrony allows holes) must hold back
/// what is not known to be everywhere.
/// Threads: multicast() may be called from any thread; all else from one thread at a time.
class Group {
 public:
  Group() = default;
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;
  /// Leaves without a word: the others see the node die.
  virtual ~Group() = default;

  [[nodiscard]] virtual GroupNode self() const noexcept = 0;
  /// The longest message that multicast() takes, in bytes.
  [[nodiscard]] virtual std::size_t max_message() const noexcept = 0;
  /// Readable (poll's POLLIN) when dispatch() has something to do, or a full queue has room again.
  /// Stays the same, and the group's.
  [[nodiscard]] virtual int descriptor() const noexcept = 0;

  /// Queues a message for all nodes, the sender among them. Effect: none when it returns false: the
  /// queue is full; wait for descriptor(), dispatch, try again. Never waits. Errors:
  /// message_too_long, group_lost, used_after_fork.
  [[nodiscard]] virtual Result<bool> multicast(std::span<const std::uint8_t> message) = 0;

  /// Hands `listener` what has arrived, at most `limit` items; never waits. It may call
  /// multicast(), not dispatch() or leave(). Returns how many there were. Errors: group_lost: the
  /// connection is gone, this node is out, and every later call says so; used_after_fork.
  [[nodiscard]] virtual Result<std::size_t> dispatch(GroupListener& listener,
                                                     std::size_t limit) = 0;

  /// Sends what is queued and goes; on return no more is delivered here. Waits for the group to
  /// take it, at most `patience_ms`. Errors: group_lost (gone already, or not taken in time).
  [[nodiscard]] virtual Result<void> leave(int patience_ms) = 0;
};

}  // namespace storemark
