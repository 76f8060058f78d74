// SPDX-License-Identifier: Apache-2.0
#include "cli/view_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "cli/announce.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

const Record& record_of(const Store& store) { return *store.seen->verdict.record; }
bool has_record(const Store& store) { return store.seen && store.seen->verdict.record; }

/// Puts the histories into nodes, each view of a cluster once.
class Grower {
 public:
  explicit Grower(ViewTree& tree) : tree_(tree) {}

  void add(const Store& store, StoreIndex index) {
    const Record& record = record_of(store);
    std::vector<NodeIndex>& path = tree_.paths[index];
    for (const HistoryEntry& entry : record.history) {
      const NodeIndex node = node_for(record.initial, entry);
      if (!path.empty()) set_parent(node, path.back(), store);
      note_from(tree_.nodes[node], entry, store);
      if (std::find(path.begin(), path.end(), node) != path.end()) continue;
      tree_.nodes[node].stores.push_back(index);
      path.push_back(node);
    }
    if (!path.empty()) return;
    // It tells of no views: a line of its own, of which nobody knows where it belongs.
    tree_.nodes.push_back({record.initial, ViewId{}, 0, 0, {}, {}, 0, 0, {index}});
    path.push_back(tree_.nodes.size() - 1);
  }

 private:
  NodeIndex node_for(const InitialUuid& cluster, const HistoryEntry& entry) {
    const auto [at, fresh] = by_view_.try_emplace({cluster, entry.view}, tree_.nodes.size());
    if (fresh) {
      tree_.nodes.push_back({cluster, entry.view, entry.from, entry.members, {}, {}, 0, 0, {}});
    }
    return at->second;
  }

  void set_parent(NodeIndex node, NodeIndex parent, const Store& store) {
    std::optional<NodeIndex>& known = tree_.nodes[node].parent;
    if (known == parent || parent == node) return;
    if (known || comes_before(node, parent)) {
      contradict(store, tree_.nodes[node].view, "tells of another view before");
      return;
    }
    known = parent;
  }

  /// Whether `node` is `other`, or one of the views before it.
  bool comes_before(NodeIndex node, NodeIndex other) const {
    for (std::optional<NodeIndex> at = other; at; at = tree_.nodes[*at].parent) {
      if (*at == node) return true;
    }
    return false;
  }

  void note_from(ViewNode& node, const HistoryEntry& entry, const Store& store) {
    if (node.from != entry.from) contradict(store, node.view, "has another beginning for");
  }

  void contradict(const Store& store, const ViewId& view, std::string_view how) {
    tree_.contradictions.push_back(
        fmt::format("{} {} view {} than the others: one of them is wrong", printable(store.name),
                    how, short_id(view)));
  }

  ViewTree& tree_;
  std::map<std::pair<InitialUuid, ViewId>, NodeIndex> by_view_;
};

/// Parents first. The order among others stays.
void sort_nodes(ViewTree& tree) {
  for (ViewNode& node : tree.nodes) {
    for (auto at = node.parent; at; at = tree.nodes[*at].parent) ++node.depth;
  }
  std::vector<NodeIndex> order(tree.nodes.size());
  std::iota(order.begin(), order.end(), NodeIndex{0});
  std::stable_sort(order.begin(), order.end(), [&](NodeIndex a, NodeIndex b) {
    return tree.nodes[a].depth < tree.nodes[b].depth;
  });
  std::vector<NodeIndex> now(order.size());
  for (NodeIndex i = 0; i < order.size(); ++i) now[order[i]] = i;
  std::vector<ViewNode> sorted;
  sorted.reserve(order.size());
  for (const NodeIndex i : order) sorted.push_back(std::move(tree.nodes[i]));
  for (ViewNode& node : sorted) {
    if (node.parent) node.parent = now[*node.parent];
  }
  for (auto& path : tree.paths) {
    for (NodeIndex& node : path) node = now[node];
  }
  tree.nodes = std::move(sorted);
}

/// As the rules count: how many of its views a store was in without those at the end in which
/// nothing was applied; of a lower bound nobody knows.
std::size_t views_that_count(const ViewTree& tree, const std::vector<Store>& stores,
                             StoreIndex store) {
  const std::vector<NodeIndex>& path = tree.paths[store];
  if (path.empty() || stores[store].seen->verdict.certainty == Certainty::at_least) {
    return path.size();
  }
  std::size_t out = path.size();
  const std::uint64_t ceiling = stores[store].seen->verdict.ceiling;
  while (out > 1 && tree.nodes[path[out - 1]].from >= ceiling) --out;
  return out;
}

/// Those in which some store applied something, or in a view after them, are not idle.
void find_idle(ViewTree& tree, const std::vector<Store>& stores) {
  for (ViewNode& node : tree.nodes) node.idle = true;
  for (StoreIndex store = 0; store < stores.size(); ++store) {
    const std::size_t count = views_that_count(tree, stores, store);
    for (std::size_t i = 0; i < count; ++i) tree.nodes[tree.paths[store][i]].idle = false;
  }
}

/// Whether a store went on in this view after another one had left it.
bool somebody_stayed(const ViewTree& tree, const std::vector<Store>& stores, NodeIndex node,
                     std::uint64_t left_at) {
  return std::any_of(
      tree.nodes[node].stores.begin(), tree.nodes[node].stores.end(), [&](StoreIndex store) {
        const NodeIndex last = tree.paths[store][views_that_count(tree, stores, store) - 1];
        return last == node && stores[store].seen->verdict.floor > left_at;
      });
}

/// By node: the view after it that begins last. The others have left before.
std::vector<std::optional<NodeIndex>> last_children(const ViewTree& tree) {
  std::vector<std::optional<NodeIndex>> out(tree.nodes.size());
  for (NodeIndex i = 0; i < tree.nodes.size(); ++i) {
    const ViewNode& node = tree.nodes[i];
    if (!node.parent || node.idle) continue;
    std::optional<NodeIndex>& last = out[*node.parent];
    if (!last || tree.nodes[*last].from < node.from) last = i;
  }
  return out;
}

/// The last view after another goes on in its lane, unless a store does that itself. One in which
/// nobody did anything stands there too: it is no branch.
void assign_lanes(ViewTree& tree, const std::vector<Store>& stores) {
  const std::vector<std::optional<NodeIndex>> goes_on = last_children(tree);
  for (NodeIndex i = 0; i < tree.nodes.size(); ++i) {
    ViewNode& node = tree.nodes[i];
    const auto parent = node.parent;
    const bool same = parent && (node.idle || (goes_on[*parent] == i &&
                                               !somebody_stayed(tree, stores, *parent, node.from)));
    node.lane = same ? tree.nodes[*parent].lane : tree.lanes++;
  }
}

void name_members(ViewTree& tree, const std::vector<Store>& stores) {
  std::map<ViewId, const View*> views;
  const auto note = [&views](const Record& record) {
    if (!record.view.members.empty()) views.try_emplace(record.view.id, &record.view);
  };
  for (const Store& store : stores) {
    if (!has_record(store)) continue;
    note(record_of(store));
    for (const SlotReport& slot : store.seen->slots) {
      if (slot.record) note(*slot.record);
    }
  }
  for (ViewNode& node : tree.nodes) {
    const auto found = views.find(node.view);
    if (found == views.end()) continue;
    for (const Member& member : found->second->members) {
      node.labels.push_back(member.label.empty() ? short_id(member.id) : member.label);
    }
  }
}

/// On which side of a fork a store is: the next view that it lived through, or the same if it went
/// on in that; nothing if it had stopped before the two parted, or did nothing since.
std::optional<NodeIndex> side_of(const ViewTree& tree, const std::vector<Store>& stores,
                                 StoreIndex store, const Fork& fork) {
  const std::vector<NodeIndex>& path = tree.paths[store];
  const auto end =
      path.begin() + static_cast<std::ptrdiff_t>(views_that_count(tree, stores, store));
  const auto at = std::find_if(path.begin(), end,
                               [&](NodeIndex node) { return tree.nodes[node].view == fork.view; });
  if (at == end) return std::nullopt;
  if (std::next(at) != end) return *std::next(at);
  if (stores[store].seen->verdict.ceiling <= fork.sequence) return std::nullopt;
  return *at;
}

void fill_sides(ViewTree& tree, const std::vector<Store>& stores, Fork& fork) {
  std::map<NodeIndex, std::vector<StoreIndex>> sides;
  for (StoreIndex store = 0; store < stores.size(); ++store) {
    if (const auto side = side_of(tree, stores, store, fork)) sides[*side].push_back(store);
  }
  for (auto& [node, on_it] : sides) fork.sides.push_back(std::move(on_it));
}

/// As the rules see it: by the same comparison.
void find_forks(ViewTree& tree, const std::vector<Store>& stores) {
  std::map<std::pair<std::uint64_t, ViewId>, Fork> found;
  std::vector<std::pair<InitialUuid, Announcement>> lives;
  for (const Store& store : stores) {
    if (has_record(store)) lives.emplace_back(record_of(store).initial, *announcement_of(store));
  }
  for (std::size_t a = 0; a < lives.size(); ++a) {
    for (std::size_t b = a + 1; b < lives.size(); ++b) {
      if (lives[a].first != lives[b].first) continue;
      const Comparison to = storemark::compare(lives[a].second, lives[b].second);
      if (to.relation != Relation::diverged || to.fork_view.is_nil()) continue;
      found.try_emplace({to.fork_sequence, to.fork_view}, Fork{to.fork_view, to.fork_sequence, {}});
    }
  }
  for (auto& [key, fork] : found) {
    fill_sides(tree, stores, fork);
    tree.forks.push_back(std::move(fork));
  }
}

}  // namespace

ViewTree view_tree(const std::vector<Store>& stores) {
  ViewTree out;
  out.paths.resize(stores.size());
  Grower grower(out);
  for (StoreIndex i = 0; i < stores.size(); ++i) {
    if (has_record(stores[i])) grower.add(stores[i], i);
  }
  sort_nodes(out);
  find_idle(out, stores);
  assign_lanes(out, stores);
  name_members(out, stores);
  find_forks(out, stores);
  return out;
}

std::optional<NodeIndex> node_of(const ViewTree& tree, StoreIndex store, const Record& record) {
  const std::vector<NodeIndex>& path = tree.paths[store];
  const auto node_with = [&](const HistoryEntry& entry) {
    return std::find_if(path.begin(), path.end(),
                        [&](NodeIndex node) { return tree.nodes[node].view == entry.view; });
  };
  const auto newest =
      std::find_if(record.history.rbegin(), record.history.rend(),
                   [&](const HistoryEntry& entry) { return node_with(entry) != path.end(); });
  if (newest != record.history.rend()) return *node_with(*newest);
  if (path.empty()) return std::nullopt;
  return path.front();
}

std::optional<NodeIndex> node_at(const ViewTree& tree, StoreIndex store, std::uint64_t sequence) {
  std::optional<NodeIndex> out;
  for (const NodeIndex node : tree.paths[store]) {
    if (out && tree.nodes[node].from >= sequence) break;
    out = node;
  }
  return out;
}

}  // namespace storemark::cli
