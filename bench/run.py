#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks, one program a subject, and says which targets are met. ./dev bench calls it."""
import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

import targets

JOURNAL = ["sequence", "updates", "writers", "open", "transition", "memory", "decision", "codec", "footprint",
           "growth", "paced"]
GROUP = ["cluster", "ring"]
SUBJECTS = JOURNAL + GROUP
SKIPPED = 77
MKFS = {
    "ext4": ["mkfs.ext4", "-q", "-F"],
    "ext4-nojournal": ["mkfs.ext4", "-q", "-F", "-O", "^has_journal"],
    "xfs": ["mkfs.xfs", "-q", "-f"],
    "btrfs": ["mkfs.btrfs", "-q", "-f"],
}
HERE = pathlib.Path(__file__).resolve().parent


def fail(what, todo):
    sys.exit(f"bench: {what}; {todo}")


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench", description="Measures in DIR, which says on which filesystem.",
        epilog="What is left over goes to Google Benchmark. ./dev bench --plot, --check and --targets "
               "look at the JSON of a run.")
    parser.add_argument("directory", nargs="?", metavar="DIR", default="build/bench")
    effort = parser.add_mutually_exclusive_group()
    for word, text in [("tiny", "only show that it runs"), ("quick", "a first look, about 90 seconds"),
                       ("full", "the real thing: a million writes, a billion notes; about an hour")]:
        effort.add_argument(f"--{word}", dest="effort", action="store_const", const=word, help=text)
    parser.set_defaults(effort="normal")
    parser.add_argument("--json", metavar="OUT", type=pathlib.Path,
                        help="where the JSON goes, a file a subject (default: build/bench-json/FILESYSTEM)")
    parser.add_argument("--only", metavar="SUBJECT,...", default=",".join(JOURNAL),
                        help=f"of {', '.join(JOURNAL)}, which are the default, and {', '.join(GROUP)}")
    parser.add_argument("--fs", choices=MKFS, help="in a new filesystem of this type, in an image in DIR; as root")
    parser.add_argument("--size", metavar="MIB", type=int, default=2048, help="of that image (default: 2048)")
    parser.add_argument("--programs", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--namespace", action="store_true", help=argparse.SUPPRESS)
    args, rest = parser.parse_known_args()
    wrong = [word for word in args.only.split(",") if word not in SUBJECTS]
    if wrong:
        parser.error(f"--only: no such subject: {', '.join(wrong)}; there are {', '.join(SUBJECTS)}")
    unknown = [word for word in rest if not word.startswith("--benchmark_")]
    if unknown:
        parser.error(f"cannot take {' '.join(unknown)}")
    return args, rest


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def type_of(directory):
    return output("findmnt", "-n", "-o", "FSTYPE", "-T", directory).split("\n")[-1]


def into_namespace():
    """Goes on in a mount namespace of its own: whatever ends us, the mount ends with us."""
    if os.geteuid() != 0:
        fail("--fs mounts an image, and this is not root", "run it as root, or give a DIR on such a filesystem")
    os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv, "--namespace"])


@contextlib.contextmanager
def mounted_image(kind, mebibytes, directory):
    """An image on the disk under `directory`, mounted. It has no name once it is mounted, and its loop device
    goes with the last mount, so that even a kill leaves nothing behind but an empty directory."""
    if type_of(directory) in ("tmpfs", "ramfs"):
        fail(f"{directory} is in memory, so an image in it would not measure a disk", "give a DIR on a disk")
    place = tempfile.mkdtemp(prefix="mount-", dir=directory)
    image = os.path.join(directory, f"image-{os.getpid()}")
    try:
        write_zeros(image, mebibytes)
        subprocess.run([*MKFS[kind], image], check=True)
        subprocess.run(["mount", "-o", "loop", image, place], check=True)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(image)
        if not os.path.ismount(place):
            os.rmdir(place)
    try:
        # Through no second page cache; and a flush of the image is one of the disk.
        subprocess.run(["losetup", "--direct-io=on", output("findmnt", "-n", "-o", "SOURCE", place)], check=True)
        yield place
    finally:
        subprocess.run(["umount", place], check=True)
        os.rmdir(place)


def write_zeros(path, mebibytes):
    """Real ones: an extent that was only reserved costs the disk's filesystem a commit when it is written."""
    with open(path, "wb") as image:
        for _ in range(mebibytes):
            image.write(bytes(1 << 20))
        os.fsync(image.fileno())
    # Else each read through the image moves its access time, and the next write of the image pays for it. Not
    # every filesystem knows this.
    subprocess.run(["chattr", "+A", path], stderr=subprocess.DEVNULL, check=False)


def commit():
    found = subprocess.run(["git", "-C", HERE, "describe", "--always", "--dirty", "--exclude", "*"],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return found.stdout.strip() or "unknown"


def run(args, rest, directory, out):
    context = [f"--context=commit={commit()}", f"--context=effort={args.effort}"]
    if args.fs:
        context.append(f"--context=image={args.fs}, {args.size} MiB, on {type_of(args.directory)}, direct I/O")
    for subject in args.only.split(","):
        program = [(args.programs / f"bench_{subject}").resolve()]
        if subject == "ring":
            program.insert(0, HERE / "cluster" / "on_ring.py")
        done = subprocess.run([*program, f"--effort={args.effort}", f"--json={out.resolve() / subject}.json", *context,
                               *rest, os.path.abspath(directory)], check=False)
        if subject == "ring" and done.returncode == SKIPPED:
            print("SKIPPED: no Corosync ring can be made on this machine, so nothing was measured on one")
        else:
            done.check_returncode()


def main():
    args, rest = arguments()
    os.makedirs(args.directory, exist_ok=True)
    if args.fs and not args.namespace:
        into_namespace()
    out = args.json or pathlib.Path("build/bench-json") / (args.fs or type_of(args.directory))
    out.mkdir(parents=True, exist_ok=True)
    try:
        if args.fs:
            with mounted_image(args.fs, args.size, args.directory) as place:
                run(args, rest, place, out)
        else:
            run(args, rest, args.directory, out)
    except subprocess.CalledProcessError as error:
        fail(f"{error.cmd[0]} ended with status {error.returncode}", "what it says stands above")
    except KeyboardInterrupt:
        fail("interrupted", "what was measured so far is in " + str(out))
    print()
    measured = targets.load(out)
    targets.show({subject: measured[subject] for subject in args.only.split(",") if subject in measured})
    print(f"\nJSON: {out}")


if __name__ == "__main__":
    main()
