#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: shared_tool.sh SOURCE WORK
# The tool against the shared library, as a distributor builds it: it runs from where it is installed.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source_dir=$1 work=$2

quietly "$CMAKE" -S "$source_dir" -B "$work/build" -G Ninja -DBUILD_SHARED_LIBS=ON \
  -DSTOREMARK_BUILD_TESTS=OFF -DSTOREMARK_BUILD_FUZZ=OFF -DSTOREMARK_BUILD_BENCH=OFF \
  -DSTOREMARK_BUILD_EXAMPLES=OFF
quietly "$CMAKE" --build "$work/build"
"$(dirname "$(realpath "$0")")/installed.sh" "$work/build" "$work/installed" shared |
  grep -x -A 1 'the tool, shared'
