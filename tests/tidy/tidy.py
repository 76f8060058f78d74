#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that a compiler does not know. usage: tidy.py SOURCE_DIR

Each rule yields one line per finding, "path: what is wrong". Exit 1 if there is any.
"""
import pathlib
import re
import runpy
import sys

MAX_LINES = 400

# Where the tests of a directory of src/ may stand: those of the journal by its parts, and by its API.
MIRRORS = {"journal": ["journal", "journal_api"], "group/local": ["group"]}

# Sources without a test file of their own, and the one under tests/ that stands for it: they are the
# inside of one call of the public API, or one step of it that only a fault brings out.
MIRROR_EXCEPTIONS = {
    "journal/core": "journal_api/journal_test.cpp",
    "journal/create": "crash/made_file_test.cpp",
    "journal/io_errors": "crash/every_error_test.cpp",
    "journal/operator": "journal_api/mark_test.cpp",
    "journal/permit_handles": "journal_api/permit_test.cpp",
    "journal/permits": "journal_api/permit_test.cpp",
    "journal/read_back": "crash/read_back_test.cpp",
    "journal/view_change": "journal_api/view_test.cpp",
    "journal/word_log": "journal_api/mark_test.cpp",
    "journal/words": "journal_api/mark_test.cpp",
}

for part in ("cluster", "round", "start", "update"):
    MIRROR_EXCEPTIONS[f"restart/session_{part}"] = "restart/session_test.cpp"
MIRROR_EXCEPTIONS["restart/announce"] = "driver/own_store_test.cpp"
MIRROR_EXCEPTIONS["driver/member_steps"] = "driver/member_test.cpp"
MIRROR_EXCEPTIONS["driver/check_options"] = "driver/callers_test.cpp"
for part in ("loop", "loop_status"):
    MIRROR_EXCEPTIONS[f"driver/{part}"] = "driver/driver_test.cpp"
for part in ("clean", "cluster", "decision", "draft", "forming", "joining"):
    MIRROR_EXCEPTIONS[f"restart/{part}"] = "restart/scenarios_test.cpp"

MIRROR_EXCEPTIONS |= {
    "group/local/engine": "group/local_group_test.cpp",
    "group/local/engine_seek": "group/local_group_kill_test.cpp",
    "group/local/errors": "group/place_test.cpp",
    "group/local/hub": "group/hub_takeover_test.cpp",
    "group/local/link": "group/hub_server_test.cpp",
    "group/local/mark_codec": "group/place_test.cpp",
    "group/bell": "group/local_group_test.cpp",
    "group/own_descriptor": "group/local_group_process_test.cpp",
    "group/random_node": "group/local_group_test.cpp",
}

MIRROR_EXCEPTIONS |= {
    "group/corosync/address": "group/corosync/order_test.cpp",
    "group/corosync/corosync_group": "group/corosync/engine_test.cpp",
    "group/corosync/daemon": "corosync/group_test.py",
    "group/corosync/engine_thread": "group/corosync/engine_test.cpp",
    "group/corosync/engine_turn": "group/corosync/engine_test.cpp",
    "group/corosync/errors": "group/corosync/engine_test.cpp",
    "group/corosync/watch": "group/corosync/engine_test.cpp",
    "group/corosync/order_views": "group/corosync/order_test.cpp",
}

# Sources that an arrow does not bind, and why.
ARROW_EXCEPTIONS = {
    "src/journal/word_log.cpp": "the audit log and the backups are files of their own",
}

# Pure parts: bytes and values in, values out. What they may not reach, however indirectly.
PURE = {
    "src/journal": ["bytes", "codec", "errors", "layout", "legal_images", "recovery", "sections",
                    "store_facts"],
    "src/group/corosync": ["address", "envelope", "hello_codec", "order", "order_views", "segment"],
}
IMPURE = re.compile(
    r'"io/.*"|<(chrono|thread|mutex|shared_mutex|condition_variable|random|ctime|time\.h|fstream|'
    r'iostream|unistd\.h|fcntl\.h|sys/.*)>')

# Which includes a directory may not have. Arrows point one way.
FORBIDDEN = [
    ("include", re.compile(r'".*"|<(?!storemark/[a-z0-9_]+\.hp*>|tl/expected\.hpp>|[a-z_]+>).*>'),
     "a public header includes ours, the standard library and tl::expected"),
    ("src/io", re.compile(r'"(?!io/).*"'), "io knows nobody above it"),
    ("src/text", re.compile(r'"(?!text/).*"'), "text knows nobody"),
    ("src/journal", re.compile(r'"(?!io/|journal/|text/).*"'), "journal knows io and itself"),
    ("src/journal", re.compile(r'<(unistd\.h|fcntl\.h|sys/(stat|uio|file|ioctl)\.h)>'),
     "system calls on files are io's"),
    ("src/restart", re.compile(r'"(?!restart/|text/).*"'), "restart knows itself and public values"),
    ("src/restart", IMPURE, "restart is pure: no thread, clock, file or socket"),
    ("src/driver", re.compile(r'"(?!driver/|restart/|journal/|io/|text/).*"'),
     "driver knows the session, the journal and what is below them"),
    ("src/group/local", re.compile(r'"(?!io/|group/local/|group/[a-z_]*\.hpp).*"'),
     "the local group knows io, itself and what groups share"),
    ("src/group/corosync", re.compile(r'"(?!io/|text/|group/corosync/|group/[a-z_]*\.hpp).*"'),
     "the Corosync group knows io, text, itself and what groups share"),
    ("src/cli", re.compile(r'"(io|journal|restart|driver|group|lmdb|capi)/.*"|".*\.\..*"'),
     "the tool stands on the public headers"),
    ("examples", re.compile(r'"(io|journal|restart|driver|group|lmdb|capi|cli)/.*"|".*\.\..*"'),
     "an example stands on the public headers"),
]

SOURCE_SUFFIXES = {".cpp", ".hpp", ".h", ".c"}
COMMENTED = SOURCE_SUFFIXES | {".cmake", ".sh", ".py"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"][^>"]+[>"])', re.M)
PLACES = ["include", "src", "tests", "examples", "fuzz", "bench", "cmake"]


def files(root, place, suffixes):
    return sorted(p for p in (root / place).rglob("*") if p.suffix in suffixes and p.is_file())


def includes(path):
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def resolve(root, include):
    """The file of ours that an include names, or None."""
    name = include[1:-1]
    candidate = root / ("include" if include[0] == "<" else "src") / name
    return candidate if candidate.is_file() else None


def rule_length(root):
    for place in ("include", "src"):
        for path in files(root, place, SOURCE_SUFFIXES):
            lines = path.read_text(encoding="utf-8").count("\n")
            if lines > MAX_LINES:
                yield path, f"{lines} lines; one file does one thing, in {MAX_LINES} at most"


def rule_head(root):
    for place in PLACES:
        for path in files(root, place, COMMENTED) + sorted((root / place).rglob("CMakeLists.txt")):
            head = "\n".join(path.read_text(encoding="utf-8").split("\n")[:2])
            if "SPDX-License-Identifier: Apache-2.0" not in head:
                yield path, "does not begin with its licence (SPDX-License-Identifier: Apache-2.0)"
            if path.suffix in (".hpp", ".h") and "#pragma once" not in path.read_text():
                yield path, "a header without #pragma once"


def rule_promises(root):
    promise = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    for place in PLACES:
        for path in files(root, place, COMMENTED):
            if promise.search(path.read_text(encoding="utf-8")):
                yield path, "puts something off; do it, or file an issue"


def rule_mirror(root):
    for path in files(root, "src", {".cpp"}):
        name = path.relative_to(root / "src").with_suffix("")
        places = MIRRORS.get(str(name.parent), [str(name.parent)])
        exists = any((root / "tests" / place / f"{name.name}_test{suffix}").is_file()
                     for place in places for suffix in (".cpp", ".py", ".sh"))
        excepted = str(name) in MIRROR_EXCEPTIONS
        if not exists and not excepted:
            yield path, f"has no tests/{name}_test.cpp"
        if exists and excepted:
            yield path, "has a test, and is still among the exceptions"
    for name, stand_in in MIRROR_EXCEPTIONS.items():
        if not (root / "src" / f"{name}.cpp").is_file():
            yield root / "src" / f"{name}.cpp", "is among the exceptions, and is gone"
        if not (root / "tests" / stand_in).is_file():
            yield root / "tests" / stand_in, f"stands for src/{name}.cpp, and is gone"


def rule_arrows(root):
    for place, forbidden, reason in FORBIDDEN:
        for path in files(root, place, SOURCE_SUFFIXES):
            for include in includes(path):
                excepted = str(path.relative_to(root)) in ARROW_EXCEPTIONS and include[0] == "<"
                if forbidden.fullmatch(include) and not excepted:
                    yield path, f"includes {include}: {reason}"


def rule_pure(root):
    for place, names in PURE.items():
        for path in files(root, place, SOURCE_SUFFIXES):
            if path.stem in names:
                yield from impure_ways(root, path)


def impure_ways(root, start):
    seen, waiting = {start}, [(start, "")]
    while waiting:
        path, way = waiting.pop()
        for include in includes(path):
            if IMPURE.fullmatch(include):
                yield start, f"reaches {include}{way}: it is pure"
            found = resolve(root, include)
            if found and found not in seen:
                seen.add(found)
                waiting.append((found, f" through {include}{way}"))


def rule_listed(root):
    listing = root / "src" / "sources.cmake"
    listed = set(re.findall(r"^\s+([a-z0-9_/]+\.cpp)$", listing.read_text(), re.M))
    for path in files(root, "src", {".cpp"}):
        name = str(path.relative_to(root / "src"))
        if not name.startswith("cli/") and name not in listed:
            yield path, "is not in src/sources.cmake"


def rule_mutants(root):
    """What a mutant takes out stands in its file, once: else it would take out nothing."""
    place = root / "tests/mutation"
    if not (place / "mutants.py").is_file():
        return
    sys.path.insert(0, str(place))
    mutants = runpy.run_path(str(place / "mutants.py"))["MUTANTS"]
    sys.path.remove(str(place))
    for mutant in mutants:
        times = (root / mutant.file).read_text().count(mutant.old)
        if times != 1:
            yield place / "mutants.py", f'the text of "{mutant.guard}" stands {times} times in {mutant.file}'


RULES = [rule_length, rule_head, rule_promises, rule_mirror, rule_arrows, rule_pure, rule_listed, rule_mutants]


def findings(root):
    return [f"{path.relative_to(root)}: {what}" for rule in RULES for path, what in rule(root)]


def main():
    root = pathlib.Path(sys.argv[1])
    found = findings(root)
    print("\n".join(found) if found else f"{len(RULES)} rules kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
