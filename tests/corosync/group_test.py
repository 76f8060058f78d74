#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The group over Corosync, on a ring of real daemons. usage: ring.py run -- group_test.py
NODE_PROGRAM FOREIGN_PROGRAM [unittest's ARGS]

Each case ends with the same question: was what any node was given in a view the beginning of what any
other of the view was given, and did nodes that moved on together get the same?
"""
import faulthandler
import itertools
import os
import pathlib
import select
import signal
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "ring"))
import nodes  # noqa: E402

RING = nodes.Ring(os.environ["STOREMARK_RING"])
RING.directory.chmod(0o711)  # a case runs a node as another user
PROGRAM = FOREIGN = None
SECONDS = 60


class Node:
    """A process in a node of the ring, in the group; what it says, line by line, and its log."""

    names = itertools.count(1)

    def __init__(self, where, *options, user=None):
        self.where = where
        self.name = f"n{where}"
        self.log = RING.directory / f"group{next(Node.names)}.log"
        self.log.touch()
        self.log.chmod(0o666)
        self.process = RING.popen(where, [PROGRAM, self.log, self.name, *map(str, options)], user,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.lines = []
        self.notices = []  # they come from a thread of their own
        self.partial = b""

    def tell(self, words):
        self.process.stdin.write(words.encode() + b"\n")

    def read(self, seconds):
        """What it says within this time; False: nothing."""
        if seconds <= 0 or not select.select([self.process.stdout], [], [], seconds)[0]:
            return False
        said = os.read(self.process.stdout.fileno(), 65536)
        *lines, self.partial = (self.partial + said).split(b"\n")
        for line in map(bytes.decode, lines):
            (self.notices if line.startswith("notice ") else self.lines).append(line)
        return bool(said)

    def lacks(self, what):
        raise AssertionError(f"{self.name}, exit status {self.process.poll()}: {what} within {SECONDS} s; "
                             f"lines {self.lines}; notices {self.notices}; log: {self.log.read_text()[-300:]}; "
                             f"daemons see: {[nodes.describe(*RING.members(node)) for node in RING.nodes]}")

    def notes(self, beginning):
        deadline = time.monotonic() + SECONDS
        while not any(line.startswith(f"notice {beginning}") for line in self.notices):
            if not self.read(deadline - time.monotonic()):
                self.lacks(f"no notice {beginning}")
        return self.notices[-1]

    def until(self, holds, what):
        """Until a line holds; that line, and all before it are forgotten."""
        deadline = time.monotonic() + SECONDS
        while True:
            while self.lines:
                line = self.lines.pop(0)
                if holds(line):
                    return line
                if line.startswith(("garbled ", "lost ", "refused ")):
                    raise AssertionError(f"{self.name}: no line {what}, but: {line}")
            if not self.read(deadline - time.monotonic()):
                self.lacks(f"no line {what}")

    def says(self, beginning):
        return self.until(lambda line: line.startswith(beginning), beginning)

    def sees(self, wanted, quorum):
        """Until a view has these nodes."""
        names = sorted(f"n{one}" for one in wanted)
        return self.until(lambda line: line.startswith(f"view {quorum} ")
                          and sorted(line.split()[2:]) == names, f"view {quorum} {names}")

    def seen(self):
        """How many messages have come to it, and by node the number of the last one."""
        self.tell("seen")
        count, *numbers = map(int, self.says("seen ").split()[1:])
        return count, dict(zip(numbers[::2], numbers[1::2]))

    def until_seen(self, holds, what):
        """Until it holds of what has come to it: seen()."""
        deadline = time.monotonic() + SECONDS
        while not holds(*self.seen()):
            if time.monotonic() > deadline:
                self.lacks(f"not {what}, but {self.seen()}")
            select.select([], [], [], 0.01)

    def freeze(self):
        nodes.freeze(self.process.pid)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def lives(self):
        """For each time it joined: [(view id, nodes, [(node, number), ...]), ...]"""
        out = []
        for line in self.log.read_text().splitlines(keepends=True):
            words = line.split()
            if not line.endswith("\n"):
                break  # killed while it wrote
            if words[0] == "J":
                out.append([])
            elif words[0] == "V":
                out[-1].append((words[1], tuple(words[3:]), []))
            else:
                out[-1][-1][2].append((words[1], int(words[2])))
        return out


class GroupTest(unittest.TestCase):
    def setUp(self):
        RING.renew()
        self.nodes = []

    def tearDown(self):
        for node in self.nodes:
            node.kill()
            node.process.stdin.close()
            node.process.stdout.close()

    def node(self, where, *options, user=None):
        self.nodes.append(Node(where, *options, user=user))
        return self.nodes[-1]

    def form(self, *options):
        ring = [self.node(where, *options) for where in (1, 2, 3)]
        for node in ring:
            node.sees({1, 2, 3}, "yes")
        return ring

    def foreign(self, where, kind):
        """A process in the group that is none of ours."""
        process = RING.popen(where, [FOREIGN, kind], stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), b"in\n")
        return process

    def settle(self, *living):
        """Nobody sends any more, and all that these have sent has come to each of them."""
        for node in living:
            node.tell("stop")
        sent = {}
        for node in living:
            identity, number = map(int, node.says("stopped ").split()[1:])
            if number:
                sent[identity] = number
        for node in living:
            node.until_seen(lambda _, last: sent.items() <= last.items(), f"the last of each of {sent}")

    def progress(self, node, messages=200):
        """So many messages more come to it."""
        wanted = node.seen()[0] + messages
        node.until_seen(lambda count, _: count >= wanted, f"{wanted} messages")

    def assert_agreement(self):
        """The contract of group.hpp, over all logs of this case."""
        lives = [(node.name, life) for node in self.nodes for life in node.lives()]
        for _, life in lives:
            self.assert_order_within(life)
        for (one, its), (other, theirs) in itertools.combinations(lives, 2):
            self.assert_pair(its, theirs, f"{one} {other}")

    def assert_pair(self, one, other, who):
        theirs = {view[0]: (index, view) for index, view in enumerate(other)}
        for index, (name, members, messages) in enumerate(one):
            if name not in theirs:
                continue
            at, (_, their_members, their_messages) = theirs[name]
            self.assertEqual(members, their_members, who)
            length = min(len(messages), len(their_messages))
            self.assertEqual(messages[:length], their_messages[:length], f"{who}: not a beginning in {name}")
            together = index + 1 < len(one) and at + 1 < len(other) and one[index + 1][0] == other[at + 1][0]
            if together:
                self.assertEqual(len(messages), len(their_messages), f"{who}: moved on with different {name}")

    def assert_order_within(self, views):
        """Of who stays in the view nothing is missing, nothing comes twice, and none from others."""
        last = {}
        self.assertEqual(len({view[0] for view in views}), len(views), "a view came twice")
        for _, members, messages in views:
            last = {node: number for node, number in last.items() if node in members}
            for node, number in messages:
                self.assertIn(node, members)
                if node in last:
                    self.assertEqual(number, last[node] + 1, f"of {node}")
                last[node] = number

    # --- the cases ----------------------------------------------------------------------------

    def test_all_are_given_the_same_under_load(self):
        ring = self.form()
        for node in ring:
            node.tell("load 300")
        for node in ring:
            self.progress(node, 5000)
        self.settle(*ring)
        self.assert_agreement()
        counts = {node.seen()[0] for node in ring}
        self.assertEqual(len(counts), 1)

    def test_one_leaves_and_all_it_sent_has_come(self):
        ring = self.form()
        ring[2].tell("send 3000 200")
        ring[2].tell("leave 20000")
        ring[2].says("left")
        for node in ring[:2]:
            node.sees({1, 2}, "yes")
            self.assertEqual(node.seen()[0], 3000)
        self.assert_agreement()

    def test_a_process_is_killed_under_load(self):
        ring = self.form()
        for node in ring:
            node.tell("load 300")
        self.progress(ring[2], 1000)
        ring[2].kill()
        for node in ring[:2]:
            node.sees({1, 2}, "yes")
            self.progress(node)
        self.settle(*ring[:2])
        self.assert_agreement()

    def test_a_daemon_is_killed_and_started_under_living_nodes(self):
        ring = self.form()
        for node in ring:
            node.tell("load 300")
        self.progress(ring[2], 1000)
        RING.kill(3)
        lost = ring[2].says("lost ")
        self.assertIn("SM402", lost)
        self.assertIn("Corosync's daemon on this host is gone", lost)
        for node in ring[:2]:
            node.sees({1, 2}, "yes")
            self.progress(node)
        # The same process, the same process id, another node.
        ring[2].tell("join 30000")
        ring[2].read(0.2)
        RING.start(3)
        ring[2].says("joined ")
        for node in ring:
            node.sees({1, 2, 3}, "yes")
        ring[2].tell("load 300")
        for node in ring:
            self.progress(node)
        self.settle(*ring)
        self.assert_agreement()

    def test_a_daemon_stops_cleanly(self):
        ring = self.form()
        for node in ring:
            node.tell("load 300")
        RING.stop(2)
        ring[1].says("lost ")
        for node in (ring[0], ring[2]):
            node.sees({1, 3}, "yes")
            self.progress(node)
        self.settle(ring[0], ring[2])
        self.assert_agreement()

    def test_a_node_is_cut_off_under_load_and_comes_back(self):
        ring = self.form()
        for node in ring:
            node.tell("load 300")
        self.progress(ring[0], 1000)
        RING.cut(3)
        for node in ring[:2]:
            node.sees({1, 2}, "yes")
        ring[2].sees({3}, "no")
        for node in ring:
            self.progress(node)
        RING.heal()
        for node in ring:
            node.sees({1, 2, 3}, "yes")
            self.progress(node)
        self.settle(*ring)
        self.assert_agreement()

    def test_all_are_parted_and_meet_in_pairs(self):
        ring = self.form()
        for node in ring:
            node.tell("load 300")
        RING.split()
        for where, node in zip((1, 2, 3), ring):
            node.sees({where}, "no")
        RING.split({1, 3})
        for node in (ring[0], ring[2]):
            node.sees({1, 3}, "yes")
        RING.heal()
        for node in ring:
            node.sees({1, 2, 3}, "yes")
        self.settle(*ring)
        self.assert_agreement()

    def test_a_daemon_is_frozen_under_load(self):
        ring = self.form()
        for node in ring:
            node.tell("load 300")
        self.progress(ring[2], 1000)
        RING.freeze(3)
        for node in ring[:2]:
            node.sees({1, 2}, "yes")
        # Its node answers meanwhile: no call waits for the daemon.
        ring[2].seen()
        self.progress(ring[0])
        RING.thaw(3)
        for node in ring:
            node.sees({1, 2, 3}, "yes")
            self.progress(node)
        self.settle(*ring)
        self.assert_agreement()

    def test_neither_leaving_nor_destruction_waits_for_a_frozen_daemon(self):
        ring = self.form()
        for node in ring[1:]:
            node.tell("load 300")
        self.progress(ring[2], 1000)
        RING.freeze(3)
        RING.freeze(2)
        ring[2].tell("leave 100")
        self.assertIn("did not take its leave in time", ring[2].says("lost "))
        ring[1].tell("destroy")
        ring[1].says("destroyed")
        ring[1].tell("join 200")
        self.assertIn("did not answer within 200 ms", ring[1].says("refused "))
        RING.thaw(2)
        RING.thaw(3)
        for node in ring[1:]:
            node.tell("join 30000")
            node.says("joined ")
        for node in ring:
            node.sees({1, 2, 3}, "yes")
        self.assert_agreement()

    def test_a_process_is_frozen_and_takes_all_when_it_runs(self):
        ring = self.form()
        for node in ring[:2]:
            node.tell("rate 500 300")
        ring[2].freeze()
        self.progress(ring[0], 500)
        ring[2].process.send_signal(signal.SIGCONT)
        self.settle(*ring[:2])
        wanted = ring[0].seen()[0]
        ring[2].until_seen(lambda count, _: count == wanted, f"{wanted} messages")
        self.assert_agreement()

    def test_who_is_frozen_while_a_view_is_agreed_is_left_out(self):
        ring = self.form(1500)
        ring[2].freeze()
        ring[1].kill()
        ring[0].sees({1}, "yes")
        ring[0].notes("node 3, pid ")
        ring[2].process.send_signal(signal.SIGCONT)
        self.assertIn("the others went on without it", ring[2].says("lost "))
        ring[2].tell("join 30000")
        for node in (ring[0], ring[2]):
            node.sees({1, 3}, "yes")
        self.assert_agreement()

    def test_a_node_that_does_not_dispatch_holds_nobody_up(self):
        ring = self.form(10_000, 1 << 20)
        ring[2].tell("pause")
        ring[2].says("paused")
        for node in ring[:2]:
            node.tell("load 1000")
        self.progress(ring[0], 5000)
        ring[2].tell("resume")
        ring[2].says("resumed")
        self.settle(*ring[:2])
        wanted = ring[0].seen()[0]
        ring[2].until_seen(lambda count, _: count == wanted, f"{wanted} messages")
        self.assert_agreement()

    def test_a_fifth_of_all_packets_is_lost(self):
        ring = self.form()
        RING.loss(20)
        for node in ring:
            node.tell("rate 200 300")
        select.select([], [], [], 5)
        RING.loss(0)
        for node in ring:
            self.progress(node)
        self.settle(*ring)
        self.assert_agreement()

    def test_messages_up_to_the_limit(self):
        ring = self.form()
        limit = 1047552 - 20
        for size, count in [(0, 3), (limit, 3), (limit - 1, 2)]:
            ring[0].tell(f"send {count} {size}")
        for node in ring:
            node.until_seen(lambda count, _: count == 8, "8 messages")
        ring[0].tell(f"send 1 {limit + 1}")
        said = ring[0].says("error ")
        self.assertIn("SM401", said)
        self.assertIn(f"{limit} are the most", said)
        self.assert_agreement()

    def test_no_daemon_and_no_rights_are_named(self):
        RING.kill(1)
        lonely = self.node(1)
        lonely.tell("destroy")
        stranger = self.node(2, user=65534)
        said = stranger.says("refused ")
        self.assertIn("SM302", said)
        self.assertIn("/etc/corosync/uidgid.d/storemark", said)
        # It waits for a daemon that starts.
        RING.start(1)
        lonely.says("joined ")

    def test_the_advice_on_rights_is_right(self):
        self.assertIn("SM302", self.node(1, user=65534).says("refused "))
        text = "uidgid {\n  uid: 65534\n}\n"
        for where in (1, 2, 3):
            RING.run(where, "sh", "-c", f"printf '{text}' >/etc/corosync/uidgid.d/storemark", check=True)
        RING.run(1, "corosync-cfgtool", "-R", check=True)
        self.node(1, user=65534).sees({1}, "yes")
        for where in (1, 2, 3):
            RING.run(where, "rm", "/etc/corosync/uidgid.d/storemark", check=True)

    def test_a_foreign_process_sends_garbage_and_floods(self):
        ring = self.form(1500)
        foreign = self.foreign(2, "flood")
        for node in ring:
            node.notes(f"a message from node 2, pid {foreign.pid} is ignored: ")
            node.tell("rate 200 300")
        for node in ring:
            node.sees([1, 2, 3], "yes")
            self.progress(node)
        foreign.kill()
        for node in ring:
            node.sees([1, 2, 3], "yes")
            self.progress(node)
        self.settle(*ring)
        self.assert_agreement()

    def test_a_foreign_process_that_is_silent_is_left_out(self):
        ring = self.form(1000)
        foreign = self.foreign(3, "silent")
        for node in ring:
            node.notes(f"node 3, pid {foreign.pid} is put out of the group: ")
            node.sees([1, 2, 3], "yes")
        # Nor is it waited for a second time.
        late = self.node(1, 60_000)
        late.sees([1, 1, 2, 3], "yes")
        self.assert_agreement()

    def test_another_version_of_the_protocol_is_named(self):
        ring = self.form(60_000)
        foreign = self.foreign(3, "version")
        for node in ring:
            said = node.notes(f"node 3, pid {foreign.pid} is put out of the group: ")
            self.assertIn("it speaks version 2 of the protocol, and this node version 1", said)
            node.sees([1, 2, 3], "yes")
        self.assert_agreement()


def main():
    global PROGRAM, FOREIGN
    PROGRAM, FOREIGN = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))
    faulthandler.dump_traceback_later(280, exit=True)  # where it hangs, before ctest ends it without a word
    unittest.main()


if __name__ == "__main__":
    main()
