// SPDX-License-Identifier: Apache-2.0
// A group on many machines, over Corosync's closed process groups, with its quorum. Part of the
// component storemark::corosync. src/group/corosync/PROTOCOL.md has the protocol, and why it is
// right.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <storemark/group.hpp>
#include <string>

namespace storemark {

struct CorosyncGroupOptions {
  /// Everyone who names the same group of the same Corosync cluster is in the same group: two
  /// clusters of brokers need two names. 1 to 127 bytes.
  std::string group = "storemark";
  /// A word for people; at most 64 bytes of UTF-8.
  std::string name;
  /// What waits to be sent by this node or is under way, and what waits to be taken by it, in
  /// bytes.
  std::size_t queue_bytes = std::size_t{8} << 20;
  /// How long the others wait for a process that is in the group and takes no part: a foreign one,
  /// one that is stopped, one that does not dispatch. Then they go on without it. Twice as long for
  /// one that stops while it takes part in a change. Time in which this node or its daemon was
  /// stopped does not count. At least 1.
  int patience_ms = 10'000;
  /// Told of each foreign process whose messages were dropped, and of each that was left out, and
  /// why. For logs. Called on the group's thread; it must not call the group, nor throw.
  std::function<void(const std::string& notice)> notice = nullptr;
  /// Ends a join that waits, at once. Of no use once it has returned.
  std::stop_token stop{};
};

/// Corosync must run on this host, and let this user in: /etc/corosync/uidgid.d/storemark. A view's
/// quorum is what votequorum says; unknown where corosync.conf configures none.
///
/// Where the daemon ends or is restarted the group is lost (group_lost): join anew, as another
/// node. While it is stopped nothing arrives and nothing goes, and no call here waits for it. While
/// this process is stopped its daemon keeps what arrives for it, without a bound; so it does,
/// beyond queue_bytes, while this node does not dispatch.
/// Signals: none lands on the group's thread. A child of fork() keeps none of the group's
/// descriptors (one made by a bare clone(), or in the middle of a join, does). Destroying the group
/// takes no more than half a second; its thread may outlive it where the daemon is stopped.
///
/// Joins. Returns when the node is in a view; dispatch() gives it. Waits at most `patience_ms` for
/// the daemon and the group: the daemon may be starting. Errors: invalid_argument, no_permission
/// (says what to write where), group_refused (another version of the protocol), group_lost (not
/// within `patience_ms`), cancelled (options.stop), io_failed.
[[nodiscard]] Result<std::unique_ptr<Group>> join_corosync_group(
    const CorosyncGroupOptions& options, int patience_ms = 30'000);

}  // namespace storemark
