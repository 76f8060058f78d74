#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The schemas bite: a document from which a field is taken, to which one is added, or in which one has
another type, fits no more. usage: schemas_test.py SCHEMAS OUTPUTS SCENARIOS"""
import copy
import json
import pathlib
import sys

from schemas import documents, problem, schema_of, validators

# Objects whose keys are names that people choose.
OPEN = {"scenario": {("expect", "members")}}
# Fields that may be left out: the schema says so, and so do the pages.
OPTIONAL = {
    "plan": {("answers", "missing")},
    "explain": {("exit",), ("summary",)},
}
# In a scenario nearly everything may be left out.
NEEDED = {"scenario": {("members",), ("members", 0, "name")}}


def examples(outputs, scenarios):
    """For each schema the document with most in it."""
    best = {}
    for path in pathlib.Path(outputs).glob("*.json"):
        text = path.read_text(encoding="utf-8")
        for document in documents(text):
            name = schema_of(document)
            if len(json.dumps(document)) > len(json.dumps(best.get(name))):
                best[name] = document
    for path in pathlib.Path(scenarios).glob("*.json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        if len(json.dumps(document)) > len(json.dumps(best.get("scenario"))):
            best["scenario"] = document
    return best


def objects(value, path=()):
    """Every object in it; of a list, the first element."""
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from objects(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from objects(value[0], (*path, 0))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def is_elsewhere(path):
    """What collect shares with plan and examine is tried there."""
    return path[:1] == ("plan",) or (path[:2] == ("stores", 0) and path[2:3] != ("evidence",))


def spoilt(name, document):
    """What was done to it, and the document after that."""
    for path in objects(document):
        if path in OPEN.get(name, ()):
            continue
        if name == "collect" and is_elsewhere(path):
            continue
        added = copy.deepcopy(document)
        at(added, path)["surplus"] = 1
        yield f"{path} with a surplus field", added
        for key in at(document, path):
            if (*path, key) in OPEN.get(name, ()):
                continue
            retyped = copy.deepcopy(document)
            at(retyped, path)[key] = {"no such": "type"}
            yield f"{(*path, key)} with another type", retyped
            if (*path, key) in OPTIONAL.get(name, ()):
                continue
            if name in NEEDED and (*path, key) not in NEEDED[name]:
                continue
            taken = copy.deepcopy(document)
            del at(taken, path)[key]
            yield f"without {(*path, key)}", taken


def main():
    schemas, outputs, scenarios = sys.argv[1:]
    known = validators(schemas)
    passed, tried = [], 0
    for name, document in sorted(examples(outputs, scenarios).items()):
        if problem(known[name], document):
            passed.append(f"{name}: the example itself does not fit")
            continue
        for what, other in spoilt(name, document):
            tried += 1
            if known[name].is_valid(other):
                passed.append(f"{name}: {what} is not noticed")
    print("\n".join(passed) if passed else f"{tried} spoilt documents, each noticed")
    return 1 if passed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
