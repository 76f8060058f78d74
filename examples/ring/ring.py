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
import os
import sys

sys.dont_write_bytecode = True
import make  # noqa: E402
from namespaces import NotPermitted  # noqa: E402
from nodes import Ring, RingError, describe  # noqa: E402

# Corosync stands in sbin, which a user's path may lack.
os.environ["PATH"] = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"


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
        return make.run(options)
    try:
        if "STOREMARK_RING" not in os.environ:
            raise RingError(f"{options.name} belongs inside ring.py run")
        return perform(Ring(os.environ["STOREMARK_RING"]), options)
    except (RingError, NotPermitted) as problem:
        print(f"ring: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
