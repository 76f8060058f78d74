#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds against the schemas: every output that the tool's tests have kept, every scenario file, and the
plan of each. usage: validate.py SCHEMAS OUTPUTS SCENARIOS TOOL"""
import json
import pathlib
import subprocess
import sys

from schemas import documents, problem, schema_of, validators


def kept_outputs(directory):
    for path in sorted(pathlib.Path(directory).glob("*.json")):
        for document in documents(path.read_text(encoding="utf-8")):
            yield path, schema_of(document), document


def scenarios(directory, tool):
    for path in sorted(pathlib.Path(directory).glob("*.json")):
        yield path, "scenario", json.loads(path.read_text(encoding="utf-8"))
        ran = subprocess.run([tool, "plan", "--json", "--scenario", path], capture_output=True, check=False)
        yield f"plan of {path}", "plan", json.loads(ran.stdout)


def main():
    schemas, outputs, situations, tool = sys.argv[1:]
    known = validators(schemas)
    seen = dict.fromkeys(name for name in known if name != "common")
    failed = 0
    for source in (kept_outputs(outputs), scenarios(situations, tool)):
        for where, name, document in source:
            why = problem(known[name], document)
            seen[name] = (seen[name] or 0) + 1
            if why:
                failed += 1
                print(f"{where} is no {name}: {why}")
    print(", ".join(f"{count or 0} {name}" for name, count in seen.items()))
    unseen = [name for name, count in seen.items() if not count]
    if unseen:
        print(f"nothing was held against: {', '.join(unseen)}")
    return 1 if failed or unseen else 0


if __name__ == "__main__":
    sys.exit(main())
