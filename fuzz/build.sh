#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: fuzz/build.sh OUT
# Builds the fuzz targets into OUT, each with its seed corpus and dictionary, in the layout that
# OSS-Fuzz wants. Under OSS-Fuzz the compiler, the flags and the engine come from its environment
# (CXX, CXXFLAGS, LIB_FUZZING_ENGINE); without them it is the preset "fuzz": clang and libFuzzer.
set -euo pipefail
[[ $# -eq 1 ]] || { printf 'usage: fuzz/build.sh OUT\n' >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=${WORK:-build/fuzz}
mkdir -p "$build"
options=()
if [[ -n ${LIB_FUZZING_ENGINE:-} ]]; then
  # The images that run the fuzzers have no xxHash: it is linked in.
  xxhash=$("${CXX:-c++}" -print-file-name=libxxhash.a)
  options=(-G Ninja -DCMAKE_BUILD_TYPE=None "-DxxHash_LIBRARY=$xxhash"
    -DSTOREMARK_BUILD_CLI=OFF -DSTOREMARK_BUILD_EXAMPLES=OFF -DSTOREMARK_BUILD_TESTS=OFF
    -DSTOREMARK_BUILD_BENCH=OFF -DSTOREMARK_WARNINGS=OFF
    "-DSTOREMARK_FUZZING_ENGINE=$LIB_FUZZING_ENGINE")
else
  options=(--preset fuzz)
fi
cmake -S . -B "$build" "${options[@]}" >"$build/configure.log" 2>&1 || {
  cat "$build/configure.log" >&2
  exit 1
}
cmake --build "$build" --parallel "$(nproc)" --target fuzz_file fuzz_group fuzz_slots fuzz_wire

for target in fuzz_file fuzz_group fuzz_slots fuzz_wire; do
  cp "$build/fuzz/$target" "$out/$target"
  cp fuzz/storemark.dict "$out/$target.dict"
  cp "fuzz/$target.options" "$out/$target.options"
  # Names are enough to tell the inputs apart; an older archive must not linger.
  rm -f "$out/${target}_seed_corpus.zip"
  python3 -m zipfile -c "$out/${target}_seed_corpus.zip" "fuzz/corpus/$target"/*
done
