# SPDX-License-Identifier: Apache-2.0
"""The guards of the Corosync group's thread, and of what it makes of the daemon's words."""

from mutant import Mutant

ENGINE = ("corosync_engine_test",)
HERE = "src/group/corosync/"

COROSYNC_ENGINE = (
    Mutant("corosync: nothing counts before the Hello of the ring", HERE + "entrance.cpp",
           "if (message.type != MessageType::hello) return Verdict::is_void;",
           "if (message.type != MessageType::hello) return Verdict::counts;", ENGINE),
    Mutant("corosync: and of no other ring", HERE + "entrance.cpp", " || hello->ring != ring_", "", ENGINE),
    Mutant("corosync: each configuration shuts it", HERE + "engine_turn.cpp",
           "  entrance_.shut(item->members, ring_);\n", "", ENGINE),
    Mutant("corosync: what did not count goes again", HERE + "sender.cpp",
           "} else if (back.cost > 0) {", "} else if (false) {", ENGINE),
    Mutant("corosync: in its own order", HERE + "sender.cpp",
           "std::ranges::upper_bound(again_, back.message.number, {}, &Message::number)", "again_.end()", ENGINE),
    Mutant("corosync: before what waits", HERE + "sender.cpp",
           "return again_.empty() ? data_ : again_;", "return data_.empty() ? again_ : data_;", ENGINE),
    Mutant("corosync: a Renew goes again", HERE + "sender.cpp",
           "    control_.push_back(std::move(back.message));\n", "", ENGINE),
    Mutant("corosync: a Hello waits until all is back", HERE + "sender.cpp",
           "return under_way_.empty() ? &control_.front() : nullptr;", "return &control_.front();", ENGINE),
    Mutant("corosync: the daemon loses nothing", HERE + "sender.cpp",
           " || under_way_.front().message.head != head", "", ENGINE),
    Mutant("corosync: what is under way is bounded", HERE + "sender.cpp",
           "under_way_.size() < window_messages && ", "", ENGINE),
    Mutant("corosync: nobody overtakes what waits", HERE + "engine.cpp",
           " && sender_.nothing_waits()", "", ENGINE),
    Mutant("corosync: a question without an answer is asked again", HERE + "engine_turn.cpp",
           "if (taken_ == 0 && !owes_question_) return;", "if (taken_ == 0) return;", ENGINE),
    Mutant("corosync: a full queue holds the daemon back", HERE + "engine_thread.cpp",
           "is_full() ? short{0} : short{POLLIN}", "POLLIN", ENGINE),
    Mutant("corosync: who dispatches takes the turn", HERE + "engine.cpp", "  turn_here();\n", "", ENGINE),
    Mutant("corosync: the descriptor tells of the daemon, too", HERE + "engine_thread.cpp",
           "watched_.add(facts_.events)", "io::IoResult<void>()", ENGINE),
    Mutant("corosync: who ceases to dispatch is stood in for", HERE + "engine_thread.cpp",
           "keeps_out ? look_again_ms : patience_ms", "patience_ms", ENGINE),
    Mutant("corosync: a leave waits for what was sent", HERE + "engine_thread.cpp",
           " || own_delivered_ != sender_.data_taken()", "", ENGINE),
    Mutant("corosync: no message in the middle of a ring", HERE + "engine_turn.cpp",
           "if (changes_->is_in_between()) {", "if (false) {", ENGINE),
    Mutant("corosync: a quorum that is configured", HERE + "engine_thread.cpp",
           "options_.name, facts_.has_quorum}", "options_.name, false}", ENGINE),
    Mutant("corosync: a ring told twice is one", HERE + "changes.cpp",
           " || (!is_new && !open_)", "", ENGINE),
    Mutant("corosync: a ring change is one item", HERE + "changes.cpp",
           "if (!open_ && !is_by_ring(change)) {", "if (!open_) {", ENGINE),
    Mutant("corosync: a join that waits is stopped", HERE + "engine.cpp",
           " || options_.stop.stop_requested();", ";", ENGINE),
)
