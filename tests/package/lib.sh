# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts of this directory. CXX, CMAKE and NM come from the test's environment.
set -euo pipefail
: "${CXX:=c++}" "${CMAKE:=cmake}" "${NM:=nm}"

# quietly COMMAND...: its output is shown only if it fails.
quietly() {
  local output
  if ! output=$("$@" 2>&1); then
    printf '%s\nfailed: %s\n' "$output" "$*" >&2
    return 1
  fi
}

# expect_runs PROGRAM: it makes a journal and sees that it is empty.
expect_runs() {
  local directory
  directory=$(mktemp -d)
  "$1" "$directory"
  rm -r "$directory"
}
