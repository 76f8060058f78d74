# SPDX-License-Identifier: Apache-2.0
"""Guards of session, driver and rules that simulated clusters notice, by their own promises alone."""

from mutant import Mutant

CLUSTERS = ("simulator_test",)
ROUND = "src/restart/session_round.cpp"
QUORUM = "src/restart/session_quorum.cpp"
RESUME = "src/restart/resume.cpp"
CLUSTER = "src/restart/session_cluster.cpp"
STEPS = "src/driver/member_steps.cpp"
FORMING = "src/restart/forming.cpp"

SIMULATOR = (
    Mutant("simulated: a start waits for all who are prepared", "src/restart/session_start.cpp",
           "  if (!complete) return;\n", "  if (!complete && starters_.size() < 2) return;\n", CLUSTERS),
    Mutant("simulated: a view is recorded before its events", STEPS,
           "if (permit_ && !went_well(permit_->change_view(",
           "if (permit_ && step.sequence % 2 == 0 && !went_well(permit_->change_view(", CLUSTERS),
    Mutant("simulated: an updating store is no source", "src/restart/cluster.cpp",
           "member.state == StoreState::dirty &&",
           "(member.state == StoreState::dirty || member.state == StoreState::updating) &&", CLUSTERS),
    Mutant("simulated: an answer waits for a second copy", CLUSTER,
           "others == 0 ? applied_", "true ? applied_", CLUSTERS),
    Mutant("simulated: R4 compares positions", "src/restart/joining.cpp",
           "to.relation != Relation::equal && to.relation != Relation::ancestor", "false", CLUSTERS),
    Mutant("simulated: of two parts that meet one goes on", QUORUM,
           "  if (role_ == Role::active) {\n    step_down();\n", "  if (role_ == Role::active) {\n",
           CLUSTERS),
    Mutant("simulated: a part without a quorum applies nothing", QUORUM,
           "if (suspended_ || permits(replica_->policy(), quorum_)) return;", "return;", CLUSTERS),
    Mutant("simulated: a quorum of hosts without members is none", RESUME,
           "if (!are_all(part, members)) return", "if (!are_all(part, members) && false) return", CLUSTERS),
    Mutant("simulated: half of all have what is answered", CLUSTER,
           "std::max<std::size_t>(2, (all + 1) / 2)", "std::max<std::size_t>(2, all / all)", CLUSTERS),
    Mutant("simulated: what nobody was answered for gives way", "src/restart/joining.cpp",
           "if (has_only_unanswered_more(joiner, to)) {", "if (false) {", CLUSTERS),
    Mutant("simulated: a part stands where it is when all have spoken", ROUND,
           "  count_what_came_since(members);\n", "", CLUSTERS),
    Mutant("simulated: what is confirmed was synced", "src/driver/member.cpp",
           'if (!went_well(parts_.broker.sync(), "sync its store")) return false;', "", CLUSTERS),
    Mutant("simulated: no event before all starters are durably active", "src/restart/session.hpp",
           "activated_ && unstarted_.empty()", "activated_", CLUSTERS),
    Mutant("simulated: a number is reserved before its event", STEPS,
           "if (permit_ && !went_well(permit_->reserve(step.n))) return;", "", CLUSTERS),
    Mutant("simulated: who steps down forgets what it sent", STEPS,
           "  sent_tokens_.clear();\n", "", CLUSTERS),
    Mutant("simulated: who steps down gives its permit back", STEPS,
           "  if (!end_writing()) return;\n  sent_tokens_.clear();", "  sent_tokens_.clear();", CLUSTERS),
    Mutant("simulated: a shutdown syncs", STEPS,
           "void Member::take(const restart::StopClean& step) {\n  if (!make_durable()) return;",
           "void Member::take(const restart::StopClean& step) {", CLUSTERS),
    Mutant("simulated: an update begins with a record", STEPS,
           "update_permit_.emplace(std::move(*permit));", "", CLUSTERS),
    Mutant("simulated: who is gone makes a new view", "src/restart/replica.cpp",
           "if (gone == 0 || members_.empty()) return false;\n  enter_new_view();",
           "if (gone == 0 || members_.empty()) return false;\n  if (members_.size() > 1) "
           "enter_new_view();", CLUSTERS),
    Mutant("simulated: a copy knows that its donor was marked", STEPS,
           "step.updated->folded, counted);", "step.updated->folded);", CLUSTERS),
    Mutant("simulated: a transient member starts empty", STEPS,
           "if (!parts_.journal && !step.updated && used_) {", "if (false) {", CLUSTERS),
    Mutant("simulated: R2", FORMING, "!doubled.empty()) {", "false && !doubled.empty()) {", CLUSTERS),
    Mutant("simulated: R9", "src/restart/clean.cpp", "out.conflict = apart(out.sources);", "",
           CLUSTERS),
    Mutant("simulated: R11", FORMING, "if (!stale.empty()) {", "if (false) {", CLUSTERS),
    Mutant("simulated: R12, nobody is missing", FORMING,
           "if (!missing_from(top, members).empty()) return false;", "", CLUSTERS),
    Mutant("simulated: R12, the latest is proven", FORMING, "return to.proven && (", "return (",
           CLUSTERS),
)
