// SPDX-License-Identifier: Apache-2.0
// A group on one host, over Unix-domain sockets: for development, tests and brokers that share one
// machine. Not for several machines: a path on a network filesystem is refused.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
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
};

/// Joins, as the first or to those who are there. Returns when the node is in a view; dispatch()
/// gives it. Waits at most `patience_ms` for the hub. A node of another user is refused, and
/// refuses: peer credentials are checked in both directions. Errors: invalid_argument,
/// directory_missing, no_permission, group_refused (another user, a network filesystem, another
/// protocol), group_lost, io_failed, no_space.
[[nodiscard]] Result<std::unique_ptr<Group>> join_local_group(const LocalGroupOptions& options,
                                                              int patience_ms = 10'000);

}  // namespace storemark
