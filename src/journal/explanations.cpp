// SPDX-License-Identifier: Apache-2.0
// The catalogue of errors: the page behind each id.
#include <algorithm>
#include <array>
#include <storemark/error.hpp>
#include <string>

namespace storemark {
namespace {

constexpr std::array catalogue{
    Explanation{
        Errc::invalid_argument, "SM101", "invalid_argument", "an argument has no meaning here",
        R"(A value was given that cannot be what was meant: a nil UUID, a UUID in another spelling, a reason that
is empty or too long, a label beyond its bound. Nothing was read or written.

What to do: the message names the argument. UUIDs are spelt 8-4-4-4-12 hexadecimal digits.)"},
    Explanation{
        Errc::sequence_goes_down, "SM102", "sequence_goes_down",
        "the sequence would become lower than it was said to be",
        R"(A store was said to hold N events, durably, and is now said to hold fewer. Either it is counted
wrongly, or it has lost events: a restored backup, a volume that is not the one it was.

What to do: count what the store really holds. If it truly lost events, it must not go on as if it
had them: let it be updated from another member (`storemark discard`). Only `storemark undo` lowers a
sequence, to what it was before the operator's mark. Nothing was written.)"},
    Explanation{
        Errc::jump_too_large, "SM103", "jump_too_large",
        "the sequence would rise further than the stated bound",
        R"(A sequence further than Options::jump_bound (by default 2^32) beyond the last one is taken for a
mistake: an uninitialised variable, a byte order, a clock used as a counter. Were it written, the store
would look ahead of every other for ever. Nothing was written.

What to do: check where the number comes from; raise the bound if it is right.)"},
    Explanation{
        Errc::not_reserved, "SM104", "not_reserved", "an event was noted that was never reserved",
        R"(note(n) says that event n is durable in the store, but no ceiling of n is durable in the journal. The
true sequence would lie outside floor and ceiling, and after a crash the comparison of stores would be
wrong by that much.

What to do: call reserve(n) before event n is applied, note(n) after.)"},
    Explanation{
        Errc::not_founded, "SM105", "not_founded", "the store belongs to no cluster yet",
        R"(A store is activated only when it has an initial UUID, and it gets one when the cluster has agreed on
it: founding, or joining a cluster that has one. No initial UUID is invented by a member alone.

What to do: call found() with the agreed UUID, then activate().)"},
    Explanation{
        Errc::id_fixed, "SM106", "id_fixed", "the store belongs to another cluster",
        R"(The initial UUID says which cluster a store belongs to, and never changes after the first activation.
Another one was given: a store of one cluster was started in another, or the data directory is not the
one that was meant. Nothing was written.

What to do: check the configuration and the mount. A store that shall really change clusters is moved
aside, and an empty one started.)"},
    Explanation{
        Errc::wrong_state, "SM107", "wrong_state", "the state of the store does not allow this",
        R"(An updating store (half of it is a donor's) can neither be activated nor marked: it is consistent with
nothing. A clean or empty store needs no mark. A store on which the operator's word stands already
needs `storemark undo` first.

What to do: `storemark examine` says the state.)"},
    Explanation{
        Errc::permit_outstanding, "SM108", "permit_outstanding",
        "a permit for this journal is still held",
        R"(There is at most one permit: whoever holds it may write the store. Activating, updating or founding
needs it to be given back first.

What to do: in the broker, finish with the permit (mark_clean) or drop it.)"},
    Explanation{
        Errc::permit_revoked, "SM109", "permit_revoked", "the permit was consumed or dropped",
        R"(mark_clean() and end_update() consume the permit; so does dropping it. A thread that still writes
sequences then is told so, because after "clean" nothing may change the store.

What to do: stop the writers before the shutdown; activate again to go on.)"},
    Explanation{
        Errc::record_full, "SM110", "record_full", "the record does not fit in a slot",
        R"(Members, labels, history, compared stores, reason and payload share one slot of 4096 bytes. The oldest
history was folded away, and it was still not enough. Nothing was written.

What to do: shorter labels, fewer compared stores, a smaller payload. FORMAT.md says what always fits.)"},
    Explanation{
        Errc::used_after_fork, "SM111", "used_after_fork",
        "the journal was opened by another process",
        R"(A handle belongs to the process that opened it. A child of fork() has a copy of it, but not its
threads, and writing from both would tear the file. Nothing was written.

What to do: open the journal in the process that uses it, after the fork.)"},
    Explanation{
        Errc::changed_since, "SM112", "changed_since",
        "the store is not as it was when it was looked at",
        R"(An operator's word is given for the sequence that the operator saw. The store has another one now: a
broker ran in between, or the wrong directory was named. Nothing was written.

What to do: examine all the stores again, and decide anew.)"},
    Explanation{
        Errc::nothing_to_undo, "SM113", "nothing_to_undo",
        "no word was given that could be taken back",
        R"(Undo takes back the last mark-clean, discard or adopt, until the broker next activates. There is none,
or the backup that it was given on is gone. Nothing was written.

What to do: "storemark.audit" in the data directory says who gave which word, and when.)"},
    Explanation{
        Errc::unproven, "SM114", "unproven", "the sequence of the store is only a lower bound",
        R"(More slots of the journal are damaged than a crash explains, so newer records may have been lost: the
store may hold more than its journal says. Marking it clean could discard events of another store that
has less. Nothing was written.

What to do: prefer a store whose sequence is proven. If this is the best there is, say so:
`storemark mark-clean --accept-at-least`.)"},
    Explanation{
        Errc::store_lost, "SM201", "store_lost",
        "the store holds data, and its journal does not know of it",
        R"(There is no journal beside a store that holds data, or there is one that was never told of any. A
missing journal never means an empty store: were it taken so, a new cluster would be founded over the
data. Nothing was written.

What to do: find the journal (a backup that left it out? another volume?) and put it back. If it is
gone, the other members tell the initial UUID, the store itself its sequence:
`storemark adopt DIR --initial UUID --sequence N --reason TEXT`.)"},
    Explanation{
        Errc::store_hollow, "SM202", "store_hollow",
        "the journal has counted more than the store holds",
        R"(The journal knows of events that the store does not have: its volume is not mounted, it was restored
from an older backup, or emptied by hand. Started like this it could be taken for a source, and the
events of the whole cluster lost. Nothing was written.

What to do: bring the store back. If it is truly gone, let the broker take an update from another
member: `storemark discard DIR --if-sequence N --reason TEXT`.)"},
    Explanation{
        Errc::journal_damaged, "SM203", "journal_damaged", "the journal cannot be relied on",
        R"(No slot of the file can be read, or the file has not its size: truncated, grown, overwritten. It is
never taken for clean or for empty. Nothing was written.

What to do: `storemark examine --slots DIR` says what is left. With one good slot,
`storemark verify --repair DIR` builds a fresh file beside it and keeps the damaged one. With none,
`storemark adopt` makes a new journal for the store, once its sequence is known.)"},
    Explanation{
        Errc::journal_future, "SM204", "journal_future", "a newer storemark wrote the journal",
        R"(The file has a feature that this version does not know. Writing it could destroy what that feature
keeps. Nothing was written.

What to do: use the newer storemark; downgrade the broker only after a clean shutdown that it wrote
without the feature.)"},
    Explanation{
        Errc::not_a_journal, "SM205", "not_a_journal", "what has the journal's name is no journal",
        R"(A directory, a symbolic link, a FIFO, a device, or another program's file has the name
"storemark.journal". It is left alone.

What to do: see what it is, and move it away. A journal is a regular file; link the data directory, not
the file in it.)"},
    Explanation{
        Errc::journal_absent, "SM206", "journal_absent", "there is no journal",
        R"(The directory has no file "storemark.journal". For a tool that is all there is to say: only the broker
knows whether its store holds data.

What to do: check the path. A store that lost its journal is taken in again by `storemark adopt`.)"},
    Explanation{
        Errc::journal_exists, "SM207", "journal_exists", "there is a journal already",
        R"(A journal is never replaced by a new one: what it says would be lost. Nothing was written.

What to do: `storemark examine`; if it is damaged, `storemark verify --repair`.)"},
    Explanation{
        Errc::discard_only, "SM208", "discard_only", "an operator gave this store up",
        R"(`storemark discard` was said of this store: it can be moved aside and updated from another member, and
nothing else. (One that says that it holds nothing starts as if the word had not been said.)

What to do: let it join the running cluster; or take the word back: `storemark undo`.)"},
    Explanation{
        Errc::in_use, "SM301", "in_use", "the journal is open for writing elsewhere",
        R"(One writer at a time: another process, or another handle of this one, holds the lock on the journal.
The lock goes with its holder, also when that is killed; there is no stale lock to remove.

What to do: stop the broker. To look at it beside a running broker: `storemark examine`.)"},
    Explanation{Errc::no_permission, "SM302", "no_permission", "the system refused access",
                R"(The user may not read or write the data directory or the journal in it.

What to do: run as the user that owns the directory.)"},
    Explanation{
        Errc::read_only_filesystem, "SM303", "read_only_filesystem", "the filesystem is read-only",
        R"(The journal cannot be opened for writing: opening heals what a crash left, and that is a write. A
filesystem that turned read-only by itself had an error: see the system's log.

What to do: mount it read-write. `storemark examine` works as it is.)"},
    Explanation{
        Errc::no_space, "SM304", "no_space", "the filesystem is full",
        R"(No space, or no quota, is left. An existing journal needs none: it is written in place; but a
copy-on-write filesystem may need some even so.

What to do: free space, then open again. What was acknowledged is durable.)"},
    Explanation{
        Errc::io_failed, "SM305", "io_failed", "the device gave an error",
        R"(A read, write or sync failed. After a failed write or sync the journal is not written again in this
open: a retried sync can report success for data that the kernel has dropped. What was acknowledged
before is durable; the call that failed is not.

What to do: see the system's log for the device, then open again: opening reads the truth from it.)"},
    Explanation{
        Errc::directory_missing, "SM306", "directory_missing", "the data directory is not there",
        R"(The path does not exist or is no directory. A volume that is not mounted looks like this, or like an
empty directory.

What to do: check the path and the mount. The directory is made only where Options::make_directory says
so.)"},
    Explanation{
        Errc::file_replaced, "SM307", "file_replaced",
        "the journal's name denotes another file than the open one",
        R"(The file was removed or replaced under the broker: what is written to the open one is no longer what
the next start will read. The journal is not written any more.

What to do: see who touches the data directory. Stop the broker; examine; start it again.)"},
    Explanation{
        Errc::poisoned, "SM308", "poisoned",
        "an earlier write failed, and the journal is not written any more",
        R"(After a failed write or sync nothing is acknowledged in this open, since nobody knows what reached the
medium: "fsync failed, was retried, succeeded" is how acknowledged data was lost elsewhere.

What to do: close the journal, see to the cause, and open it again: that reads and heals what is
there.)"},
    Explanation{
        Errc::not_durable, "SM309", "not_durable",
        "the device acknowledged a write that was not there when read back",
        R"(The device loses or misplaces writes. At a transition: fewer than five of the six slots hold the record
that was written, and nothing was acknowledged. Of a sequence, read back a moment after it was written: four
times over it was not there in a second slot, and the journal is no longer written; the newest sequences may
slip back.

What to do: replace the device. `storemark verify DIR` shows what is left.)"},
    Explanation{
        Errc::message_too_long, "SM401", "message_too_long",
        "a message is longer than the group can carry",
        R"(A group carries messages up to a bound (Group::max_message), and an event has to fit in one. It was not
sent, and no member has seen any of it.

What to do: send less in one event, or the content by another way and its name as the event.)"},
    Explanation{
        Errc::group_lost, "SM402", "group_lost", "this member is no longer in the group",
        R"(The connection to the group ended: its process or daemon died, or this member was too slow for too long
and was cut off. The others see it as dead. Its store stays dirty, and is brought up to date when it joins again.

What to do: start the broker again; if it happens often, see whether the machine is overloaded.)"},
    Explanation{
        Errc::group_refused, "SM403", "group_refused", "the group does not take this process",
        R"(The members of a local group are processes of one user on one machine. Another user's process is there
already, or this one is not welcome; or the directory is on a network filesystem; or what answered does not speak
the group's protocol. Nothing was sent.

What to do: the message says which. Run all brokers of the group as one user, in a directory of their own.)"},
    Explanation{
        Errc::member_refused, "SM404", "member_refused", "the cluster refuses this member",
        R"(The restart rules say that this store may not join the cluster that is active: it belongs to another one,
it diverged, it is ahead, or nobody can tell. The message names the rule, and `storemark explain R4` has its page.
The store was not touched.

What to do: look at both with `storemark plan`. If what this store alone holds may go, `storemark discard` it;
then start the broker again.)"},
    Explanation{
        Errc::not_active, "SM405", "not_active", "the member is not active",
        R"(An event can be published, and a shutdown ordered, when every member that started with this one is durably
active, and no longer once this one leaves or is shut down. Nothing was sent.

What to do: wait for the status "active".)"},
    Explanation{
        Errc::cancelled, "SM406", "cancelled", "the wait was given up",
        R"(Whoever waited asked to stop, or the time that was set is over. A store that was not active is as it was; an
update that was under way leaves it "updating", and it takes another one next time.

What to do: nothing; start again when it suits.)"},
    Explanation{
        Errc::update_failed, "SM407", "update_failed", "the update from another member failed",
        R"(The copy of the donor's store did not arrive whole, or holds fewer events than the donor said; or the
cluster was so much faster than the copy that what had to be kept for afterwards outgrew its bound. The old store
has been moved aside; this one is "updating", and is no source for anybody.

What to do: see the cause in the message, and start the broker again: it takes another update.)"},
    Explanation{
        Errc::broker_failed, "SM408", "broker_failed",
        "the broker could not do what was asked of it",
        R"(One of the broker's own callbacks (restore, apply, sync, discard) failed. The member has left the cluster,
its journal says what its store is worth, and nothing is claimed that the store does not hold.

What to do: the message has what the broker said. Mend that, and start it again.)"},
};

const Explanation* find(Errc code) noexcept {
  const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                  [&](const Explanation& e) { return e.code == code; });
  return found == catalogue.end() ? nullptr : &*found;
}

}  // namespace

std::span<const Explanation> explanations() noexcept { return catalogue; }

std::string_view error_id(Errc code) noexcept {
  const Explanation* found = find(code);
  return found == nullptr ? std::string_view("SM000") : found->id;
}

std::string_view error_name(Errc code) noexcept {
  const Explanation* found = find(code);
  return found == nullptr ? std::string_view("unknown") : found->name;
}

std::string to_string(const Error& error) {
  return std::string(error_id(error.code)) + " " + error.what + " (" + error.where +
         "): " + error.why + "; " + error.todo;
}

}  // namespace storemark
