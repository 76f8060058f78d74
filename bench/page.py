#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fills the tables of docs/benchmarks.md from the committed JSON.

A table stands between "<!-- table: WORDS -->" and "<!-- end -->", where WORDS is one of
  machine RESULTS                  where these results come from
  targets RESULTS [SUBJECT]        what must be reached, and whether it was: of the journal, or of this subject
  rows RESULTS SUBJECT N KEY...    the rows of the Nth table of a subject; N-M: of all these tables in one
What was not measured says so.
"""
import contextlib
import io
import pathlib
import re
import sys

import run
import targets

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
TABLE = re.compile(r"(<!-- table: (.*?) -->\n).*?(<!-- end -->)", re.S)
HEADINGS = {"median_ns": "median", "p90_ns": "p90", "p99_ns": "p99", "p999_ns": "p99.9", "ratio": "ratio to the first",
            "ours": "storemark / this", "per_second": "a second", "multiple": "to one thread",
            "per_flush": "writers a flush", "processor_ns": "processor time of each",
            "p99_flushes": "p99, in flushes", "device_bytes": "bytes on the device",
            "written_bytes": "bytes handed over", "system_calls": "system calls", "outside_ns": "outside the kernel",
            "resident_bytes": "resident, bytes", "last_to_first": "last tenth / first", "file_grew_bytes": "file grew by",
            "resident_grew_bytes": "memory grew by"}


def number(key, value):
    if targets.missing(value):
        return "-"
    if key.endswith("_ns"):
        for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("ns", 1)):
            if value >= size or unit == "ns":
                return f"{value / size:.3g} {unit}"
    if float(value).is_integer() or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def cell(numbers, key):
    out = number(key, numbers.get(key))
    low, high = targets.spread(numbers, key)
    return out if targets.missing(low, high) else f"{out} ({number(key, low)} to {number(key, high)})"


def rows(results, subject, table, *keys):
    first, _, last = table.partition("-")
    chosen = results[subject]["tables"][int(first):int(last or first) + 1]
    heading = " " if last else chosen[0]["name"]
    lines = [[heading, *(HEADINGS.get(key, key) for key in keys)], ["---"] * (len(keys) + 1)]
    for each in chosen:
        lines += [[f"{each['name']}: {row['name']}" if last else row["name"],
                   *(cell(row["numbers"], key) for key in keys)] for row in each["rows"]]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def machine(results):
    context = next(iter(results.values()))["context"]
    engines = ", ".join(f"{name} {context[name]}" for name in ("LMDB", "SQLite", "LevelDB", "RocksDB") if name in context)
    lines = [("processor", f"{context['processor']}, {context['cores']} cores"), ("kernel", context["kernel"]),
             ("filesystem", f"{context['filesystem']} ({context['mount_options']})"),
             ("device", f"{context['device']}, write cache: {context['write_cache']}, FUA: {context['fua']}"),
             ("image", context.get("image", "none")), ("engines", engines), ("compiler", context["compiler"]),
             ("commit", f"{context['commit']}, effort {context['effort']}")]
    return "| | |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in lines)


def filled(words):
    kind, name, *rest = words.split()
    directory = ROOT / "bench" / "results" / name
    results = targets.load(directory) if any(directory.glob("*.json")) else {}
    wanted = rest[:1] if kind != "machine" else []
    if not results or any(subject not in results for subject in wanted):
        return "*Not measured.*\n"
    if kind == "machine":
        return machine({"first": results.get("sequence") or next(iter(results.values()))})
    if kind == "targets":
        with contextlib.redirect_stdout(io.StringIO()) as out:
            targets.show({subject: results[subject] for subject in rest or run.JOURNAL if subject in results},
                         markdown=True)
        return out.getvalue()
    return rows(results, *rest)


def main():
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(TABLE.sub(lambda found: found[1] + filled(found[2]) + found[3], text), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
