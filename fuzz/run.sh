#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: fuzz/run.sh OUT SECONDS
# Runs each target that fuzz/build.sh put into OUT for SECONDS. What they find stays in OUT/corpus,
# where the next run goes on; an input that broke something is in OUT/broken.
set -euo pipefail
[[ $# -eq 2 ]] || { printf 'usage: fuzz/run.sh OUT SECONDS\n' >&2; exit 2; }
out=$1
seconds=$2
source=$(dirname "${BASH_SOURCE[0]}")
failed=0
mkdir -p "$out/broken"
for target in fuzz_file fuzz_group fuzz_slots fuzz_wire; do
  [[ -x $out/$target ]] || { printf 'fuzz/run.sh: no %s in %s; see fuzz/build.sh\n' "$target" "$out" >&2; exit 1; }
  mkdir -p "$out/corpus/$target"
  printf '\n== %s, %s s\n' "$target" "$seconds"
  # Quiet but for the pulse: one line each time the number of runs has doubled.
  if ! "$out/$target" -max_total_time="$seconds" -dict="$out/$target.dict" -timeout=10 \
    -rss_limit_mb=1024 -print_funcs=0 -reduce_inputs=1 -artifact_prefix="$out/broken/$target-" \
    "$out/corpus/$target" "$source/corpus/$target" 2>"$out/$target.log"; then
    failed=1
    tail -n 40 "$out/$target.log"
    printf '%s: BROKEN; the input is in %s/broken, the whole log in %s/%s.log\n' \
      "$target" "$out" "$out" "$target"
    continue
  fi
  grep -E '^#[0-9]+\s+(INITED|pulse|DONE)' "$out/$target.log" || true
done
exit "$failed"
