#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes out one guard at a time, in a copy of the tree, and runs the tests that are to notice.

Prints a table; exits 1 if a mutant survives. With words on the command line, only the guards whose
names contain one of them."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "mutation"
TREE = WORK / "tree"
BUILD = WORK / "build"
PARTS = ("CMakeLists.txt", "README.md", "LICENSE", "cmake", "include", "src", "examples",
         "tests")


def run(command: list[str], seconds: int = 900) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=TREE, text=True, timeout=seconds, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def copy_tree() -> None:
    """Only what changed, so that a second run is quick."""
    TREE.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source, target = ROOT / part, TREE / part
        files = [source] if source.is_file() else [p for p in source.rglob("*") if p.is_file()]
        for file in files:
            to = target if source.is_file() else target / file.relative_to(source)
            if to.exists() and to.read_bytes() == file.read_bytes():
                continue
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, to)
            shutil.copymode(file, to)


def configure() -> None:
    done = run(["cmake", "-G", "Ninja", "-S", ".", "-B", str(BUILD), "-DCMAKE_BUILD_TYPE=Release",
                "-DCMAKE_CXX_FLAGS_RELEASE=-O1", "-DSTOREMARK_BUILD_CLI=ON",
                "-DSTOREMARK_BUILD_EXAMPLES=ON", "-DSTOREMARK_BUILD_FUZZ=OFF",
                "-DSTOREMARK_WITH_COROSYNC=ON",
                "-DSTOREMARK_BUILD_BENCH=OFF"])
    if done.returncode != 0:
        sys.exit(done.stdout)


def build(targets: list[str], seconds: int = 900) -> subprocess.CompletedProcess:
    return run(["cmake", "--build", str(BUILD), "--parallel", str(os.cpu_count()), "--target",
                *targets], seconds)


def program(name: str) -> str:
    found = [p for p in BUILD.rglob(name) if p.is_file() and os.access(p, os.X_OK)]
    if not found:
        sys.exit(f"mutate: no program {name}")
    return str(found[0])


def first_failure(output: str) -> str:
    for line in output.splitlines():
        if line.startswith("[  FAILED  ] "):
            return line.removeprefix("[  FAILED  ] ").split(",")[0].split(" (")[0]
    return "ended abnormally"


def noticed_by(mutant: Mutant) -> str:
    """The test that fails, or an empty text."""
    for test in mutant.tests:
        done = build([test])
        if done.returncode != 0:
            return f"{test}: does not build\n{done.stdout[-2000:]}"
        try:
            done = run([program(test), "--gtest_brief=1", "--gtest_fail_fast"])
        except subprocess.TimeoutExpired:
            return f"{test}: does not end"
        if done.returncode != 0:
            return f"{test}: {first_failure(done.stdout)}"
    return ""


def try_one(mutant: Mutant) -> str:
    path = TREE / mutant.file
    source = path.read_text()
    if source.count(mutant.old) < 1:
        sys.exit(f"mutate: {mutant.file} has no longer: {mutant.old!r}")
    path.write_text(source.replace(mutant.old, mutant.new, 1))
    try:
        return noticed_by(mutant)
    finally:
        path.write_text(source)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only guards whose names contain one of these")
    words = parser.parse_args().words
    chosen = [m for m in MUTANTS if not words or any(w in m.guard for w in words)]
    copy_tree()
    configure()
    tests = sorted({test for m in chosen for test in m.tests})
    done = build(tests, 7200)  # the whole tree, on a machine that may do other things
    if done.returncode != 0:
        sys.exit(done.stdout)
    print("| guard taken out | noticed by |\n|---|---|", flush=True)
    survivors = 0
    began = time.monotonic()
    for mutant in chosen:
        notice = try_one(mutant)
        survivors += notice == "" or "does not build" in notice
        print(f"| {mutant.guard} | {notice or 'NOBODY'} |", flush=True)
    print(f"\n{len(chosen) - survivors} of {len(chosen)} noticed, "
          f"{time.monotonic() - began:.0f} s", flush=True)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
