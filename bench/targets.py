#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a run must reach, and whether it did. usage: targets.py [--markdown] [JSON]

JSON is a directory with a file a subject, as ./dev bench writes them.
"""
import argparse
import json
import math
import pathlib
import sys

OURS = "storemark, automatic"
RAW = "O_DIRECT + RWF_DSYNC, "
# Ours and the bare system calls alone, many times over.
RAW_TABLE = "far out"
FLUSH_BUDGET = 8192
# Twins that differ by more were measured on a machine that had other things to do.
MUCH_NOISE = 0.05


def load(directory):
    """Subject -> JSON."""
    found = sorted(pathlib.Path(directory).glob("*.json"))
    if not found:
        sys.exit(f"bench: no JSON in {directory}; ./dev bench writes some, or name a directory that has it")
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in found}


def tables(results, subject):
    return results.get(subject, {}).get("tables", [])


def find(results, subject, name, table=""):
    """The numbers of a row; empty where it was not measured."""
    for each in tables(results, subject):
        for row in each["rows"]:
            if row["name"] == name and table in each["name"]:
                return row["numbers"]
    return {}


class Target:
    """One line: what, the bound as people read it, the value, and whether it is within."""

    def __init__(self, what, bound, value, met):
        self.what, self.bound, self.value, self.met = what, bound, value, met

    @property
    def verdict(self):
        return {True: "met", False: "MISSED", None: "no answer"}[self.met]


def missing(*values):
    return any(value is None or math.isnan(value) for value in values)


def at_most(what, value, bound, unit="", spread=None):
    value = math.nan if value is None else value
    met = None if missing(value) else value <= bound
    return Target(what, f"≤ {bound:g}{unit}", text(value, unit, spread), met)


def at_least(what, value, bound, unit="", spread=None):
    value = math.nan if value is None else value
    met = None if missing(value) else value >= bound
    return Target(what, f"≥ {bound:g}{unit}", text(value, unit, spread), met)


def text(value, unit, spread):
    out = "-" if missing(value) else f"{value:.4g}{unit}"
    if spread and not missing(*spread):
        out += f" ({spread[0]:.3g} to {spread[1]:.3g})"
    return out


def spread(numbers, key):
    return numbers.get(f"{key}_p10"), numbers.get(f"{key}_p90")


def ours_to(results, what, name, bound, table=""):
    numbers = find(results, "sequence", name, table)
    return at_most(what, numbers.get("ours"), bound, " ×", spread(numbers, "ours"))


def best(results, subject, prefix):
    """The fastest of those whose name begins so."""
    rows = [row for table in tables(results, subject) for row in table["rows"]
            if row["name"].startswith(prefix) and "(twin)" not in row["name"]]
    return min(rows, key=lambda row: row["numbers"]["median_ns"], default={"name": prefix})["name"]


def undistinguished(results):
    """Ours to 8 KiB, against what identical twins show for the median of rounds."""
    numbers = find(results, "sequence", RAW + "8 KiB", RAW_TABLE)
    noise = twin_noise(results)
    value = numbers.get("ours")
    if missing(value):
        return Target("write, to a raw one of 8 KiB", "within the twins", "-", None)
    met = None if noise > MUCH_NOISE else value <= 1 + noise
    return Target("write, to a raw one of 8 KiB", f"within the twins: 1 ± {noise:.3f}",
                  text(value, " ×", spread(numbers, "ours")), met)


def twin_noise(results):
    """How far the medians of identical twins lie apart at most; 1 % is the least that we believe."""
    seen = [abs(row["numbers"]["twin"] - 1) for table in tables(results, "sequence") if table["name"] == RAW_TABLE
            for row in table["rows"] if row["numbers"].get("twin") is not None]
    return max([0.01, *seen])


def writers_noise(results):
    """The same of what 16 threads get from ours and from its twin."""
    seen = find(results, "writers", f"{OURS} (twin) x 16").get("ours")
    return 0 if missing(seen) else abs(seen - 1)


def tail_of(results, name):
    """A 99.9th percentile of two twins: their mean, and from the lowest to the highest that either could show."""
    seen = [find(results, "sequence", each, RAW_TABLE) for each in (name, f"{name} (twin)")]
    if not all(seen):
        return None
    return (sum(each["p999_ns"] for each in seen) / 2, min(each["p999_low_ns"] for each in seen),
            max(each["p999_high_ns"] for each in seen))


def tail(results):
    """Ours, against the fastest raw primitive's and its spread."""
    raw = [tail_of(results, name) for name in (RAW + "4 KiB", RAW + "8 KiB", "pwrite + fdatasync, 4 KiB")]
    ours = tail_of(results, OURS)
    if not all(raw) or not ours:
        return Target("write, 99.9th percentile", "no worse than raw", "-", None)
    mean, low, high = min(raw)
    return Target("write, 99.9th percentile", f"the fastest raw one, {mean / 1e3:.0f} µs, with its spread: "
                  f"≤ {high / 1e3:.0f} µs", f"{ours[0] / 1e3:.0f} µs ({ours[1] / 1e3:.0f} to {ours[2] / 1e3:.0f})",
                  ours[0] <= high)


def durable_writes(results):
    yield undistinguished(results)
    yield ours_to(results, "write, to a raw one of 4 KiB", RAW + "4 KiB", 1.05, RAW_TABLE)
    yield ours_to(results, "write, to LMDB", "LMDB", 0.5)
    yield ours_to(results, "write, to the best SQLite", best(results, "sequence", "SQLite"), 0.97)
    yield ours_to(results, "write, to RocksDB with recycled log", "RocksDB, recycled log", 1 + 0.01)
    if results["sequence"]["context"]["filesystem"] == "ext4":
        yield ours_to(results, "write, to RocksDB (ext4 with its journal)", "RocksDB", 0.45)
        yield ours_to(results, "write, to LevelDB (ext4 with its journal)", "LevelDB", 0.45)
    yield ours_to(results, "write, to rename", "write beside, fsync, rename, fsync", 0.27)
    yield tail(results)


def each_update(results):
    ours = find(results, "updates", OURS)
    yield at_most("flushes a write", ours.get("flushes"), 1)
    yield at_most("bytes a write", ours.get("written_bytes"), FLUSH_BUDGET)
    yield at_most("system calls a write", ours.get("system_calls"), 2)
    yield at_most("allocations a write", ours.get("allocations"), 0)
    outside = ours.get("outside_ns")
    yield at_most("time of a write outside the kernel", outside and outside / 1e3, 1.5, " µs")


def writers(results):
    def row(name, threads):
        return find(results, "writers", f"{name} x {threads}")

    for threads, bound in ((2, 1.8), (4, 3.4), (16, 9)):
        numbers = row(OURS, threads)
        yield at_least(f"{threads} writers, to one", numbers.get("multiple"), bound, " ×", spread(numbers, "multiple"))
    rocks = [row(f"RocksDB{mode}", 16) for mode in ("", ", pipelined", ", recycled log", ", recycled, pipelined")]
    rocks = max((each for each in rocks if each), key=lambda each: each["per_second"], default={})
    for name, numbers, bound in (("the best RocksDB", rocks, 1.7), ("LevelDB", row("LevelDB", 16), 1.6),
                                 ("SQLite", row("SQLite WAL, exclusive", 16), 7), ("LMDB", row("LMDB", 16), 12)):
        yield at_least(f"16 writers, to {name}", numbers.get("ours"), bound, " ×", spread(numbers, "ours"))
    numbers = row(RAW + "4 KiB", 1)
    yield at_least("one writer, to a raw write", numbers.get("ours"), 0.95, " ×", spread(numbers, "ours"))
    yield at_most("16 writers, 99th percentile", row(OURS, 16).get("p99_flushes"), 3, " flushes")


def memory(results):
    for table in tables(results, "memory"):
        if "," not in table["name"]:
            continue
        for name in ("reserve", "note"):
            numbers = find(results, "memory", name, table["name"])
            yield at_most(f"{name}, {table['name'].split(', ')[1]}", numbers.get("ratio"), 1.2, " ×",
                          spread(numbers, "ratio"))
    # 20,000 calls in a row take about a flush; one that waited for it would cost that much more.
    numbers = find(results, "memory", "note", "flushes")
    yield at_most("note, while another thread flushes", numbers.get("ratio"), 1.2, " ×", spread(numbers, "ratio"))


def opening(results):
    for name in ("clean", "dirty"):
        numbers = find(results, "open", f"storemark, {name}", "warm")
        yield at_most(f"open, {name}, to six blocks", numbers.get("ratio"), 1.3, " ×", spread(numbers, "ratio"))
    numbers = find(results, "open", "examine, 1 store")
    yield at_most("examine, to LMDB's open and read", numbers.get("ratio"), 0.2, " ×", spread(numbers, "ratio"))


def transitions(results):
    for name in ("activate", "mark_clean"):
        numbers = find(results, "transition", name)
        yield at_most(f"transition: {name}", numbers.get("ratio"), 6.5, " flushes", spread(numbers, "ratio"))


def footprint(results):
    ours = find(results, "footprint", "open journal")
    resident = ours.get("resident_bytes")
    yield at_most("memory of an open journal", resident and resident / 1024, 64, " KiB")
    yield at_most("threads of an open journal", ours.get("threads"), 0)
    yield at_most("threads of a permit, no interval writer", find(results, "footprint", "permit").get("threads"), 0)


def the_group(results):
    """Nine tenths of the messages in a second are 1.11 times the time of each."""
    for what, bound in (("round trip", 1.15), ("one of many", 1.11)):
        for size in ("64 B", "1 KiB", "64 KiB"):
            numbers = find(results, "ring", "Corosync group", f"{what}, {size}")
            yield at_most(f"Corosync group, to libcpg: {what}, {size}", numbers.get("ratio"), bound, " ×",
                          spread(numbers, "ratio"))


# What is asked of which subject.
PARTS = [("sequence", durable_writes), ("updates", each_update), ("writers", writers), ("memory", memory),
         ("open", opening), ("transition", transitions), ("footprint", footprint), ("ring", the_group)]


def all_targets(results):
    """Of the subjects that were measured."""
    return [target for subject, part in PARTS if subject in results for target in part(results)]


def show(results, markdown=False):
    lines = [("target", "bound", "measured", "")] + [
        (target.what, target.bound, target.value, target.verdict) for target in all_targets(results)]
    if markdown:
        for i, line in enumerate(lines):
            print("| " + " | ".join(line) + " |")
            if i == 0:
                print("|---|---|---|---|")
        return
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    for line in lines:
        print("  ".join(word.ljust(width) for word, width in zip(line, widths)).rstrip())
    noise = max(twin_noise(results), writers_noise(results))
    if noise > MUCH_NOISE:
        print(f"\nTwins differ by {noise:.0%}: the machine was busy, and the times above say little. Run it on a quiet one.")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench --targets", description=__doc__.split("\n", 1)[0])
    parser.add_argument("json", nargs="?", default="bench/results/ext4")
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    show(load(args.json), args.markdown)


if __name__ == "__main__":
    main()
