#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ring of examples/ring leaves nothing behind, whoever ends it and how. usage: ring_life_test.py; 77 where
no ring can be made."""
import faulthandler
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "examples" / "ring" / "ring.py"
KINDS = ["mnt", "net", "pid", "uts", "ipc"]
SECONDS = 60

# Says that the ring stands, with a stubborn child beside it, and waits for what comes.
STORY = "setsid sh -c 'trap : TERM INT HUP; while :; do sleep 1000; done' & echo ready; sleep 1000"


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def namespaces_of(pid):
    try:
        return {os.readlink(f"/proc/{pid}/ns/{kind}") for kind in KINDS}
    except OSError:
        return set()


def mounts():
    return pathlib.Path("/proc/self/mountinfo").read_text().splitlines()


def networks():
    return sorted(os.listdir("/sys/class/net"))


def descendants(root):
    found = {root}
    while True:
        more = {pid for pid in processes() if parent(pid) in found} - found
        if not more:
            return found
        found |= more


def parent(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


class RingLifeTest(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory(dir="/tmp")
        self.addCleanup(self.work.cleanup)
        self.environment = {**os.environ, "TMPDIR": self.work.name}

    def run_ring(self, *arguments, **words):
        return subprocess.run([PROGRAM, "run", *arguments], env=self.environment, text=True, check=False,
                              capture_output=True, timeout=SECONDS, **words)

    def left(self):
        return os.listdir(self.work.name)

    def start_story(self):
        """A ring that stands; the process that made it, and what lives in it: processes, namespaces."""
        story = subprocess.Popen([PROGRAM, "run", "--", "sh", "-c", STORY], env=self.environment,
                                 stdout=subprocess.PIPE, text=True)
        self.addCleanup(story.stdout.close)
        self.assertEqual(story.stdout.readline(), "ready\n")
        own = namespaces_of(os.getpid())
        inner = descendants(story.pid) - {story.pid}
        spaces = set().union(*map(namespaces_of, inner)) - own
        inner |= {pid for pid in processes() if namespaces_of(pid) & spaces}
        # The hub and three nodes; init, three holders, three daemons, and the story.
        self.assertEqual(len([space for space in spaces if space.startswith("net:")]), 4)
        self.assertGreaterEqual(len(inner), 8)
        return story, inner, spaces

    def assert_all_end(self, handles):
        for pid, handle in handles.items():
            with self.subTest(pid=pid):
                self.assertTrue(select.select([handle], [], [], SECONDS)[0], f"process {pid} lives on")
            os.close(handle)

    def end_story(self, number):
        story, inner, spaces = self.start_story()
        handles = {pid: os.pidfd_open(pid) for pid in inner}
        story.send_signal(number)
        status = story.wait(SECONDS)
        self.assert_all_end(handles)
        for pid in processes():
            self.assertFalse(namespaces_of(pid) & spaces, f"process {pid} is in a namespace of the ring")
        return status

    def test_the_commands_status_is_the_rings(self):
        self.assertEqual(self.run_ring("--idle", "--", "sh", "-c", "exit 42").returncode, 42)
        self.assertEqual(self.run_ring("--idle", "--", "sh", "-c", "kill -9 $$").returncode, 128 + 9)
        self.assertEqual(self.left(), [])

    def test_nothing_is_left_when_the_command_ends(self):
        before = mounts(), networks()
        ran = self.run_ring("--", "sh", "-c", "setsid sleep 1000 & readlink /proc/self/ns/pid")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        for pid in processes():
            self.assertNotIn(ran.stdout.strip(), namespaces_of(pid))
        self.assertEqual((mounts(), networks()), before)
        self.assertEqual(self.left(), [])

    def test_mounts_stay_inside_where_the_host_shares_its_own(self):
        story = ('cat /proc/self/mountinfo >"$TMPDIR/before"; "$0" run --idle -- true || exit; '
                 'cat /proc/self/mountinfo | diff "$TMPDIR/before" -')
        ran = subprocess.run(["unshare", "--mount", "--propagation", "shared", "sh", "-c", story, PROGRAM],
                             env=self.environment, text=True, check=False, capture_output=True)
        self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "", ""))

    def test_nothing_is_left_after_a_signal(self):
        before = mounts(), networks()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                self.assertEqual(self.end_story(number), 128 + number)
                self.assertEqual((mounts(), networks()), before)
                self.assertEqual(self.left(), [])

    def test_nothing_but_a_directory_is_left_after_a_kill_and_the_next_ring_takes_it(self):
        before = mounts(), networks()
        self.assertEqual(self.end_story(signal.SIGKILL), -signal.SIGKILL)
        self.assertEqual((mounts(), networks()), before)
        self.assertEqual(len(self.left()), 1)
        self.assertEqual(self.run_ring("--idle", "--", "true").returncode, 0)
        self.assertEqual(self.left(), [])

    def test_two_rings_at_once_do_not_meet(self):
        first, inner, _ = self.start_story()
        handles = {pid: os.pidfd_open(pid) for pid in inner}
        ran = self.run_ring("--nodes", "2", "--", PROGRAM, "members", "1")
        self.assertEqual((ran.returncode, ran.stdout), (0, "1 2 with quorum\n"))
        self.assertEqual(len(self.left()), 1)
        self.assertIsNone(first.poll())
        first.terminate()
        first.wait(SECONDS)
        self.assert_all_end(handles)

    def test_knet_forms_too(self):
        ran = self.run_ring("--transport", "knet", "--", PROGRAM, "members", "3")
        self.assertEqual((ran.returncode, ran.stdout), (0, "1 2 3 with quorum\n"))

    def test_where_it_is_not_permitted_it_says_so_and_is_skipped(self):
        def run_without(right, **more):
            return subprocess.run(
                ["setpriv", f"--bounding-set=-{right}", f"--inh-caps=-{right}", PROGRAM, "run", "--", "echo",
                 "ran"], env={**self.environment, **more}, text=True, check=False, capture_output=True)

        self.environment.pop("STOREMARK_RING_REQUIRED", None)
        for right, reason in [("sys_admin", "unshare: Operation not permitted"),
                              ("net_admin", "ip link set lo up: RTNETLINK answers: Operation not permitted")]:
            with self.subTest(right=right):
                skipped = run_without(right)
                self.assertEqual((skipped.returncode, skipped.stdout), (77, ""))
                self.assertEqual(skipped.stderr, "ring: SKIPPED: no Corosync ring can be made here: "
                                                 f"{reason}\n")
                required = run_without(right, STOREMARK_RING_REQUIRED="1")
                self.assertEqual(required.returncode, 1)
                self.assertIn("ring: REFUSED: ", required.stderr)
        self.assertEqual(self.left(), [])

    def test_a_temporary_directory_that_nodes_cannot_see_is_refused(self):
        self.environment["TMPDIR"] = "/dev/shm"
        ran = self.run_ring("--idle", "--", "true")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("/dev/shm is not shared by the nodes; set TMPDIR", ran.stderr)

    def test_what_belongs_inside_is_refused_outside(self):
        self.environment.pop("STOREMARK_RING", None)
        ran = subprocess.run([PROGRAM, "heal"], env=self.environment, text=True, check=False,
                             capture_output=True)
        self.assertEqual((ran.returncode, ran.stderr), (1, "ring: heal belongs inside ring.py run\n"))


def main():
    probe = subprocess.run([PROGRAM, "run", "--idle", "--", "true"], check=False)
    if probe.returncode != 0:
        return probe.returncode
    faulthandler.dump_traceback_later(280, exit=True)  # where it hangs, before ctest ends it without a word
    unittest.main()


if __name__ == "__main__":
    sys.exit(main())
