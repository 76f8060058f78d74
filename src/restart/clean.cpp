// SPDX-License-Identifier: Apache-2.0
#include "restart/clean.hpp"

#include <algorithm>

namespace storemark::restart {
namespace {

std::string pair_text(const Announcement& a, const Announcement& b) {
  return name_of(a) + ", at " + sequence_of(a) + ", and " + name_of(b) + ", at " + sequence_of(b);
}

/// One shutdown leaves all its stores at one position.
std::string torn_shutdown(const Members& clean) {
  for (std::size_t i = 0; i < clean.size(); ++i) {
    for (std::size_t j = i + 1; j < clean.size(); ++j) {
      const bool one_shutdown = clean[i]->final == clean[j]->final;
      if (one_shutdown && compare(*clean[i], *clean[j]).relation != Relation::equal) {
        return "one final UUID, and different positions: " + pair_text(*clean[i], *clean[j]);
      }
    }
  }
  return {};
}

bool is_behind_another(const Announcement& store, const Members& clean) {
  return std::ranges::any_of(clean, [&](const Announcement* other) {
    return other != &store && compare(store, *other).relation == Relation::ancestor;
  });
}

/// The positions at which they stand, each with who stands there; empty where it is one.
std::string apart(const Members& sources) {
  std::vector<Members> groups;
  for (const Announcement* store : sources) {
    const auto group = std::ranges::find_if(groups, [&](const Members& known) {
      return compare(*store, *known.front()).relation == Relation::equal;
    });
    if (group == groups.end()) {
      groups.push_back({store});
    } else {
      group->push_back(store);
    }
  }
  if (groups.size() < 2) return {};
  std::string out = "clean shutdowns that do not follow from each other: ";
  for (const Members& group : groups) {
    out += (&group == &groups.front() ? "" : "; ") + names_of(group) + ", at " +
           sequence_of(*group.front());
  }
  return out;
}

}  // namespace

CleanStores sort_clean(const Members& members) {
  CleanStores out;
  Members clean = those(members, is_clean);
  const Members marked = those(clean, [](const Announcement& m) { return m.marked; });
  if (marked.size() > 1) {
    out.conflict = "two operators' marks: " + names_of(marked);
    return out;
  }
  if (marked.size() == 1) out.mark = marked.front();
  if (out.mark != nullptr) {
    std::erase_if(clean, [&](const Announcement* m) { return was_compared(*out.mark, *m); });
  }
  out.conflict = torn_shutdown(clean);
  if (!out.conflict.empty()) return out;
  out.sources = those(clean, [&](const Announcement& m) { return !is_behind_another(m, clean); });
  out.conflict = apart(out.sources);
  const bool mark_counts = std::ranges::find(out.sources, out.mark) != out.sources.end();
  if (!mark_counts) out.mark = nullptr;
  out.others = those(members, [&](const Announcement& m) {
    const bool counts_as_dirty =
        is_clean(m) && std::ranges::find(out.sources, &m) == out.sources.end();
    return is_dirty(m) || counts_as_dirty;
  });
  return out;
}

}  // namespace storemark::restart
