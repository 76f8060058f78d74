// SPDX-License-Identifier: Apache-2.0
#include "simulator/settings.hpp"

namespace storemark::simulator {
namespace {

/// Now and then a kind of fault does not happen at all, or all the time.
std::uint64_t rate(Random& random, std::uint64_t usual) {
  switch (random.below(6)) {
    case 0:
      return 0;
    case 1:
      return usual / 4;
    case 2:
      return usual * 4;
    default:
      return usual;
  }
}

void choose_quorum(Random& random, Settings& out) {
  if (random.one_in(2)) return;
  out.votes = out.hosts;
  if (random.one_in(4)) out.quorum = QuorumPolicy::required;
  if (random.one_in(12)) out.quorum = QuorumPolicy::ignored;
  if (out.quorum == QuorumPolicy::ignored || out.kind == MemberKind::transient) return;
  if (random.one_in(2)) return;
  // All are members before anything is applied: so all know how many they are.
  out.wait_for = static_cast<std::uint32_t>(out.hosts);
  out.partition = random.between(100, 1500);
  if (random.one_in(2)) {
    out.hosts_vote = true;
    out.kill = random.between(100, 2000);
    out.disk_fault = out.slot_fault = out.lost_journal = out.clone = out.wrong_operator = 0;
    return;
  }
  out.partitions_only = true;
  out.kill = out.power_cut = out.blackout = out.disconnect = out.shut_down = out.leave = 0;
  out.disk_fault = out.slot_fault = out.lost_journal = out.clone = out.wrong_operator = 0;
  out.broker_error = out.update_error = 0;
  out.catch_up_bytes = 65536;
}

}  // namespace

Settings settings_for(Random& random) {
  Settings out;
  out.hosts = random.between(3, 7);
  out.wait_for =
      static_cast<std::uint32_t>(random.one_in(2) ? out.hosts : random.between(1, out.hosts));
  if (random.one_in(12)) out.kind = MemberKind::transient;
  if (random.one_in(2)) out.restore = RestorePolicy::latest;
  out.tells_sequence = !random.one_in(4);
  out.tells_tag = random.one_in(2);
  out.gives_snapshots = random.one_in(2);
  out.loses_buffers = random.one_in(2);
  out.disk.direct = random.one_in(2);
  out.disk.read_back_proves = !random.one_in(3);
  out.outbox = random.between(4, 32);
  out.catch_up_bytes = random.one_in(3) ? 64 : 65536;
  for (std::uint64_t* each :
       {&out.kill, &out.power_cut, &out.blackout, &out.partition, &out.disconnect, &out.shut_down,
        &out.leave, &out.disk_fault, &out.slot_fault, &out.lost_journal, &out.clone,
        &out.wrong_operator, &out.broker_error}) {
    *each = rate(random, *each);
  }
  choose_quorum(random, out);
  return out;
}

std::string to_string(const Settings& settings) {
  return std::to_string(settings.hosts) + " hosts, N " + std::to_string(settings.wait_for) + ", " +
         std::string(storemark::to_string(settings.kind)) + ", " +
         std::string(storemark::to_string(settings.restore)) +
         (settings.votes == 0 ? ""
                              : ", quorum " + std::string(storemark::to_string(settings.quorum))) +
         (settings.partitions_only ? ", partitions only" : "") +
         (settings.hosts_vote ? ", hosts vote" : "") +
         (settings.tells_sequence ? ", stores tell their sequence" : ", stores tell nothing") +
         (settings.tells_tag ? " and tag" : "") + (settings.loses_buffers ? ", lose buffers" : "");
}

}  // namespace storemark::simulator
