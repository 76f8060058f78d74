// SPDX-License-Identifier: Apache-2.0
#include "media/media_search.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <unordered_set>

#include "journal/codec.hpp"

namespace storemark::sim {
namespace {

using enum Op;

std::uint64_t block_of_slot(std::size_t slot) { return layout::slot_offset(slot) / block_bytes; }

std::vector<Op> then_events(std::vector<Op> ops, int events) {
  ops.insert(ops.end(), static_cast<std::size_t>(events), event);
  return ops;
}

/// Whole sessions, and the ops that one more may end with.
struct Path {
  std::vector<std::vector<Op>> sessions;
  std::vector<std::vector<Op>> next;
};

std::vector<Path> paths() {
  std::vector<Path> out{{{{found}}, {{activate}, {begin_update}}}};
  for (int events = 0; events <= 4; ++events) {
    std::vector<Op> active = then_events({found, activate}, events);
    std::vector<std::vector<Op>> next;
    for (const Op op : {event, view, clean}) {
      next.push_back(active);
      next.back().push_back(op);
    }
    out.push_back({{}, next});
    out.push_back({{active}, {{activate}, {activate, event}, {begin_update}}});
    active.push_back(clean);
    out.push_back({{active}, {{activate}, {activate, event}, {begin_update}}});
    active.back() = begin_update;
    if (events > 0) {
      active.erase(active.begin() + 1, active.end());  // an update of an empty store
      active.insert(active.end(), {begin_update, end_update, activate, event, clean, begin_update});
    }
    out.push_back({{active}, {{begin_update, end_update}}});
  }
  return out;
}

/// Another journal's record, newer than all, clean, in the right place.
Block foreign_block(std::size_t slot) {
  Record record;
  record.journal.bytes.fill(0xFE);
  record.member.bytes.fill(0xFD);
  record.generation = 1'000'000;
  record.state = StoreState::clean;
  record.final.bytes.fill(0xFC);
  record.floor = record.ceiling = 77;
  Block out;
  static_cast<void>(codec::encode(record, out));
  codec::seal(out, slot);
  return out;
}

struct Damage {
  std::string name;
  Block block;
};

/// All that can stand in the slot by a fault: kinds that differ in effect.
std::vector<Damage> damages(const Disk& disk, std::size_t slot) {
  const Block now = disk.visible_block(block_of_slot(slot));
  std::vector<Damage> out;
  Block rotten = now;
  rotten[3000] ^= std::byte{0x10};
  out.push_back({"rotten", rotten});
  out.push_back({"foreign", foreign_block(slot)});
  std::set<Block> known{now};
  for (const SharedBlock& past : disk.past_of(block_of_slot(slot))) {
    if (codec::decode(*past, slot).health != SlotHealth::current) continue;
    if (known.insert(*past).second) out.push_back({"an earlier record", *past});
  }
  for (std::size_t other = 0; other < slot_count; ++other) {
    if (other == slot) continue;
    const Block moved = disk.visible_block(block_of_slot(other));
    // Where the seal is another's, which other does not matter, but the record does.
    if (codec::decode(moved, slot).health != SlotHealth::misplaced) continue;
    const auto hash = codec::body_hash(moved);
    const bool seen = std::ranges::any_of(out, [&](const Damage& d) {
      return d.name == "misplaced" && codec::body_hash(d.block) == hash;
    });
    if (!seen) out.push_back({"misplaced", moved});
  }
  return out;
}

/// Calls visit(slots) for each choice of `count` of the six.
template <class Visit>
void each_subset(unsigned count, Visit visit) {
  for (unsigned mask = 0; mask < 1U << slot_count; ++mask) {
    if (static_cast<unsigned>(__builtin_popcount(mask)) != count) continue;
    std::vector<std::size_t> slots;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
      if ((mask >> slot & 1U) != 0) slots.push_back(slot);
    }
    visit(slots);
  }
}

class Searcher {
 public:
  Searcher(const Depth& depth, Search& into) : depth_(depth), random_(depth.seed), into_(into) {}

  void damage(const Ground& ground) {
    std::array<std::vector<Damage>, slot_count> kinds;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
      kinds.at(slot) = damages(ground.branch.scene.disk, slot);
      if (!depth_.only_earlier) continue;
      std::erase_if(kinds.at(slot), [](const Damage& d) { return d.name != "an earlier record"; });
    }
    each_subset(depth_.faults, [&](const std::vector<std::size_t>& slots) {
      std::vector<Choice> chosen;
      choose(ground, slots, kinds, chosen);
    });
  }

 private:
  struct Choice {
    std::size_t slot;
    const Damage* damage;
  };

  void choose(const Ground& ground, const std::vector<std::size_t>& slots,
              const std::array<std::vector<Damage>, slot_count>& kinds,
              std::vector<Choice>& chosen) {
    if (chosen.size() == slots.size()) {
      if (depth_.one_in != 1 && random_() % depth_.one_in != 0) return;
      Branch damaged = ground.branch;
      for (const Choice& choice : chosen) {
        damaged.scene.disk.put_block(block_of_slot(choice.slot), choice.damage->block);
        damaged.story += ", slot " + std::to_string(choice.slot) + " " + choice.damage->name;
      }
      judge(ground, damaged);
      return;
    }
    const std::size_t slot = slots[chosen.size()];
    for (const Damage& damage : kinds.at(slot)) {
      chosen.push_back({slot, &damage});
      choose(ground, slots, kinds, chosen);
      chosen.pop_back();
    }
  }

  void judge(const Ground& ground, const Branch& damaged) {
    answer(ground, damaged);
    if (!depth_.cut_healing) return;
    cut_everywhere(
        damaged, {}, [&](Branch cut) { answer(ground, cut); }, [](const Branch&, const Rig&) {});
  }

  /// Two opens: the second must say what the first said.
  void answer(const Ground& ground, const Branch& damaged) {
    ++into_.images;
    Branch now = damaged;
    std::optional<Verdict> before;
    for (int open = 0; open < 2; ++open) {
      Rig rig(now.scene);
      const bool opened = rig.open();
      std::vector<Violation> violations = rig.violations();
      if (opened) {
        const Verdict& verdict = rig.journal().verdict();
        if (before && (before->state != verdict.state || before->floor != verdict.floor)) {
          violations.push_back(Violation::regress);
        }
        if (verdict.certainty == Certainty::at_least && depth_.faults < 2 &&
            into_.doubt.faults == 0) {
          into_.doubt = {depth_.faults, now.story};
        }
        before = verdict;
      }
      into_.note(ground, depth_.faults, violations, now.story + " [" + rig.detail() + "]");
      if (!opened) return;
    }
  }

  const Depth& depth_;
  std::mt19937_64 random_;
  Search& into_;
};

}  // namespace

std::vector<Ground> grounds(Telling telling) {
  std::vector<Ground> out;
  std::unordered_set<std::string> seen;
  const auto add = [&](const Branch& branch, bool crashed) {
    if (!branch.scene.disk.has_journal()) return;
    if (!seen.insert(fingerprint(branch.scene)).second) return;
    out.push_back({branch, crashed});
  };
  const auto nothing = [](const Branch&, const Rig&) {};
  for (const Path& path : paths()) {
    Branch base;
    base.scene.telling = telling;
    for (const auto& session : path.sessions) base = play(base, session, nothing);
    add(base, false);
    for (const auto& ops : path.next) {
      add(play(base, ops, nothing), false);
      cut_everywhere(
          base, ops,
          [&](const Branch& cut) {
            // What was killed and not cut off has nothing torn: the cuts cover it.
            if (cut.scene.disk.pending_blocks() == 0) add(cut, true);
          },
          nothing);
    }
  }
  return out;
}

void Search::note(const Ground& ground, unsigned faults, const std::vector<Violation>& violations,
                  const std::string& story) {
  for (const Violation violation : violations) {
    Finding& finding =
        (ground.crashed ? after_crash : at_rest).at(static_cast<std::size_t>(violation));
    if (finding.faults == 0 || faults < finding.faults) finding = {faults, story};
  }
}

const Finding& Search::least(Violation violation) const {
  const Finding& rest = at_rest.at(static_cast<std::size_t>(violation));
  const Finding& crash = after_crash.at(static_cast<std::size_t>(violation));
  if (rest.faults == 0) return crash;
  return crash.faults == 0 || rest.faults <= crash.faults ? rest : crash;
}

void search(const std::vector<Ground>& on, const Depth& depth, Search& into) {
  Searcher searcher(depth, into);
  for (const Ground& ground : on) {
    if (!depth.only_at_rest || !ground.crashed) searcher.damage(ground);
  }
}

}  // namespace storemark::sim
