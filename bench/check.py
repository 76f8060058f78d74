#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares a run with the committed one, and names what became worse by more than its spread.

That is, of a median, three times its error, and at least what identical twins of either run differ by. For
people, on a quiet machine: the ratios travel from machine to machine, but not exactly. Exit 1 if anything became
worse.
"""
import argparse
import math
import pathlib
import sys

import targets

HERE = pathlib.Path(__file__).resolve().parent

# What is compared: the key, whether more of it is worse, and which rows of a subject it is asked of.
RATIOS = [
    ("sequence", "ours", True, lambda name: True),
    ("paced", "ours", True, lambda name: True),
    ("writers", "multiple", False, lambda name: name.startswith(targets.OURS)),
    ("writers", "ours", False, lambda name: True),
    ("memory", "ratio", True, lambda name: name in ("reserve", "note")),
    ("open", "ratio", True, lambda name: name.startswith(("storemark", "examine"))),
    ("transition", "ratio", True, lambda name: name in ("activate", "mark_clean")),
    ("decision", "ratio", True, lambda name: True),
    ("codec", "ratio", True, lambda name: name in ("encode", "decode")),
    ("cluster", "ratio", True, lambda name: name in ("local group", "interval 1 s", "interval 100 ms")),
    ("ring", "ratio", True, lambda name: name in ("local group", "Corosync group")),
]
# What is counted has no spread; a tenth of one is allowed for what a thread does in between.
COUNTS = [
    ("updates", ("flushes", "written_bytes", "system_calls", "allocations")),
    ("footprint", ("threads", "descriptors")),
    ("growth", ("file_grew_bytes",)),
]


def rows(results, subject):
    return {(table["name"], row["name"]): row["numbers"] for table in targets.tables(results, subject)
            for row in table["rows"]}


def pairs(before, now, subject):
    """Rows of both runs; a twin is there to show noise, and is not compared."""
    new = rows(now, subject)
    return [(key, old, new[key]) for key, old in rows(before, subject).items()
            if key in new and "(twin)" not in key[1]]


def worse_ratio(old, new, key, more_is_worse, noise):
    errors = [each.get(f"{key}_error") for each in (old, new)]
    if targets.missing(old.get(key), new.get(key), *errors):
        return False
    worse_by = new[key] - old[key] if more_is_worse else old[key] - new[key]
    return worse_by > max(3 * math.hypot(*errors), noise * old[key])


def findings(before, now):
    """One line for each thing that became worse, and how many were compared."""
    found, compared = [], 0
    noise = max(targets.twin_noise(each) for each in (before, now))
    for subject, key, more_is_worse, wanted in RATIOS:
        for (table, name), old, new in pairs(before, now, subject):
            if not wanted(name) or key not in old:
                continue
            compared += 1
            if worse_ratio(old, new, key, more_is_worse, noise):
                found.append(f"{subject}, {table}, {name}: {key} {new[key]:.3g}, was {old[key]:.3g} "
                             f"({old[f'{key}_p10']:.3g} to {old[f'{key}_p90']:.3g})")
    for subject, keys in COUNTS:
        for (table, name), old, new in pairs(before, now, subject):
            if subject == "updates" and not name.startswith("storemark"):
                continue
            for key in keys:
                compared += 1
                if not targets.missing(old.get(key), new.get(key)) and new[key] > old[key] + 0.1:
                    found.append(f"{subject}, {table}, {name}: {key} {new[key]:g}, was {old[key]:g}")
    return found, compared


def main():
    parser = argparse.ArgumentParser(prog="./dev bench --check", description=__doc__.split("\n", 1)[0])
    parser.add_argument("json", nargs="?", type=pathlib.Path, default=pathlib.Path("build/bench-json/ext4"),
                        help="a directory of JSON (default: build/bench-json/ext4)")
    parser.add_argument("--against", type=pathlib.Path, help="default: bench/results, the one of the same name")
    args = parser.parse_args()
    against = args.against or HERE / "results" / args.json.name
    if not against.is_dir():
        sys.exit(f"bench: there are no committed results {against} to compare with; name some with --against")
    found, compared = findings(targets.load(against), targets.load(args.json))
    if not compared:
        sys.exit(f"bench: {args.json} and {against} have no row in common; are they of the same subjects?")
    print("\n".join(f"worse: {line}" for line in found) or "nothing became worse by more than its spread")
    print(f"compared: {compared} values with {against}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
