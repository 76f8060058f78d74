# SPDX-License-Identifier: Apache-2.0
"""The nodes of a ring that ring.py made: commands in them, their daemons, what they see, who hears whom."""
import os
import pathlib
import select
import signal
import subprocess
import time

import namespaces
from network import filter_between_nodes


class RingError(Exception):
    """What did not come about, in one line."""


def has_ended(pid, seconds=0):
    """Whether the process ends within this time. One that nobody has waited for yet has ended too."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def freeze(pid):
    """Returns when no thread of the process runs any more: the signal alone stops one after the other."""
    os.kill(pid, signal.SIGSTOP)
    while any(task.read_text().rpartition(")")[2].split()[0] not in "TZX"
              for task in pathlib.Path(f"/proc/{pid}/task").glob("*/stat")):
        time.sleep(0.001)


class Ring:
    """The ring whose files are in `directory`. Any number of these may stand for one ring; calls on one
    node at a time."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)

    @property
    def nodes(self):
        return range(1, len(list(self.directory.glob("node*.holder"))) + 1)

    # --- in a node ----------------------------------------------------------------------------

    def holder(self, node):
        try:
            return int((self.directory / f"node{node}.holder").read_text())
        except FileNotFoundError:
            raise RingError(f"no node {node}: they are 1 to {len(self.nodes)}") from None

    def enter(self, node, user=None):
        namespaces.enter(self.holder(node))
        if user is not None:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)

    def popen(self, node, command, user=None, **words):
        """`command` in the node, as subprocess.Popen has it."""
        self.holder(node)
        return subprocess.Popen(command, preexec_fn=lambda: self.enter(node, user), **words)

    def run(self, node, *command, user=None, check=False):
        """`command` in the node, to its end, a minute at most; its status and words, as subprocess.run has
        them."""
        with self.popen(node, command, user, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                        text=True) as process:
            try:
                said, complained = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                raise RingError(f"node {node}: {' '.join(map(str, command))}: has not ended within 60 s") from None
        if check and process.returncode != 0:
            raise RingError(f"node {node}: {' '.join(command)}: {complained.strip() or process.returncode}")
        return subprocess.CompletedProcess(command, process.returncode, said, complained)

    # --- daemons ------------------------------------------------------------------------------

    def log(self, node):
        return self.directory / f"node{node}.log"

    def daemon(self, node):
        """Its process id; None if none runs."""
        try:
            pid = int((self.directory / f"node{node}.daemon").read_text())
        except FileNotFoundError:
            return None
        return None if has_ended(pid) else pid

    def launch(self, node):
        """Starts the daemon, and does not wait for it."""
        if self.daemon(node):
            raise RingError(f"node {node}: its daemon runs already")
        with open(self.log(node), "ab") as log:
            # A grandchild: init is its parent, and nobody else needs to wait for it.
            with self.popen(node, ["sh", "-c", "corosync -f </dev/null >&2 & echo $!"],
                            start_new_session=True, stdout=subprocess.PIPE, stderr=log) as shell:
                pid = int(shell.stdout.read())
        (self.directory / f"node{node}.daemon").write_text(str(pid))

    def start(self, node):
        """Returns when the daemon answers, and sees itself at least."""
        if not self.daemon(node):
            self.launch(node)
        self.poll(lambda: node in self.members(node)[0], 30, f"node {node}: its daemon does not answer", node)

    def signal(self, node, number):
        pid = self.daemon(node)
        if not pid:
            raise RingError(f"node {node}: no daemon runs")
        os.kill(pid, number)
        return pid

    def stop(self, node):
        """Clean: the others are told. Returns when the daemon has ended."""
        self.end(node, signal.SIGTERM)

    def kill(self, node):
        """Returns when the daemon has ended."""
        self.end(node, signal.SIGKILL)

    def end(self, node, number):
        if not has_ended(self.signal(node, number), 30):
            raise RingError(f"node {node}: its daemon has not ended within 30 s")

    def freeze(self, node):
        freeze(self.signal(node, 0))

    def thaw(self, node):
        self.signal(node, signal.SIGCONT)

    def start_all(self):
        for node in self.nodes:
            if not self.daemon(node):
                self.launch(node)
        for node in self.nodes:
            self.wait(node, self.nodes)

    def renew(self):
        self.heal()
        self.loss(0)
        for node in self.nodes:
            if self.daemon(node):
                self.kill(node)
        self.start_all()

    # --- what a node sees ---------------------------------------------------------------------

    def members(self, node):
        """The nodes that this node's daemon has in its ring, and whether they have quorum; nobody if the
        daemon does not answer."""
        seen, quorate = set(), False
        try:
            # A frozen daemon never answers.
            said = self.run(node, "timeout", "--kill-after=1", "5", "corosync-quorumtool", "-s", "-i").stdout
        except OSError as problem:
            raise RingError(f"node {node}: {problem}") from problem
        listed = said.partition("Membership information")[2]
        for line in listed.splitlines():
            words = line.split()
            if len(words) >= 3 and words[0].isdigit():
                seen.add(int(words[0]))
        for line in said.splitlines():
            if line.startswith("Quorate:"):
                quorate = line.split()[1] == "Yes"
        return frozenset(seen), quorate

    def wait(self, node, members, quorate=None, seconds=60):
        """Until the node sees just these, and has quorum or not as `quorate` says."""
        wanted = frozenset(members)

        def is_so():
            seen, has_quorum = self.members(node)
            return seen == wanted and quorate in (None, has_quorum)

        self.poll(is_so, seconds, f"node {node} does not see {sorted(wanted)} {quorate_words(quorate)}".strip(),
                  node)

    def poll(self, is_so, seconds, complaint, node):
        """The daemon is not ours, and tells nobody: so it is asked, a bounded time long."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if not self.daemon(node):
                raise RingError(f"{complaint}: the daemon ended: {self.last_words(node)}")
            if time.monotonic() > deadline:
                raise RingError(f"{complaint} within {seconds} s, but {describe(*self.members(node))}")
            time.sleep(0.02)

    def last_words(self, node):
        lines = self.log(node).read_text(errors="replace").strip().splitlines()
        return " | ".join(lines[-3:]) or "without a word"

    # --- the network --------------------------------------------------------------------------

    def split(self, *sets):
        """Only nodes of one of these sets hear each other."""
        together = [frozenset(nodes) for nodes in sets]
        for node in frozenset().union(*together):
            self.holder(node)
        drops = [f'iifname "node{sender}" oifname "node{hearer}" drop'
                 for sender in self.nodes for hearer in self.nodes
                 if sender != hearer and not any({sender, hearer} <= nodes for nodes in together)]
        filter_between_nodes("split", drops)

    def cut(self, node):
        self.holder(node)
        self.split(set(self.nodes) - {node})

    def heal(self):
        filter_between_nodes("split", [])

    def loss(self, percent):
        if not 0 <= percent <= 100:
            raise RingError(f"not a percentage: {percent}")
        filter_between_nodes("loss", [f"numgen random mod 100 < {percent} drop"] if percent else [])


def quorate_words(quorate):
    return {None: "", True: "with quorum", False: "without quorum"}[quorate]


def describe(seen, quorate):
    return f"{' '.join(map(str, sorted(seen))) or 'nobody'} {quorate_words(quorate)}"
