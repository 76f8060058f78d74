# SPDX-License-Identifier: Apache-2.0
"""The guards of the driver's threads, each taken out."""

from mutant import Mutant

PARTS = ("driver_parts_test",)
LIVES = ("driver_test",)

DRIVER = (
    Mutant("what the broker throws is an error", "src/driver/guarded_broker.cpp",
           "  } catch (const std::exception& error) {\n"
           "    return tl::unexpected(thrown(name, error.what()));\n", "", PARTS),
    Mutant("and what is no exception, too", "src/driver/guarded_broker.cpp",
           "  } catch (...) {\n    return tl::unexpected(thrown(name, \"no std::exception\"));\n",
           "", PARTS),
    Mutant("a failure that no result tells ends the membership", "src/driver/loop.cpp",
           "if (auto failure = broker_.take_failure()) member_->leave(std::move(failure));",
           "static_cast<void>(broker_.take_failure());", LIVES),
    Mutant("publishing is bounded", "src/driver/inbox.cpp",
           "used >= most_bytes_ || event.size() > most_bytes_ - used", "false", PARTS),
    Mutant("what is taken and not sent still counts", "src/driver/inbox.cpp",
           "taken_bytes_ += out->event.size();", "", PARTS),
    Mutant("who was told that there is no room hears of it", "src/driver/loop.cpp",
           "if (inbox_.room_is_due()) broker_.room();", "", LIVES),
    Mutant("a shutdown keeps its place behind the events", "src/driver/inbox.cpp",
           "waiting_.push_back({{}, 0, true});", "waiting_.push_front({{}, 0, true});", PARTS),
    Mutant("a member that is not active takes nothing", "src/driver/inbox.cpp",
           "  if (!active_) return Answer::not_active;\n  const", "  const", PARTS),
    Mutant("a task that is not wanted is told so", "src/driver/worker.hpp",
           "return wanted.load() != number.load();", "return false;", PARTS),
    Mutant("the end of the worker cancels its task", "src/driver/worker.cpp",
           "  want(0);\n", "", PARTS),
    Mutant("one that waits says so again", "src/driver/loop_status.cpp",
           "if (due || changed) broker_.status(status);", "if (changed) broker_.status(status);",
           LIVES),
    Mutant("an active member does not repeat itself", "src/driver/loop_status.cpp",
           "if (due || changed) broker_.status(status);",
           "if (due || !changed || changed) broker_.status(status);", LIVES),
    Mutant("a wait ends at its limit", "src/driver/loop_status.cpp",
           "if (options_.time_limit.count() == 0 ||", "if (true ||", LIVES),
    Mutant("an active member does not wait", "src/driver/loop_status.cpp",
           "  if (member_->ready()) {\n    waiting_since_.reset();",
           "  if (false) {\n    waiting_since_.reset();", LIVES),
    Mutant("a child lets go", "src/driver/driver.cpp",
           "if (is_child()) static_cast<void>(loop_.release());", "", LIVES),
    Mutant("a child publishes nothing", "src/driver/driver.cpp",
           'if (is_child()) return tl::unexpected(in_child("the event was not published"));', "",
           LIVES),
    Mutant("a call on the broker does not wait for its own end", "src/driver/driver.cpp",
           "if (loop_->is_own_thread()) {", "if (false) {", LIVES),
    Mutant("a group that is lost ends the membership", "src/driver/loop.cpp",
           "if (!taken) member_->group_lost(taken.error());", "", LIVES),
    Mutant("no signal reaches a thread of ours", "src/io/quiet_thread.cpp",
           "::sigfillset(&all);", "::sigemptyset(&all);", ("io_test",)),
)
