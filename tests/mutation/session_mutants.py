# SPDX-License-Identifier: Apache-2.0
"""The guards of the restart protocol."""

from mutant import Mutant

STORIES = ("session_test",)
ROUND = "src/restart/session_round.cpp"
START = "src/restart/session_start.cpp"
UPDATE = "src/restart/session_update.cpp"
CLUSTER = "src/restart/session_cluster.cpp"

SESSION = (
    Mutant("nobody is activated before all are prepared", START,
           "const bool complete = std::ranges::all_of(", "const bool complete = std::ranges::any_of(",
           STORIES),
    Mutant("nothing is published before every starter is durably active",
           "src/restart/session.hpp", "activated_ && unstarted_.empty()", "activated_", STORIES),
    Mutant("an answer waits for a second copy", CLUSTER,
           "alone() ? applied_ :", "true ? applied_ :", STORIES),
    Mutant("a confirmation of what was never applied is none", CLUSTER,
           "message.sequence > replica_->sequence()) return;", "false) return;", STORIES),
    Mutant("an announcement counts in its round only", ROUND,
           "if (said.round != round_) return;", "", STORIES),
    Mutant("who announces twice is refused", ROUND,
           "if (*from.said != said) refuse(", "if (false) refuse(", STORIES),
    Mutant("all are heard before anything is decided", ROUND,
           "const bool complete = std::ranges::all_of(", "const bool complete = std::ranges::any_of(",
           STORIES),
    Mutant("what the copy holds is not applied twice", UPDATE,
           "if (n > taking_->position) act(", "if (n >= taking_->position) act(", STORIES),
    Mutant("what comes during an update is kept", CLUSTER,
           "keep_event(std::move(message.payload));", "{}", STORIES),
    Mutant("what is kept is bounded", UPDATE,
           "if (taking_->kept_bytes > options_.catch_up_bytes) {", "if (false) {", STORIES),
    Mutant("an update is not tried for ever", UPDATE,
           "if (taking_->retries == max_update_retries) {", "if (false) {", STORIES),
    Mutant("a copy that holds less than was offered is none", UPDATE,
           "if (position < taking_->sequence) {", "if (false) {", STORIES),
    Mutant("an update whose donor died is dropped", ROUND,
           "(!taking_->offered || is_gone(taking_->donor))", "(!taking_->offered)", STORIES),
    Mutant("an outsider's event moves nothing", CLUSTER,
           "if (!replica_ || replica_->find(from.node) == nullptr) return;\n  const std::uint64_t n",
           "if (!replica_) return;\n  const std::uint64_t n", STORIES),
    Mutant("an outsider shuts nobody down", CLUSTER,
           "if (!replica_ || replica_->find(from.node) == nullptr) return;\n  if (role_",
           "if (!replica_) return;\n  if (role_", STORIES),
    Mutant("a membership change is recorded", CLUSTER,
           "act(ChangeView{replica_->view(), replica_->sequence(), replica_->members().size() == 1});",
           "", STORIES),
    Mutant("a joiner that becomes a member is recorded", UPDATE,
           "return act(ChangeView{replica_->view(), replica_->sequence(), false});", "return;",
           STORIES),
    Mutant("the last survivor is flagged", CLUSTER,
           "replica_->members().size() == 1});", "false});", STORIES),
    Mutant("of two parts that meet one steps down", ROUND,
           "if (parts.size() < 2) return;", "if (true) return;", STORIES),
    Mutant("two clusters in one group leave each other alone", ROUND,
           "if (clusters.size() < 2) return true;", "return true;", STORIES),
    Mutant("a view has so many places", ROUND,
           "if (members.size() <= max_members) return;", "return;", STORIES),
    Mutant("a joiner keeps its donor", ROUND,
           "return gives ? donor : nullptr;", "return nullptr;", STORIES),
    Mutant("a view that was empty is folded", "src/restart/replica.cpp",
           "  if (has_base_) {\n    drop_empty_views();", "  if (has_base_) {", STORIES),
    Mutant("views before the base is known are counted from it", "src/restart/replica.cpp",
           "history_[i].from += base;", "", STORIES),
    Mutant("a confirmation goes with its member", "src/restart/replica.cpp",
           "if (member.node != self) out", "out", STORIES),
)
