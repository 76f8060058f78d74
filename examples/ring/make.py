# SPDX-License-Identifier: Apache-2.0
"""Makes a ring, has a command run beside it, and takes all of it away again. See ring.py."""
import contextlib
import fcntl
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import namespaces
import network
from nodes import Ring, RingError

PREFIX = "storemark-ring-"
PROGRAMS = {"corosync": "corosync", "corosync-quorumtool": "corosync", "nft": "nftables", "ip": "iproute2"}
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]

CONFIGURATION = """totem {{
  version: 2
  cluster_name: storemark
  transport: {transport}
  token: {token}
  token_coefficient: 0
  crypto_cipher: none
  crypto_hash: none
}}
quorum {{
  provider: corosync_votequorum
  expected_votes: {nodes}
}}
system {{
  sched_rr: {realtime}
  move_to_root_cgroup: no
}}
logging {{
  to_stderr: yes
  to_syslog: no
  timestamp: hires
}}
nodelist {{
{members}}}
"""

MEMBER = """  node {{
    nodeid: {node}
    name: node{node}
    ring0_addr: 192.0.2.{node}
  }}
"""


def make_node(ring, node, configuration):
    holder = namespaces.fork_node(f"node{node}")
    (ring.directory / f"node{node}.holder").write_text(str(holder))
    network.connect(node, holder)
    (ring.directory / "corosync.conf").write_text(configuration)
    for command in (["ip", "link", "set", "lo", "up"],
                    ["ip", "addr", "add", network.address(node) + "/24", "dev", "eth0"],
                    ["ip", "link", "set", "eth0", "up"],
                    ["mkdir", "/etc/corosync/uidgid.d"],
                    ["cp", str(ring.directory / "corosync.conf"), "/etc/corosync/"]):
        ring.run(node, *command, check=True)


def inside(ring, options):
    """The init of the place: makes the ring, runs the command, and waits for all that ends meanwhile."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    try:
        namespaces.make_private()
        network.make_hub()
        configuration = CONFIGURATION.format(
            members="".join(MEMBER.format(node=node) for node in range(1, options.nodes + 1)), **vars(options))
        for node in range(1, options.nodes + 1):
            make_node(ring, node, configuration)
        if not options.idle:
            ring.start_all()
        command = subprocess.Popen(options.command, env={**os.environ, "STOREMARK_RING": str(ring.directory)})
    except (namespaces.NotPermitted, RingError, OSError) as problem:
        return refuse(problem)
    while True:
        pid, status = os.wait()
        if pid == command.pid:
            return namespaces.status_of(status)


def refuse(problem):
    if not isinstance(problem, namespaces.NotPermitted):
        print(f"ring: {problem}", file=sys.stderr, flush=True)
        return 1
    required = bool(os.environ.get("STOREMARK_RING_REQUIRED"))
    print(f"ring: {'REFUSED' if required else 'SKIPPED'}: no Corosync ring can be made here: {problem}",
          file=sys.stderr, flush=True)
    return 1 if required else 77


def lack():
    """What this machine lacks, that can be told beforehand."""
    if os.geteuid() != 0:
        return "this is not root"
    for program, package in PROGRAMS.items():
        if not shutil.which(program):
            return f"no program {program} (package {package})"
    return None


def sweep(parent):
    """Takes away the directories of runs that were killed: nobody holds their lock."""
    for directory in parent.glob(PREFIX + "*"):
        with contextlib.suppress(OSError), open(directory / "lock", "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(directory, ignore_errors=True)


def run(options):
    problem = lack()
    if problem:
        return refuse(namespaces.NotPermitted(problem))
    parent = pathlib.Path(tempfile.gettempdir()).resolve()
    if any(parent.is_relative_to(hidden) for hidden in namespaces.OWN_DIRECTORIES):
        return refuse(RingError(f"{parent} is not shared by the nodes; set TMPDIR to a directory that is"))
    sweep(parent)
    directory = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    init = None
    with open(directory / "lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for number in SIGNALS:
            signal.signal(number, lambda number, _: sys.exit(128 + number))
        try:
            init = namespaces.fork_place(lambda: inside(Ring(directory), options))
            status = namespaces.status_of(os.waitpid(init, 0)[1])
            init = None
            return status
        except namespaces.NotPermitted as why:
            return refuse(why)
        finally:
            if init:
                os.kill(init, signal.SIGKILL)
                os.waitpid(init, 0)
            shutil.rmtree(directory, ignore_errors=True)
