// SPDX-License-Identifier: Apache-2.0
// The rows of the table that are about whole commands.
#include <algorithm>
#include <array>
#include <set>

#include "journal/core.hpp"
#include "journal/open.hpp"
#include "media/media_search.hpp"

namespace storemark::sim {
namespace {

using enum Op;

struct CommandFault {
  const char* name;
  CallFault fault;
};

std::vector<CommandFault> command_faults() {
  const auto pair = static_cast<std::int64_t>(layout::pair_stride / block_bytes);
  std::vector<CommandFault> out{{"lost", {.kind = CallFault::Kind::lose}}};
  for (const std::int64_t by : {pair, -pair, 2 * pair, -2 * pair, std::int64_t{1}}) {
    out.push_back({"misdirected", {.kind = CallFault::Kind::misdirect, .target = by}});
    out.push_back({"duplicated", {.kind = CallFault::Kind::duplicate, .target = by}});
  }
  return out;
}

/// What happens between the faulty command and the crash.
struct Moment {
  const char* name;
  int events;
  bool read_back;
};
constexpr std::array<Moment, 4> moments{{{"then a crash", 0, false},
                                         {"its read-back, then a crash", 0, true},
                                         {"one event later a crash", 1, false},
                                         {"two events later a crash", 2, false}}};

/// Runs found, activate and `before` events, then one whose write meets the fault, then what the
/// moment says, then the cut of everything that is not flushed; then opens.
void run_one(const CommandFault& fault, int before, const Moment& moment, CommandRow& row) {
  Branch branch;
  {
    Rig rig(branch.scene);
    bool well = rig.open() && rig.run(found) && rig.run(activate);
    for (int i = 0; i < before && well; ++i) well = rig.run(event);
    if (!well) return;
    Disk& disk = branch.scene.disk;
    WritePermit& permit = rig.permit();
    // The event's reserve is one command, its sequence the next: the fault meets the second.
    const std::uint64_t n = branch.scene.oracle.held + 1;
    if (!permit.reserve(n)) return;
    branch.scene.oracle.held = n;
    const std::uint64_t at = disk.calls();
    const std::int64_t newest_end = static_cast<std::int64_t>(layout::file_bytes / block_bytes);
    if (fault.fault.target >= newest_end) return;
    disk.fault_at(at, fault.fault);
    if (!permit.write_sequence(n)) return;
    branch.scene.oracle.acked_floor = n;
    for (int i = 0; i < moment.events; ++i) {
      const std::uint64_t next = branch.scene.oracle.held + 1;
      if (!permit.reserve(next)) return;
      branch.scene.oracle.held = next;
      if (!permit.write_sequence(next)) return;
      branch.scene.oracle.acked_floor = next;
    }
    if (moment.read_back) CoreAccess::core(rig.journal()).read_back();
    disk.die();
  }
  branch.scene.disk.power_cut([](std::uint64_t, std::size_t) { return Fate::dropped; }, 9);
  Rig rig(branch.scene);
  rig.open();
  ++row.images;
  for (const Violation violation : rig.violations()) {
    if (std::ranges::find(row.reached, violation) == row.reached.end()) {
      row.reached.push_back(violation);
    }
  }
}

}  // namespace

std::vector<CommandRow> command_rows() {
  std::vector<CommandRow> rows;
  for (const CommandFault& fault : command_faults()) {
    for (const Moment& moment : moments) {
      auto row = std::ranges::find_if(rows, [&](const CommandRow& r) {
        return r.fault == fault.name && r.moment == moment.name;
      });
      if (row == rows.end()) {
        rows.push_back({fault.name, moment.name, {}, 0});
        row = rows.end() - 1;
      }
      for (int before = 0; before <= 6; ++before) run_one(fault, before, moment, *row);
    }
  }
  return rows;
}

}  // namespace storemark::sim
