// SPDX-License-Identifier: Apache-2.0
// What one simulated cluster is like: who is in it, what its stores can tell, what goes wrong how
// often. All of it follows from the seed.
#pragma once

#include <storemark/restart.hpp>
#include <string>

#include "simulator/random.hpp"
#include "support/sim_disk.hpp"

namespace storemark::simulator {

struct Settings {
  std::size_t hosts = 3;
  std::uint32_t wait_for = 1;
  MemberKind kind = MemberKind::persistent;
  RestorePolicy restore = RestorePolicy::manual;
  std::size_t votes = 0;  ///< configured, one for each host; 0: no quorum is known
  /// Whether a broker runs there or not, as Corosync's daemons do. All are of one cluster, and
  /// their disks do not fail: what was answered must be in whatever resumes.
  bool hosts_vote = false;
  QuorumPolicy quorum = QuorumPolicy::automatic;
  /// The network alone fails: then no member is refused, no operator is needed, and nothing that
  /// was answered is given up.
  bool partitions_only = false;
  bool tells_sequence = true;    ///< the store says what it holds
  bool tells_tag = false;        ///< and its digest
  bool gives_snapshots = false;  ///< a donor's copy is of the moment in which it was offered
  bool loses_buffers = false;    ///< what is not synced may go with the process
  sim::DiskMode disk;
  std::size_t outbox = 16;
  std::size_t catch_up_bytes = 4096;

  // One in so many steps; 0: never.
  std::uint64_t kill = 400;
  std::uint64_t power_cut = 800;
  std::uint64_t blackout = 4000;  ///< the power of all
  std::uint64_t partition = 1500;
  std::uint64_t disconnect = 3000;
  std::uint64_t shut_down = 3000;
  std::uint64_t leave = 2500;
  std::uint64_t disk_fault = 1500;
  std::uint64_t slot_fault = 3000;
  std::uint64_t lost_journal = 20000;
  std::uint64_t clone = 5000;
  std::uint64_t wrong_operator = 1500;
  std::uint64_t broker_error = 3000;  ///< of calls
  std::uint64_t update_error = 6;     ///< of updates
};

/// A part without a quorum does nothing.
[[nodiscard]] inline bool obeys_quorum(const Settings& settings) {
  return settings.votes != 0 && settings.quorum != QuorumPolicy::ignored;
}

[[nodiscard]] Settings settings_for(Random& random);
[[nodiscard]] std::string to_string(const Settings& settings);

}  // namespace storemark::simulator
