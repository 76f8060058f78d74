// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/judge.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace storemark::corosync_group {
namespace {

using Views = std::map<Uuid, std::vector<std::pair<const Record*, std::size_t>>>;

bool has(const GroupView& view, GroupNode node) {
  return std::ranges::binary_search(view.nodes, node);
}

std::string at(const Record& record, const GroupView& view, const char* what) {
  return "node " + std::to_string(record.self.value) + ", view " + to_string(view.id) + ": " + what;
}

/// What one node may be given, looked at alone.
std::string judge_alone(const Record& record) {
  std::set<Uuid> seen;
  std::map<GroupNode, std::uint64_t> last;
  if (record.began_without_view) return "data before the first view";
  if (record.misses_own) return "what a node sent did not come back";
  for (const Lived& lived : record.views) {
    const GroupView& view = lived.view;
    if (!seen.insert(view.id).second) return at(record, view, "came twice");
    if (!has(view, record.self)) return at(record, view, "is without the node itself");
    if (!std::ranges::is_sorted(view.nodes) || view.names.size() != view.nodes.size() ||
        std::ranges::adjacent_find(view.nodes) != view.nodes.end()) {
      return at(record, view, "is not well-formed");
    }
    std::erase_if(last, [&](const auto& known) { return !has(view, known.first); });
    for (const Given& one : lived.given) {
      if (!has(view, one.from)) return at(record, view, "data of a node outside");
      const auto before = last.find(one.from);
      if (before != last.end() && one.number != before->second + 1) {
        return at(record, view, "data of one node out of order, twice, or with a hole");
      }
      if (one.from == record.self && before == last.end() && one.number != 1) {
        return at(record, view, "an own message was lost");
      }
      last[one.from] = one.number;
    }
  }
  return "";
}

bool is_same(const GroupView& a, const GroupView& b) {
  return a.nodes == b.nodes && a.names == b.names && a.quorum == b.quorum;
}

bool is_prefix(const std::vector<Given>& a, const std::vector<Given>& b) {
  return a.size() <= b.size() && std::equal(a.begin(), a.end(), b.begin());
}

const Lived* next_of(const Record& record, std::size_t index) {
  return index + 1 < record.views.size() ? &record.views[index + 1] : nullptr;
}

/// Two that were in one view.
std::string judge_pair(const Record& a, std::size_t at_a, const Record& b, std::size_t at_b) {
  const Lived& in_a = a.views[at_a];
  const Lived& in_b = b.views[at_b];
  if (!is_same(in_a.view, in_b.view)) return at(a, in_a.view, "is not the same elsewhere");
  if (!is_prefix(in_a.given, in_b.given) && !is_prefix(in_b.given, in_a.given)) {
    return at(a, in_a.view, "was given what is no beginning of another's, nor the reverse");
  }
  const Lived* next_a = next_of(a, at_a);
  const Lived* next_b = next_of(b, at_b);
  if (next_a == nullptr || next_b == nullptr) return "";
  if (next_a->view.id == next_b->view.id) {
    if (in_a.given != in_b.given) return at(a, in_a.view, "a companion was given something else");
  } else if (has(next_a->view, b.self) && std::ranges::any_of(b.views, [&](const Lived& one) {
               return one.view.id == next_a->view.id;
             })) {
    return at(a, next_a->view, "names one as having stayed that came another way");
  }
  return "";
}

}  // namespace

std::string judge(const std::vector<const Record*>& records) {
  Views views;
  for (const Record* record : records) {
    if (auto wrong = judge_alone(*record); !wrong.empty()) return wrong;
    for (std::size_t i = 0; i < record->views.size(); ++i) {
      views[record->views[i].view.id].emplace_back(record, i);
    }
  }
  for (const auto& [id, lived] : views) {
    for (const auto& [a, at_a] : lived) {
      for (const auto& [b, at_b] : lived) {
        if (a == b) continue;
        if (auto wrong = judge_pair(*a, at_a, *b, at_b); !wrong.empty()) return wrong;
      }
    }
  }
  return "";
}

}  // namespace storemark::corosync_group
