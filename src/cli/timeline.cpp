// SPDX-License-Identifier: Apache-2.0
#include "cli/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

const Verdict& verdict_of(const Store& store) { return store.seen->verdict; }

/// A moment, and what it is ordered by.
struct Placed {
  std::uint64_t sequence = 0;
  unsigned depth = 0;
  std::size_t turn = 0;  ///< among those of one store
  Moment moment;
};

std::string state_text(const Record& record) {
  std::string out(to_string(record.state));
  if (record.marked) out += ", marked by an operator";
  if (record.discard) out += ", given up by an operator";
  if (record.adopted) out += ", adopted";
  if (record.sole) out += ", sole";
  return out;
}

/// Every different record of a store that can still be read, by generation.
std::vector<const Record*> records_of(const Store& store) {
  std::vector<const Record*> out;
  const auto add = [&](const SlotReport& report) {
    const bool own = report.health == SlotHealth::current || report.health == SlotHealth::older ||
                     report.health == SlotHealth::misplaced;
    if (!own || !report.record) return;
    const auto same = [&](const Record* other) { return *other == *report.record; };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back(&*report.record);
  };
  for (const SlotReport& slot : store.seen->slots) add(slot);
  for (const SlotReport& anchor : store.seen->anchors) add(anchor);
  std::stable_sort(out.begin(), out.end(),
                   [](const Record* a, const Record* b) { return a->generation < b->generation; });
  return out;
}

class Teller {
 public:
  explicit Teller(const std::vector<Store>& stores) : stores_(stores) {
    out_.tree = view_tree(stores);
  }

  Timeline tell() {
    for (NodeIndex i = 0; i < out_.tree.nodes.size(); ++i) tell_view(i);
    for (const Fork& fork : out_.tree.forks) tell_fork(fork);
    for (StoreIndex i = 0; i < stores_.size(); ++i) tell_store(i);
    std::stable_sort(placed_.begin(), placed_.end(),
                     [this](const Placed& a, const Placed& b) { return key_of(a) < key_of(b); });
    for (Placed& placed : placed_) out_.moments.push_back(std::move(placed.moment));
    out_.remarks.insert(out_.remarks.end(), out_.tree.contradictions.begin(),
                        out_.tree.contradictions.end());
    return std::move(out_);
  }

 private:
  std::tuple<InitialUuid, std::uint64_t, unsigned, int, std::size_t> key_of(const Placed& p) const {
    return {out_.tree.nodes[p.moment.node].cluster, p.sequence, p.depth, rank_of(p.moment), p.turn};
  }

  /// Among those at one sequence of one view.
  int rank_of(const Moment& moment) const {
    if (moment.kind == MomentKind::view) return goes_on(moment.node) ? 1 : 0;
    return moment.kind == MomentKind::fork ? 3 : 2;
  }

  /// In the lane of the view before it: those that leave that lane have left by then.
  bool goes_on(NodeIndex i) const {
    const ViewNode& node = out_.tree.nodes[i];
    return node.parent && !node.idle && out_.tree.nodes[*node.parent].lane == node.lane;
  }

  void place(Moment moment, std::uint64_t sequence, std::size_t turn = 0) {
    const unsigned depth = out_.tree.nodes[moment.node].depth;
    placed_.push_back({sequence, depth, turn, std::move(moment)});
  }

  void tell_view(NodeIndex i) {
    const ViewNode& node = out_.tree.nodes[i];
    Moment moment{MomentKind::view, i, node.stores, node.from, node.from, 0, "-", {}};
    if (node.view.is_nil()) {
      moment.text = "tells of no views: nobody knows where its numbers began";
    } else {
      moment.text =
          fmt::format("view {} begins, {}", short_id(node.view), counted(node.members, "member"));
      if (!node.labels.empty()) moment.text += ": " + listed(node.labels);
      if (node.idle) moment.text += ", and nothing was applied in it";
    }
    // A parent stands before its child, whatever the numbers of a hostile history say.
    std::uint64_t sequence = node.from;
    if (node.parent) sequence = std::max(sequence, began_.at(*node.parent));
    began_.push_back(sequence);
    place(std::move(moment), sequence);
  }

  void tell_fork(const Fork& fork) {
    const auto& nodes = out_.tree.nodes;
    const auto at = std::find_if(nodes.begin(), nodes.end(), [&](const ViewNode& node) {
      return node.view == fork.view && !node.stores.empty();
    });
    if (at == nodes.end()) return;
    std::vector<std::string> sides;
    std::vector<StoreIndex> all;
    for (const auto& side : fork.sides) {
      std::vector<std::string> names;
      names.reserve(side.size());
      for (const StoreIndex store : side) names.push_back(stores_[store].name);
      sides.push_back(listed(names));
      all.insert(all.end(), side.begin(), side.end());
    }
    Moment moment{MomentKind::fork,
                  static_cast<NodeIndex>(at - nodes.begin()),
                  all,
                  fork.sequence,
                  fork.sequence,
                  0,
                  "-",
                  {}};
    moment.text = fmt::format("{}: {}", fork_text(fork), fmt::join(sides, " | "));
    place(std::move(moment), fork.sequence);
  }

  /// The records and words of one store, which its generations order; a number that goes down (an
  /// undo) does not turn time around.
  void tell_store(StoreIndex i) {
    const Store& store = stores_[i];
    if (!store.seen || !verdict_of(store).record) {
      out_.remarks.push_back(fmt::format("{} is {}: nothing is known of its past",
                                         printable(store.name), state_word(store)));
      return;
    }
    std::vector<Moment> own;
    tell_words(i, own);
    for (const Record* record : records_of(store)) tell_record(i, *record, own);
    std::stable_sort(own.begin(), own.end(),
                     [](const Moment& a, const Moment& b) { return a.generation < b.generation; });
    std::uint64_t sequence = 0;
    unsigned depth = 0;
    for (Moment& moment : own) {
      sequence = std::max({sequence, moment.sequence, began_.at(moment.node)});
      depth = std::max(depth, out_.tree.nodes[moment.node].depth);
      placed_.push_back({sequence, depth, placed_.size(), std::move(moment)});
    }
    tell_here(i, sequence, depth);
    const Record& record = *verdict_of(store).record;
    if (record.folded > 0) {
      out_.remarks.push_back(
          fmt::format("{} no longer names {} before view {}", printable(store.name),
                      counted(record.folded, "view"),
                      record.history.empty() ? "-" : short_id(record.history.front().view)));
    }
  }

  void tell_record(StoreIndex i, const Record& record, std::vector<Moment>& own) {
    const auto node = node_of(out_.tree, i, record);
    if (!node) return;
    Moment moment{
        MomentKind::record,         *node, {i}, record.floor, record.ceiling, record.generation,
        rfc3339(record.wall_clock), {}};
    moment.text = fmt::format("{}, generation {}", state_text(record), record.generation);
    if (!record.reason.empty()) moment.text += fmt::format(" (\"{}\")", record.reason);
    own.push_back(std::move(moment));
  }

  void tell_words(StoreIndex i, std::vector<Moment>& own) {
    if (!stores_[i].audit) return;
    const AuditLog log = parse_audit(*stores_[i].audit);
    if (log.unreadable > 0) {
      out_.remarks.push_back(fmt::format("of {}'s audit log, {} cannot be read",
                                         printable(stores_[i].name),
                                         counted(log.unreadable, "line")));
    }
    std::size_t of_this_journal = 0;  // a journal made anew counts from one again
    for (std::size_t n = 1; n < log.entries.size(); ++n) {
      if (log.entries[n].generation < log.entries[n - 1].generation) of_this_journal = n;
    }
    for (std::size_t n = 0; n < log.entries.size(); ++n) {
      const AuditEntry& entry = log.entries[n];
      const auto node = node_at(out_.tree, i, entry.sequence);
      if (!node) continue;
      Moment moment{MomentKind::word, *node, {i},        entry.sequence,
                    entry.sequence,   0,     entry.when, {}};
      moment.generation = n < of_this_journal ? 0 : entry.generation;
      moment.text = fmt::format("{} by {}", entry.word, entry.who);
      if (!entry.reason.empty()) moment.text += fmt::format(": \"{}\"", entry.reason);
      own.push_back(std::move(moment));
    }
  }

  void tell_here(StoreIndex i, std::uint64_t sequence, unsigned depth) {
    const Store& store = stores_[i];
    const Verdict& verdict = verdict_of(store);
    const NodeIndex node = out_.tree.paths[i].back();
    Moment moment{MomentKind::here,
                  node,
                  {i},
                  verdict.floor,
                  verdict.ceiling,
                  verdict.record->generation,
                  rfc3339(verdict.record->wall_clock),
                  {}};
    moment.text = fmt::format("is here: {}, {}{}", state_word(store), sequence_text(verdict),
                              store.seen->in_use ? ", in use" : "");
    placed_.push_back({std::max({sequence, verdict.floor, began_.at(node)}),
                       std::max(depth, out_.tree.nodes[node].depth), placed_.size(),
                       std::move(moment)});
  }

  const std::vector<Store>& stores_;
  Timeline out_;
  std::vector<Placed> placed_;
  std::vector<std::uint64_t> began_;  ///< by node
};

}  // namespace

std::string common_directory(const std::vector<Store>& stores) {
  constexpr std::size_t short_enough = 12;
  if (stores.size() < 2) return {};
  std::string out = stores.front().name;
  for (const Store& store : stores) {
    const auto differ = std::mismatch(out.begin(), out.end(), store.name.begin(), store.name.end());
    out.erase(differ.first, out.end());
    // Never the whole of a name.
    if (out.size() == store.name.size() && !out.empty()) out.pop_back();
  }
  out.erase(out.find_last_of('/') + 1);
  return out.size() > short_enough ? out : std::string();
}

std::string fork_text(const Fork& fork) {
  return fmt::format("split: the same until {} of view {}, then apart", fork.sequence,
                     short_id(fork.view));
}

std::string_view to_string(MomentKind kind) noexcept {
  switch (kind) {
    case MomentKind::view:
      return "view";
    case MomentKind::fork:
      return "fork";
    case MomentKind::record:
      return "record";
    case MomentKind::word:
      return "word";
    case MomentKind::here:
      break;
  }
  return "here";
}

Timeline timeline(const std::vector<Store>& stores) { return Teller(stores).tell(); }

}  // namespace storemark::cli
