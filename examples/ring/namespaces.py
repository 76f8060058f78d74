# SPDX-License-Identifier: Apache-2.0
"""Linux namespaces for ring.py, by the system calls that Python 3.11 lacks.

A place is a process id namespace whose init is a process of ours, with a network and mounts of its own. All
in it dies with its init, the init dies with the process that made the place, and with the last process
go the mounts and the networks: nothing is left to clean up, whoever is killed, and how.
"""
import ctypes
import os
import signal
import socket

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
MS_REC, MS_PRIVATE = 0x4000, 0x40000
NEW_MOUNTS, NEW_HOST_NAME, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_PROCESS_IDS, NEW_NETWORK = 0x20000000, 0x40000000

# What a node has of its own: the sockets and the shared memory of libqb, and the daemon's files.
OWN_DIRECTORIES = ["/run", "/dev/shm", "/var/lib/corosync", "/etc/corosync"]
NODE_KINDS = ["uts", "net", "mnt"]


class NotPermitted(Exception):
    """This machine does not let us; the text says what, and why."""


def system_call(what, result):
    if result != 0:
        raise NotPermitted(f"{what}: {os.strerror(ctypes.get_errno())}")


def unshare(kinds):
    system_call("unshare", LIBC.unshare(kinds))


def mount(kind, where, flags=0, options=None):
    source = kind or "none"
    system_call(f"mount {source} on {where}",
                LIBC.mount(source.encode(), where.encode(), kind and kind.encode(),
                           ctypes.c_ulong(flags), options and options.encode()))


def die_with(parent):
    """This process is killed when its parent ends; at once if it has ended already."""
    system_call("prctl", LIBC.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0))
    if os.getppid() not in (parent, 0):
        os._exit(1)


def status_of(wait_status):
    """As a shell tells it."""
    code = os.waitstatus_to_exitcode(wait_status)
    return code if code >= 0 else 128 - code


def fork_place(body):
    """Runs body() as the init of a new place; the process id of that init, as this process sees it. The body
    begins with make_private(), which is apart so that it can say what that meets."""
    unshare(NEW_PROCESS_IDS)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            die_with(parent)
            status = body()
        finally:
            os._exit(status)
    return child


def make_private():
    """This process gets a network and mounts of its own, and sees the processes of its place alone."""
    unshare(NEW_MOUNTS | NEW_NETWORK | NEW_IPC)
    mount(None, "/", MS_REC | MS_PRIVATE)
    mount("proc", "/proc")


def fork_node(name):
    """A process that does nothing but hold the namespaces of one node; its process id. It is theirs when
    this returns."""
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ready)
        try:
            unshare(NEW_MOUNTS | NEW_NETWORK | NEW_HOST_NAME)
            socket.sethostname(name)
            for directory in OWN_DIRECTORIES:
                mount("tmpfs", directory, options="mode=0755")
            os.chmod("/dev/shm", 0o1777)
            os.write(told, b"ready")
        except (NotPermitted, OSError) as problem:
            os.write(told, str(problem).encode())
            os._exit(1)
        os.close(told)
        while True:
            signal.pause()
    os.close(told)
    with os.fdopen(ready) as answer:
        said = answer.read()
    if said != "ready":
        raise NotPermitted(f"node {name}: {said}")
    return child


def enter(holder):
    """This process goes to the node that `holder` holds, and keeps its working directory's path. It must
    have one thread."""
    here = os.getcwd()
    doors = [os.open(f"/proc/{holder}/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC) for kind in NODE_KINDS]
    for kind, door in zip(NODE_KINDS, doors):
        system_call(f"setns {kind}", LIBC.setns(door, 0))
        os.close(door)
    os.chdir(here)
