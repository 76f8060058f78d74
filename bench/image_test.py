#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev bench --fs leaves neither mount, loop device nor image behind. usage: image_test.py PROGRAMS"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77


def start(directory, subject):
    return subprocess.Popen(
        [sys.executable, HERE / "run.py", "--programs", sys.argv[1], "--tiny", "--only", subject, "--fs", "ext4",
         "--size", "128", "--json", directory / "json", directory], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True)


def loop_devices(directory):
    found = subprocess.run(["losetup", "--noheadings", "--list", "--output", "BACK-FILE"], check=True,
                           stdout=subprocess.PIPE, text=True)
    return [line for line in found.stdout.splitlines() if str(directory) in line]


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


class Image(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(dir=sys.argv[1])
        self.addCleanup(place.cleanup)
        self.directory = pathlib.Path(place.name).resolve()

    def left(self):
        """Files that are not the results, and loop devices."""
        files = [path for path in self.directory.rglob("*") if path.is_file() and path.suffix != ".json"]
        return files + loop_devices(self.directory)

    def test_a_run_leaves_nothing(self):
        run = start(self.directory, "transition")
        output = run.communicate()[0]
        self.assertEqual(0, run.returncode, output)
        self.assertTrue((self.directory / "json" / "transition.json").is_file())
        # The kernel lets go of the device a moment after the mount.
        self.assertTrue(wait_for(lambda: not self.left()), self.left())
        self.assertEqual(["json"], os.listdir(self.directory))

    def test_a_kill_leaves_nothing(self):
        run = start(self.directory, "paced")
        # It has a name until it is mounted.
        self.assertTrue(wait_for(lambda: loop_devices(self.directory) and not list(self.directory.glob("image-*"))))
        run.kill()
        run.communicate()
        self.assertTrue(wait_for(lambda: not self.left()), self.left())


if __name__ == "__main__":
    def works(*command):
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0

    if os.geteuid() != 0 or not works("unshare", "--mount", "true") or not works("losetup", "--find"):
        print("no image can be mounted here: this is not root, or may not mount, or has no loop devices")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
