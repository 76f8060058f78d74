#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each rule of tidy.py notices what it is for, and lets a proper tree pass."""
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
import tidy  # noqa: E402

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"

# A tree that keeps all rules.
PROPER = {
    "include/storemark/a.hpp": LICENCE + "#pragma once\n#include <vector>\n",
    "src/io/file.hpp": LICENCE + "#pragma once\n#include <unistd.h>\n",
    "src/journal/codec.cpp": LICENCE + "#include <storemark/a.hpp>\n",
    "src/journal/journal.cpp": LICENCE + '#include "io/file.hpp"\n',
    "src/sources.cmake": "# SPDX-License-Identifier: Apache-2.0\nset(S\n  journal/codec.cpp\n"
                         "  journal/journal.cpp\n)\n",
    "tests/journal/codec_test.cpp": LICENCE,
    "tests/journal/journal_test.cpp": LICENCE,
}

# What is laid into it, and what must be said.
CASES = [
    ("src/io/long.hpp", LICENCE + "#pragma once\n" + "\n" * 400, "402 lines"),
    ("src/io/bare.hpp", "#pragma once\n", "does not begin with its licence"),
    ("src/io/twice.hpp", LICENCE, "without #pragma once"),
    ("src/io/late.hpp", LICENCE + "#pragma once\n// TO" + "DO: later\n", "puts something off"),
    ("tests/journal/codec_test.cpp", None, "has no tests/journal/codec_test.cpp"),
    ("include/storemark/a.hpp", LICENCE + "#pragma once\n#include <boost/uuid.hpp>\n",
     "includes <boost/uuid.hpp>: a public header"),
    ("include/storemark/a.hpp", LICENCE + '#pragma once\n#include "io/file.hpp"\n',
     'includes "io/file.hpp": a public header'),
    ("src/io/file.hpp", LICENCE + '#pragma once\n#include "journal/codec.hpp"\n', "io knows"),
    ("src/text/utf8.hpp", LICENCE + '#pragma once\n#include "io/file.hpp"\n', "text knows nobody"),
    ("src/journal/journal.cpp", LICENCE + '#include "cli/text.hpp"\n', "journal knows"),
    ("src/journal/journal.cpp", LICENCE + "#include <sys/stat.h>\n", "system calls on files are io's"),
    ("src/cli/main.hpp", LICENCE + '#pragma once\n#include "journal/codec.hpp"\n', "the tool"),
    ("examples/main.cpp", LICENCE + '#include "../src/io/file.hpp"\n', "an example"),
    ("src/journal/codec.cpp", LICENCE + "#include <chrono>\n", "reaches <chrono>: it is pure"),
    ("src/journal/codec.cpp", LICENCE + '#include "io/file.hpp"\n',
     'reaches <unistd.h> through "io/file.hpp": it is pure'),
    ("src/journal/new.cpp", LICENCE, "is not in src/sources.cmake"),
    ("tests/mutation/mutants.py", "# SPDX-License-Identifier: Apache-2.0\n"
     "from types import SimpleNamespace\n"
     "MUTANTS = [SimpleNamespace(guard='g', file='src/io/file.hpp', old='gone')]\n",
     'the text of "g" stands 0 times in src/io/file.hpp'),
]


def said(change=None):
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        tree = dict(PROPER)
        if change:
            tree[change[0]] = change[1]
        for name, text in tree.items():
            if text is not None:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
        return tidy.findings(root)


def main():
    tidy.MIRROR_EXCEPTIONS = {}
    wrong = [f"a proper tree: {line}" for line in said()]
    for path, text, expected in CASES:
        found = said((path, text))
        if not any(line.startswith(path.replace("tests/journal/codec_test", "src/journal/codec"))
                   and expected in line for line in found):
            wrong.append(f"{path}: expected '{expected}', got {found}")
    print("\n".join(wrong) if wrong else f"{len(CASES)} violations noticed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
