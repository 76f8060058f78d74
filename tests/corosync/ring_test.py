#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ring of examples/ring does what it says. usage: ring.py run -- ring_test.py [unittest's ARGS]"""
import faulthandler
import os
import pathlib
import signal
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "examples" / "ring" / "ring.py"
sys.path.insert(0, str(PROGRAM.parent))
import nodes  # noqa: E402

RING = nodes.Ring(os.environ["STOREMARK_RING"])
ALL = {1, 2, 3}


def command(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


class RingTest(unittest.TestCase):
    def setUp(self):
        RING.renew()

    def await_members(self, wanted, quorate):
        for node in wanted:
            RING.wait(node, wanted, quorate)

    def reaches(self, sender, hearer):
        return RING.run(sender, "ping", "-c", "1", "-W", "1", f"192.0.2.{hearer}").returncode == 0

    def test_all_see_all(self):
        self.assertEqual(list(RING.nodes), [1, 2, 3])
        for node in ALL:
            self.assertEqual(RING.members(node), (ALL, True))

    def test_a_node_is_a_host_of_its_own(self):
        self.assertEqual(RING.run(2, "hostname").stdout, "node2\n")
        RING.run(2, "touch", "/run/mine", "/dev/shm/mine", check=True)
        self.assertNotEqual(RING.run(1, "ls", "/run/mine").returncode, 0)
        self.assertNotEqual(RING.run(1, "ls", "/dev/shm/mine").returncode, 0)
        self.assertFalse(os.path.exists("/run/mine"))

    def test_the_hosts_files_are_shared(self):
        path = RING.directory / "shared"
        RING.run(3, "sh", "-c", f"echo three >{path}", check=True)
        self.assertEqual(RING.run(1, "cat", path).stdout, "three\n")
        path.unlink()

    def test_exec_is_the_process_itself(self):
        with subprocess.Popen([PROGRAM, "exec", "2", "--", "sh", "-c", "hostname; echo $$; pwd; read line"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            said = [process.stdout.readline().strip() for _ in range(3)]
            self.assertEqual(said, ["node2", str(process.pid), os.getcwd()])
            process.kill()
            self.assertEqual(process.wait(), -signal.SIGKILL)

    def test_exec_gives_the_commands_status(self):
        self.assertEqual(command("exec", "1", "--", "sh", "-c", "exit 23").returncode, 23)
        self.assertEqual(command("exec", "1", "--", "no-such-program").returncode, 127)
        self.assertEqual(command("exec", "1", "--user", "65534", "--", "id", "-u").stdout, "65534\n")

    def test_a_mistake_is_named(self):
        for arguments, words in [(("exec", "7", "--", "true"), "no node 7: they are 1 to 3"),
                                 (("start", "0"), "no node 0"), (("cut", "9"), "no node 9"),
                                 (("split", "1,9", "2"), "no node 9"), (("loss", "101"), "not a percentage")]:
            with self.subTest(arguments=arguments):
                ran = command(*arguments)
                self.assertEqual(ran.returncode, 1)
                self.assertIn(words, ran.stderr)

    def test_a_node_is_cut_off_and_comes_back(self):
        RING.cut(3)
        self.await_members({1, 2}, True)
        self.await_members({3}, False)
        self.assertFalse(self.reaches(1, 3))
        self.assertFalse(self.reaches(3, 2))
        self.assertTrue(self.reaches(1, 2))
        RING.heal()
        self.await_members(ALL, True)
        self.assertTrue(self.reaches(3, 2))

    def test_a_split_in_two_and_in_three(self):
        self.assertEqual(command("split", "1", "2,3").returncode, 0)
        self.await_members({2, 3}, True)
        self.await_members({1}, False)
        RING.split({1, 3}, {2})
        self.await_members({1, 3}, True)
        self.await_members({2}, False)
        RING.split()
        for node in ALL:
            self.await_members({node}, False)

    def test_the_hub_reaches_a_node_that_is_cut_off(self):
        RING.cut(3)
        self.assertEqual(subprocess.run(["ping", "-c", "1", "-W", "2", "192.0.2.3"], check=False,
                                        stdout=subprocess.DEVNULL).returncode, 0)

    def test_a_daemon_is_killed_and_started(self):
        killed = RING.daemon(2)
        RING.kill(2)
        self.assertIsNone(RING.daemon(2))
        self.await_members({1, 3}, True)
        self.assertEqual(RING.members(2), (frozenset(), False))
        RING.start(2)
        self.assertNotEqual(RING.daemon(2), killed)
        self.await_members(ALL, True)

    def test_a_daemon_is_stopped_and_started(self):
        RING.stop(1)
        self.assertIsNone(RING.daemon(1))
        self.await_members({2, 3}, True)
        with self.assertRaisesRegex(nodes.RingError, "no daemon runs"):
            RING.stop(1)
        RING.start(1)
        self.await_members(ALL, True)

    def test_a_frozen_daemon_is_left_behind_and_returns(self):
        RING.freeze(3)
        self.await_members({1, 2}, True)
        RING.thaw(3)
        self.await_members(ALL, True)

    def test_waiting_in_vain_ends_and_says_what_is_seen(self):
        with self.assertRaisesRegex(nodes.RingError, r"node 1 does not see \[1, 2\] with quorum within 0.1 s, "
                                                    r"but 1 2 3 with quorum"):
            RING.wait(1, {1, 2}, True, seconds=0.1)
        ran = command("wait", "1", "1,2,3", "--inquorate", "--seconds", "0.1")
        self.assertEqual((ran.returncode, "without quorum within" in ran.stderr), (1, True))
        self.assertEqual(command("wait", "1", "1,2,3", "--quorate").returncode, 0)

    def test_a_daemon_that_ends_at_once_is_told_with_its_last_words(self):
        RING.kill(2)
        RING.run(2, "sh", "-c", "echo 'totem {' >>/etc/corosync/corosync.conf", check=True)
        try:
            with self.assertRaisesRegex(nodes.RingError, "node 2: .*the daemon ended: .*Missing closing brace"):
                RING.start(2)
        finally:
            RING.run(2, "cp", RING.directory / "corosync.conf", "/etc/corosync/", check=True)

    def test_losses_are_about_as_many_as_asked_for(self):
        def answered():
            said = RING.run(1, "ping", "-q", "-c", "1000", "-i", "0.001", "-W", "1", "192.0.2.2").stdout
            return int(said.partition("transmitted, ")[2].split()[0])

        self.assertEqual(answered(), 1000)
        self.assertEqual(command("loss", "20").returncode, 0)
        # There and back: 64 in 100 arrive. Seven deviations from it are 107.
        self.assertAlmostEqual(answered(), 640, delta=107)
        RING.loss(0)
        self.assertEqual(answered(), 1000)

    def test_renew_mends_everything(self):
        RING.cut(1)
        RING.loss(50)
        RING.kill(2)
        RING.freeze(3)
        RING.renew()
        for node in ALL:
            self.assertEqual(RING.members(node), (ALL, True))


if __name__ == "__main__":
    faulthandler.dump_traceback_later(280, exit=True)  # where it hangs, before ctest ends it without a word
    unittest.main()
