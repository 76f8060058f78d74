// SPDX-License-Identifier: Apache-2.0
// Rules R1 to R4 where some member is active: each joiner by itself.
#include "restart/joining.hpp"

#include <algorithm>

#include "restart/history.hpp"

namespace storemark::restart {
namespace {

struct Cluster {
  Members active;
  const Announcement* position;  // of the active members, the one that stands highest
};

std::string refusal(const Announcement& joiner, const Comparison& to, const Announcement& cluster) {
  switch (to.relation) {
    case Relation::ahead:
      return "alarm: it is ahead of the cluster, at " + sequence_of(joiner) + ", the cluster at " +
             sequence_of(cluster);
    case Relation::diverged:
      return to.fork_view.is_nil() ? "it diverged: not one view in common with the cluster"
                                   : "it diverged after " + std::to_string(to.fork_sequence) +
                                         " of view " + short_id(to.fork_view);
    default:
      return "its history and the cluster's are too short to tell how they lie";
  }
}

std::string unanswered_text(const Announcement& joiner, const Comparison& to,
                            const Announcement& cluster) {
  const Life life(cluster);
  const bool forked = to.relation == Relation::diverged || life.is_empty();
  return "it diverged after " + std::to_string(kept_of(joiner, to)) + " of view " +
         short_id(forked ? to.fork_view : life.view(life.last())) +
         ", where it was cut off without a quorum: what it applied beyond, up to " +
         sequence_of(joiner) + ", no client was answered for";
}

void join_with_store(Draft& draft, const Announcement& joiner, const Cluster& cluster) {
  if (joiner.initial != cluster.position->initial) {
    draft.set(joiner, Action::refuse, Rule::r4,
              "it belongs to cluster " + short_id(joiner.initial) + ", not to " +
                  short_id(cluster.position->initial));
    return;
  }
  if (is_given_up(joiner)) {
    draft.update_given_up(joiner, cluster.active, *cluster.position, Rule::r4);
    return;
  }
  const Comparison to = compare(joiner, *cluster.position);
  if (has_only_unanswered_more(joiner, to)) {
    draft.lose(joiner, to);
    draft.update(joiner, cluster.active, Rule::r4, unanswered_text(joiner, to, *cluster.position));
    return;
  }
  if (to.relation != Relation::equal && to.relation != Relation::ancestor) {
    draft.set(joiner, Action::refuse, Rule::r4, refusal(joiner, to, *cluster.position));
    return;
  }
  draft.lose(joiner, to);
  draft.update(
      joiner, cluster.active, Rule::r4,
      "its store, at " + sequence_of(joiner) + ", is behind the cluster's" + doubt_text(to));
}

void join(Draft& draft, const Announcement& joiner, const Cluster& cluster, const Members& twins) {
  const Announcement& first = *cluster.active.front();
  if (std::ranges::find(twins, &joiner) != twins.end()) {
    draft.set(joiner, Action::refuse, Rule::r2,
              "another member has its id: one directory is a copy of the other");
  } else if (joiner.kind != first.kind) {
    draft.set(joiner, Action::refuse, Rule::r1,
              "it is " + std::string(to_string(joiner.kind)) + ", and the cluster is " +
                  std::string(to_string(first.kind)));
  } else if (is_unfit(joiner)) {
    draft.set(joiner, Action::wait, Rule::r14,
              "its journal is " + std::string(to_string(joiner.diagnosis)) +
                  ": it waits for an operator's word");
  } else if (is_transient(joiner) || is_empty(joiner)) {
    draft.update(joiner, cluster.active, Rule::r3,
                 is_transient(joiner) ? "a transient member takes the cluster's state"
                                      : "its store is empty");
  } else {
    join_with_store(draft, joiner, cluster);
  }
}

}  // namespace

void decide_joining(Draft& draft, const Members& members) {
  Cluster cluster{those(members, [](const Announcement& m) { return m.active; }), nullptr};
  cluster.position = newest(cluster.active);
  if (cluster.position == nullptr) cluster.position = cluster.active.front();
  const Members joiners = those(members, [](const Announcement& m) { return !m.active; });
  draft.conclude(Outcome::start, Rule::none, "the cluster is active", Action::stay);
  draft.decision().initial = cluster.position->initial;
  const Members doubled = twins(members);
  for (const Announcement* joiner : joiners) join(draft, *joiner, cluster, doubled);
  // The whole has the first rule that some joiner has; damage before all.
  for (const Rule rule : {Rule::r14, Rule::r2, Rule::r1, Rule::r3, Rule::r4}) {
    const bool has = std::ranges::any_of(draft.decision().members,
                                         [&](const MemberDecision& m) { return m.rule == rule; });
    if (!has) continue;
    draft.decision().rule = rule;
    break;
  }
}

}  // namespace storemark::restart
