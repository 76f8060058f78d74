#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real Corosync ring on this one machine, as root: a network, mounts and a daemon for each node.

usage: ring.py run [--nodes N] [--transport udpu|knet] [--token MS] [--realtime yes|no] [--idle]
           -- COMMAND...
         makes the ring, runs COMMAND beside it, and takes its status; nothing outlives it. --idle starts
         no daemon. 77: not permitted on this machine (1 where STOREMARK_RING_REQUIRED is set).
         Daemons without realtime lose their token, and each other, on a busy machine.
In COMMAND, which finds the ring's directory in STOREMARK_RING:
  exec K [--user UID] -- COMMAND...   becomes COMMAND, in node K (the same process id)
  start K... | stop K... | kill K...  the daemon: until it answers; clean; as by kill -9
  freeze K... | thaw K...             the daemon gets SIGSTOP, SIGCONT
  split K,K... K,K...                 only the nodes of one set hear each other; others hear nobody
  cut K | heal                        K hears nobody, the others each other; all hear all
  loss PERCENT                        so many packets between nodes are lost, at random; 0: none
  members K                           whom K sees, and whether it has quorum
  wait K K,K... [--quorate|--inquorate] [--seconds S]   until K sees just these
  renew                               all healed, every daemon killed and started anew, all see all

Nodes are 1 to N, at 192.0.2.K. COMMAND stands at 192.0.2.254, which reaches every node whatever is cut.
The daemons' words go to STOREMARK_RING/nodeK.log. The host's files are shared, but not /run and /dev/shm: a
socket that is a file joins nodes that the network parts.
"""
import argparse
import contextlib
import fcntl
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import namespaces  # noqa: E402

HUB_HOST = 254
PREFIX = "storemark-ring-"
PROGRAMS = {"corosync": "corosync", "corosync-quorumtool": "corosync", "nft": "nftables", "ip": "iproute2"}
# Corosync stands in sbin, which a user's path may lack.
os.environ["PATH"] = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"

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


class RingError(Exception):
    """What did not come about, in one line."""


def await_exit(pid, seconds):
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        try:
            if not select.select([descriptor], [], [], seconds)[0]:
                raise RingError(f"process {pid} has not ended within {seconds} s")
        finally:
            os.close(descriptor)


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
        """`command` in the node, to its end; its status and words, as subprocess.run has them."""
        with self.popen(node, command, user, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                        text=True) as process:
            said, complained = process.communicate()
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
            os.kill(pid, 0)
        except (FileNotFoundError, ProcessLookupError):
            return None
        return pid

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
        await_exit(self.signal(node, signal.SIGTERM), 30)

    def kill(self, node):
        """Returns when the daemon has ended."""
        await_exit(self.signal(node, signal.SIGKILL), 30)

    def freeze(self, node):
        self.signal(node, signal.SIGSTOP)

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


# --- making it ----------------------------------------------------------------------------------


def call(*command, **words):
    """A program that makes the ring's network; where it fails, this machine has no ring."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, **words)
    if ran.returncode != 0:
        raise namespaces.NotPermitted(f"{' '.join(command)}: {' '.join(ran.stderr.split()) or ran.returncode}")


def filter_between_nodes(table, rules):
    """The table's rules are these, at once; they see what passes between nodes and nothing else."""
    text = f"""table bridge {table}
delete table bridge {table}
table bridge {table} {{
  chain between {{
    type filter hook forward priority 0;
    {"; ".join(rules)}
  }}
}}
"""
    call("nft", "-f", "-", input=text)


def make_hub():
    call("ip", "link", "set", "lo", "up")
    call("ip", "link", "add", "ring", "type", "bridge", "stp_state", "0", "forward_delay", "0", "mcast_snooping", "0")
    call("ip", "addr", "add", f"192.0.2.{HUB_HOST}/24", "dev", "ring")
    call("ip", "link", "set", "ring", "up")
    filter_between_nodes("split", [])
    filter_between_nodes("loss", ["numgen random mod 100 < 1 drop"])
    filter_between_nodes("loss", [])


def make_node(ring, node, configuration):
    holder = namespaces.fork_node(f"node{node}")
    (ring.directory / f"node{node}.holder").write_text(str(holder))
    call("ip", "link", "add", f"node{node}", "type", "veth", "peer", "name", "eth0", "netns", str(holder))
    call("ip", "link", "set", f"node{node}", "master", "ring", "up")
    (ring.directory / "corosync.conf").write_text(configuration)
    for command in (["ip", "link", "set", "lo", "up"],
                    ["ip", "addr", "add", f"192.0.2.{node}/24", "dev", "eth0"],
                    ["ip", "link", "set", "eth0", "up"],
                    ["mkdir", "/etc/corosync/uidgid.d"],
                    ["cp", str(ring.directory / "corosync.conf"), "/etc/corosync/"]):
        ring.run(node, *command, check=True)


def inside(ring, options):
    """The init of the place: makes the ring, runs the command, and waits for all that ends meanwhile."""
    try:
        make_hub()
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


def command_run(options):
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
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
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


# --- the command line ---------------------------------------------------------------------------


def numbers(text):
    return [int(word) for word in text.split(",")]


def become(ring, options):
    ring.enter(options.node, options.user)
    try:
        os.execvp(options.command[0], options.command)
    except OSError as problem:
        print(f"ring: {options.command[0]}: {problem.strerror}", file=sys.stderr)
        return 127


def parse(arguments):
    """Command lines of others begin after "--"."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    arguments, rest = arguments[:at], arguments[at + 1:]
    parser = argparse.ArgumentParser(prog="ring.py", usage=__doc__.partition("usage: ")[2], add_help=True)
    commands = parser.add_subparsers(dest="name", required=True)
    run = commands.add_parser("run")
    run.add_argument("--nodes", type=int, default=3, choices=range(1, 17))
    run.add_argument("--transport", default="udpu", choices=["udpu", "knet"])
    run.add_argument("--token", type=int, default=1000)
    run.add_argument("--realtime", default="yes", choices=["yes", "no"])
    run.add_argument("--idle", action="store_true")
    enter = commands.add_parser("exec")
    enter.add_argument("node", type=int)
    enter.add_argument("--user", type=int)
    for name in ("start", "stop", "kill", "freeze", "thaw"):
        commands.add_parser(name).add_argument("each", type=int, nargs="+")
    for name in ("cut", "members"):
        commands.add_parser(name).add_argument("node", type=int)
    commands.add_parser("split").add_argument("sets", type=numbers, nargs="+")
    commands.add_parser("loss").add_argument("percent", type=int)
    commands.add_parser("heal")
    commands.add_parser("renew")
    wait = commands.add_parser("wait")
    wait.add_argument("node", type=int)
    wait.add_argument("members", type=numbers)
    wait.add_argument("--quorate", action="store_true", default=None)
    wait.add_argument("--inquorate", action="store_false", dest="quorate")
    wait.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args(arguments)
    if (options.name in ("run", "exec")) != bool(rest):
        parser.error(f"{options.name}: a command after -- belongs to run and exec, and to them alone")
    options.command = rest
    return options


def perform(ring, options):
    match options.name:
        case "exec":
            return become(ring, options)
        case "start" | "stop" | "kill" | "freeze" | "thaw":
            for node in options.each:
                getattr(ring, options.name)(node)
        case "split":
            ring.split(*options.sets)
        case "cut":
            ring.cut(options.node)
        case "loss":
            ring.loss(options.percent)
        case "heal" | "renew":
            getattr(ring, options.name)()
        case "members":
            print(describe(*ring.members(options.node)))
        case "wait":
            ring.wait(options.node, options.members, options.quorate, options.seconds)
    return 0


def main(arguments):
    options = parse(arguments)
    if options.name == "run":
        return command_run(options)
    try:
        if "STOREMARK_RING" not in os.environ:
            raise RingError(f"{options.name} belongs inside ring.py run")
        return perform(Ring(os.environ["STOREMARK_RING"]), options)
    except (RingError, namespaces.NotPermitted) as problem:
        print(f"ring: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
