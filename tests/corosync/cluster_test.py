#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whole clusters of minibrokers on a ring of real daemons, under publishing clients. usage: ring.py run --
cluster_test.py MINIBROKER STOREMARK FOREIGN_PROGRAM [unittest's ARGS]

Each case ends with the same questions: do all members hold the same, is everything there, once, that was
answered OK, and nothing that was refused?
"""
import faulthandler
import os
import pathlib
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "ring"))
import nodes  # noqa: E402
from minibrokers import Broker, Client, differences  # noqa: E402

RING = nodes.Ring(os.environ["STOREMARK_RING"])
PROGRAM = TOOL = FOREIGN = None
ALL = "active, one of 3"
TWO = "active, one of 2"
SUSPENDED = "this member applies nothing until the others are back"


class ClusterTest(unittest.TestCase):
    def setUp(self):
        RING.renew()
        directory = tempfile.TemporaryDirectory(dir=RING.directory)
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.brokers = [Broker(RING, where, PROGRAM, self.directory / f"b{where}") for where in (1, 2, 3)]
        self.clients = []
        for broker in self.brokers:
            self.addCleanup(broker.kill)

    def tearDown(self):
        for client in self.clients:
            client.stopping.set()

    def start(self, *which):
        for broker in which or self.brokers:
            broker.start()

    def active(self, text=ALL, *which):
        for broker in which or self.brokers:
            broker.says(text)

    def publish(self):
        """A client at each broker; each has something stored when this returns."""
        self.clients = [Client(broker) for broker in self.brokers]
        self.gets()

    def gets(self, *which, more=50):
        for client in which or self.clients:
            client.gets(more)

    def form(self):
        self.start()
        self.active()
        self.publish()
        return *self.brokers, *self.clients

    def tool(self, *arguments):
        return subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True, check=False)

    def end(self):
        """Everybody publishes still; the cluster is shut down, and the stores are compared."""
        self.gets()
        for client in self.clients:
            client.stop()
        self.shut_down(self.brokers)
        self.assert_stores()

    def shut_down(self, which):
        self.assertEqual(which[0].ask("SHUTDOWN"), ["OK the cluster is shut down"])
        for broker in which:
            self.assertEqual(broker.ends(), 0)

    def assert_stores(self):
        self.assertEqual(differences(self.brokers, self.clients), [])

    # --- the cases ----------------------------------------------------------------------------

    def test_three_form_a_cluster(self):
        """None goes on before three are there; then all do, and a clean cluster starts again."""
        self.start(*self.brokers[:2])
        self.active("waiting for 1 of 3", *self.brokers[:2])
        self.start(self.brokers[2])
        self.active()
        self.publish()
        self.end()
        self.start()
        self.active()
        self.publish()
        self.end()

    def test_a_broker_is_killed(self):
        """Two go on at once, and the third comes back with a copy over TCP, under load."""
        one, two, three, first, second, _ = self.form()
        three.kill()
        self.active(TWO, one, two)
        self.gets(first, second)
        self.start(three)
        three.says("updated from")
        self.active(ALL)
        self.end()

    def test_a_daemon_is_killed(self):
        """Its broker ends by name, two go on, and both start again: R4."""
        one, two, three, first, second, _ = self.form()
        RING.kill(3)
        self.assertIn("SM402", three.says("SM402"))
        self.assertEqual(three.ends(), 1)
        self.active(TWO, one, two)
        self.gets(first, second)
        RING.start(3)
        self.start(three)
        three.says("updated from")
        self.active(ALL)
        self.end()

    def test_a_daemon_is_restarted_under_a_living_broker(self):
        """A clean stop of the daemon ends its broker by name too; a broker started before its daemon waits."""
        one, two, three, first, second, _ = self.form()
        RING.stop(3)
        three.says("SM402")
        self.assertEqual(three.ends(), 1)
        self.active(TWO, one, two)
        self.start(three)
        self.gets(first, second)
        RING.start(3)
        three.says("updated from")
        self.active(ALL)
        self.end()

    def test_a_broker_waits_for_its_daemon_until_it_is_told_to_leave(self):
        """Its service manager hears meanwhile that it is not hung."""
        RING.kill(3)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.settimeout(30)
            manager.bind(str(self.directory / "notify"))
            with unittest.mock.patch.dict(os.environ, NOTIFY_SOCKET=manager.getsockname()):
                self.start(self.brokers[2])
            for _ in range(3):
                self.assertEqual(manager.recv(4096).decode().splitlines(),
                                 ["STATUS=joining the group", "EXTEND_TIMEOUT_USEC=10000000"])
        self.assertEqual(self.brokers[2].leave(), 0)

    def test_one_node_is_cut_off_and_healed(self):
        """It is suspended, answers nobody, says so; healed it takes an update, and what it refused is nowhere."""
        one, two, three, first, second, third = self.form()
        RING.cut(3)
        three.says(SUSPENDED)
        self.active(TWO, one, two)
        self.assertTrue(three.ask("STATUS")[0].startswith("STATUS suspended "))
        self.gets(first, second)
        # Not of the third, who may be waiting: what it had applied and nobody confirmed is answered when healed.
        fourth = Client(three)
        self.clients.append(fourth)
        fourth.gets(1, lambda client: len(client.refused))
        stored = len(third.stored)
        self.gets(first, second)
        self.assertEqual((len(third.stored), len(fourth.stored)), (stored, 0))
        RING.heal()
        three.says("updated from")
        self.active(ALL)
        self.end()

    def test_two_against_one_again_and_again(self):
        """Whoever is cut off in turn: two go on with what they answered, and the third takes it over."""
        self.form()
        for lost in self.brokers:
            others = [broker for broker in self.brokers if broker is not lost]
            RING.cut(lost.where)
            lost.says(SUSPENDED)
            self.active(TWO, *others)
            self.gets(*(client for client in self.clients if client.broker is not lost))
            RING.heal()
            lost.says("updated from")
            self.active()
        self.end()

    def test_the_majority_is_killed_during_a_partition(self):
        """Their daemons give the third a quorum, and it waits for them; what they answered is gone on from."""
        one, two, three, first, second, third = self.form()
        RING.cut(3)
        three.says(SUSPENDED)
        self.active(TWO, one, two)
        self.gets(first, second)
        one.kill()
        two.kill()
        RING.heal()
        three.says("no quorum of members")
        stored = len(third.stored)
        self.start(two)
        two.says("no quorum of members")
        self.assertTrue(three.ask("STATUS")[0].startswith("STATUS suspended "))
        self.assertEqual(len(third.stored), stored)
        self.start(one)
        self.active("waiting for an operator")
        for client in self.clients:
            client.stop()
        self.decide()

    def test_two_of_three_hosts_are_lost_for_good(self):
        """As the runbook says: fewer votes are expected, and an operator decides on what is left."""
        one, two, three, *_ = self.form()
        for client in self.clients:
            client.stop()
        for broker in (one, two):
            broker.kill()
            RING.kill(broker.where)
        three.says("no quorum: 1 node is here")
        with RING.popen(3, ["corosync-quorumtool", "-e", "1"], stdout=subprocess.DEVNULL) as tool:
            self.assertEqual(tool.wait(), 0)
        three.says("no quorum of members")
        self.assertEqual(three.leave(), 0)
        said = self.tool("plan", "--wait-for", 1, three.directory)
        self.assertEqual(said.returncode, 4, said.stdout + said.stderr)
        marked = self.tool(*shlex.split(re.search("storemark (mark-clean .*)", said.stdout)[1]))
        self.assertEqual(marked.returncode, 0, marked.stdout + marked.stderr)
        three.start(wait_for=1)
        three.says("active, alone")
        self.assertTrue(three.ask("PUB q again")[0].startswith("OK "))

    def test_all_are_killed(self):
        """Nobody guesses; what plan prints is typed, and everything that was answered is there."""
        self.form()
        for broker in self.brokers:
            broker.process.kill()
        for broker in self.brokers:
            broker.kill()
        self.recover()

    def recover(self):
        """All are dead: started, they look into their stores; plan says what to type."""
        for client in self.clients:
            client.stop()
        self.start()
        self.active("waiting for an operator")
        self.decide()

    def decide(self):
        """All wait for an operator, who stops them and types what plan says."""
        for broker in self.brokers:
            self.assertEqual(broker.leave(), 0)
        directories = [broker.directory for broker in self.brokers]
        said = self.tool("plan", "--wait-for", 3, *directories)
        self.assertEqual(said.returncode, 4, said.stdout + said.stderr)
        word = re.search("storemark (mark-clean .*)", said.stdout)
        self.assertTrue(word, said.stdout)
        marked = self.tool(*shlex.split(word[1]))
        self.assertEqual(marked.returncode, 0, marked.stdout + marked.stderr)
        self.start()
        self.active()
        self.shut_down(self.brokers)
        self.assert_stores()

    def test_a_fifth_of_all_packets_is_lost(self):
        """Whatever parts and meets meanwhile: everybody who was answered was answered the truth."""
        self.form()
        RING.loss(20)
        self.gets(more=24)  # a token that is lost costs a quarter of a second
        RING.loss(0)
        self.end()

    def test_a_shutdown_while_a_node_is_cut_off(self):
        """Two are shut down clean; the third's dirty store, back again, is an ancestor and takes an update."""
        one, two, three, first, second, third = self.form()
        RING.cut(3)
        three.says(SUSPENDED)
        self.active(TWO, one, two)
        self.gets(first, second)
        first.stop()
        second.stop()
        self.shut_down([one, two])
        RING.heal()
        self.assertEqual(three.leave(), 0)
        third.stop()  # not before: of what was under way nobody could tell
        self.start()
        three.says("updated from")
        self.active()
        self.shut_down(self.brokers)
        self.assert_stores()

    def test_a_node_that_is_cut_off_is_shut_down(self):
        """Without quorum it refuses; told to ignore quorums it obeys, and its clean store is stale: R11."""
        for broker in self.brokers:
            broker.start(quorum="ignored")
        self.active()
        self.publish()
        one, two, three = self.brokers
        RING.cut(3)
        three.says("active, alone")
        self.active(TWO, one, two)
        self.gets()
        for client in self.clients:
            client.stop()
        self.shut_down([three])
        one.kill()
        two.kill()
        RING.heal()
        said = self.tool("plan", "--wait-for", 3, *(broker.directory for broker in self.brokers))
        self.assertEqual(said.returncode, 4, said.stdout + said.stderr)
        self.assertIn("R11", said.stdout)
        self.start()
        self.active("waiting for an operator")
        # It is offered to nobody.
        self.assertNotIn("updated from", "".join(one.said + two.said))

    def test_a_foreign_process_floods_the_group(self):
        """It is named by each broker, put out of their group, and clients are answered all the time."""
        for broker in self.brokers:
            broker.start("corosync:test")
        self.active()
        self.publish()
        with RING.popen(2, [FOREIGN, "flood"], stdout=subprocess.PIPE) as foreign:
            self.addCleanup(foreign.kill)
            self.assertEqual(foreign.stdout.readline(), b"in\n")
            for broker in self.brokers:
                broker.says(f"node 2, pid {foreign.pid} ")
            self.gets(more=16)
            foreign.kill()
        self.end()

    def test_a_broker_without_rights(self):
        """It ends, and says which file to write."""
        os.chown(self.brokers[0].directory, 65534, 65534)
        for directory in (RING.directory, self.directory):
            directory.chmod(0o711)
        self.brokers[0].start(user=65534)
        self.assertIn("/etc/corosync/uidgid.d/storemark", self.brokers[0].says("SM302"))
        self.assertEqual(self.brokers[0].ends(), 1)

    def test_two_clusters_with_one_name(self):
        """A store of another cluster is refused by name, and the members that are well go on."""
        one, two, three, first, second, _ = self.form()
        three.kill()
        self.active(TWO, one, two)
        other = Broker(RING, 3, PROGRAM, self.directory / "other")
        self.addCleanup(other.kill)
        other.start("corosync:other", 1)
        other.says("active, alone")
        self.assertEqual(other.ask("PUB q other"), ["OK 1"])
        self.assertEqual(other.leave(), 0)
        other.start()
        self.assertIn("R4: it belongs to cluster ", other.says("SM404"))
        self.assertEqual(other.ends(), 8)
        self.gets(first, second)
        self.start(three)
        self.active(ALL)
        self.end()


def main():
    global PROGRAM, TOOL, FOREIGN
    PROGRAM, TOOL, FOREIGN = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(3))
    faulthandler.dump_traceback_later(280, exit=True)  # where it hangs, before ctest ends it without a word
    unittest.main()


if __name__ == "__main__":
    main()
