// SPDX-License-Identifier: Apache-2.0
// A group on one host, over Unix-domain sockets: for development, tests and brokers that share one
// machine. Not for several machines: a path on a network filesystem is refused (FUSE does not say
// whether it is one). src/group/local/PROTOCOL.md has the protocol, and why it is right.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <storemark/group.hpp>

namespace storemark {

struct LocalGroupOptions {
  /// Where the group meets: a directory, made (mode 0700) if it is missing; its parent must exist.
  /// Everyone who names the same directory is in the same group.
  std::filesystem::path directory;
  /// What waits to be sent by one node, and what waits to be taken by one node, in bytes. A sender
  /// with a full queue is told so; while a receiver has a full queue nobody's message is accepted.
  std::size_t queue_bytes = std::size_t{8} << 20;
  /// A word for people; at most 64 bytes.
  std::string name;
  /// Where this process leads the group: told of each connection that was refused, by process id,
  /// and why. For logs. Called on the group's thread; it must not call the group, nor throw.
  std::function<void(const std::string& refusal)> notice = nullptr;
  /// Ends a join that waits, at once. Of no use once it has returned.
  std::stop_token stop{};
};

/// A node's death, by whatever means, is seen when its connection ends; where it was the hub
/// another takes its place. All that any node has delivered is delivered by every node that stays,
/// also then; what a node that died had delivered is the beginning of it.
///
/// A node that lives and does not run (stopped, or in a debugger), or does not dispatch, is waited
/// for, in bounded memory, however long: no clock puts it out. Kill it to go on without it.
/// Signals: none lands on the group's thread, and SIGPIPE is never raised. A child of fork() keeps
/// none of the group's descriptors (one made by a bare clone() does). At most 256 nodes.
///
/// Joins, as the first or to those who are there. Returns when the node is in a view; dispatch()
/// gives it. Waits at most `patience_ms` for the hub. A node of another user is refused, and
/// refuses: peer credentials are checked in both directions. Errors: invalid_argument,
/// directory_missing, no_permission, read_only_filesystem, group_refused (another user, a directory
/// that others may write, a network filesystem, another protocol), group_lost (not within
/// `patience_ms`), cancelled (options.stop), file_replaced, io_failed, no_space.
[[nodiscard]] Result<std::unique_ptr<Group>> join_local_group(const LocalGroupOptions& options,
                                                              int patience_ms = 10'000);

}  // namespace storemark
