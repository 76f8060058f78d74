# SPDX-License-Identifier: Apache-2.0
"""Minibrokers in the nodes of a ring, their clients, and what was answered against what is stored."""
import itertools
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import threading

SECONDS = 30
BATCH = 8  # requests that a client sends at once
PAUSE = 0.01  # of a client between two batches, so that two cores carry all of it
PORT = 7100


class Broker:
    """A minibroker in a node of the ring, with a store of its own; what it says, line by line."""

    def __init__(self, ring, where, program, directory):
        self.ring, self.where, self.program = ring, where, program
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        self.process = None

    @property
    def socket(self):
        return str(self.directory / "socket")

    def start(self, group="corosync", wait_for=3, quorum="automatic", user=None):
        self.said, self.partial = [], b""
        self.process = self.ring.popen(
            self.where, [self.program, "--directory", self.directory, "--group", group, "--quorum", quorum,
                         "--wait-for", str(wait_for), "--interval", "100",
                         "--update-address", f"192.0.2.{self.where}:{PORT}"],
            user, stderr=subprocess.PIPE, bufsize=0)

    def read(self, seconds):
        """What it says within this time; False: nothing."""
        if not select.select([self.process.stderr], [], [], seconds)[0]:
            return False
        more = os.read(self.process.stderr.fileno(), 65536)
        *lines, self.partial = (self.partial + more).split(b"\n")
        self.said += [line.decode() for line in lines]
        return bool(more)

    def forget(self):
        """What it has said until now is of no interest."""
        self.last_words()
        self.said.clear()

    def says(self, pattern):
        """Waits for a line in which the pattern is found; forgets it, and all before it."""
        seen = []
        while True:
            while self.said:
                seen.append(self.said.pop(0))
                if re.search(pattern, seen[-1]):
                    return seen[-1]
            if not self.read(SECONDS):
                raise AssertionError(f"{self.directory.name} does not say \"{pattern}\", but {seen[-6:]}")

    def last_words(self):
        while self.read(0):
            pass
        return self.said[-6:]

    def ends(self):
        """Waits for its end, and returns its exit status."""
        while self.read(SECONDS):
            pass
        status = self.process.wait(SECONDS)
        self.process.stderr.close()
        return status

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            self.process.stderr.close()

    def leave(self):
        self.process.send_signal(signal.SIGTERM)
        return self.ends()

    def ask(self, *lines):
        """The answers to requests, one line each."""
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(SECONDS)
            caller.connect(self.socket)
            with caller.makefile("rw", newline="\n") as words:
                for line in lines:
                    words.write(line + "\n")
                words.flush()
                return [words.readline().rstrip("\n") for _ in lines]

    def dump(self):
        return subprocess.run([self.program, "--directory", self.directory, "--dump"], check=True,
                              capture_output=True, text=True).stdout


class Client:
    """Publishes numbered texts at one broker until it is told to stop, calls again whenever that has hung
    up, and keeps what it was answered."""

    names = itertools.count(1)

    def __init__(self, broker):
        self.broker = broker
        self.queue = f"c{next(Client.names)}"
        self.sent = itertools.count(1)
        self.stored = {}  # text: its id
        self.refused = set()  # they must not be there, and all else that was sent may be
        self.failure = None
        self.progress = threading.Condition()
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            while not self.stopping.is_set():
                try:
                    with socket.socket(socket.AF_UNIX) as caller:
                        caller.connect(self.broker.socket)
                        self.publish(caller)
                except OSError:
                    self.stopping.wait(PAUSE)
        except Exception as problem:  # pylint: disable=broad-except
            self.failure = problem

    def publish(self, caller):
        with caller.makefile("rw", newline="\n") as words:
            while not self.stopping.is_set():
                texts = [f"t{next(self.sent)}" for _ in range(BATCH)]
                words.write("".join(f"PUB {self.queue} {text}\n" for text in texts))
                words.flush()
                for text in texts:
                    answer = words.readline()
                    if not answer.endswith("\n"):
                        return
                    self.take(text, answer.rstrip("\n"))
                self.stopping.wait(PAUSE)

    def take(self, text, answer):
        with self.progress:
            if answer.startswith("OK "):
                self.stored[text] = int(answer.split()[1])
            elif "not done, no quorum" in answer:
                self.refused.add(text)
            elif "was not published" in answer:
                self.refused.add(text)
            elif "may or may not have happened" not in answer:
                raise ValueError(f"an answer that nobody expects: {answer}")
            self.progress.notify_all()

    def gets(self, more, what=lambda client: len(client.stored)):
        """Until `more` further requests are stored, or what else is counted."""
        with self.progress:
            wanted = what(self) + more
            if not self.progress.wait_for(lambda: what(self) >= wanted, SECONDS):
                raise AssertionError(f"client {self.queue}: {what(self)} of {wanted}; {self.failure}; "
                                     f"its broker says {self.broker.last_words()}")

    def stop(self):
        self.stopping.set()
        self.thread.join(SECONDS)
        if self.thread.is_alive() or self.failure:
            raise AssertionError(f"client {self.queue}: {self.failure or 'not answered'}")


def differences(brokers, clients):
    """Why the stores are not what the clients were told; empty: they are the same, and just that."""
    dumps = [broker.dump() for broker in brokers]
    out = [f"{broker.directory.name} differs from {brokers[0].directory.name}"
           for broker, dump in zip(brokers, dumps) if dump != dumps[0]]
    stored = {}
    for line in dumps[0].splitlines():
        if not line.startswith("# "):
            queue, number, text = line.split(" ", 2)
            if (queue, text) in stored:
                out.append(f"{queue} {text} is there twice")
            stored[queue, text] = int(number)
    for client in clients:
        for text, number in client.stored.items():
            if stored.get((client.queue, text)) != number:
                out.append(f"{client.queue} {text} was answered OK {number}: {stored.get((client.queue, text))}")
        out += [f"{client.queue} {text} was refused, and is there"
                for text in client.refused if (client.queue, text) in stored]
    return out[:10]
