#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: subdirectory.sh SOURCE WORK static|shared ON|OFF
# Builds and runs a consumer that adds the library's sources to its own project (with the component
# corosync where that is ON), and sees that neither our warnings nor our tests and tools come with
# them. The install rules are asked for.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source_dir=$1 work=$2 kind=$3 corosync=$4
components=""
[[ $corosync == OFF ]] || components=corosync
shared=OFF
[[ $kind == static ]] || shared=ON

quietly "$CMAKE" -S "$source_dir/tests/package/consumer" -B "$work" -G Ninja \
  -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DSTOREMARK_SOURCE="$source_dir" \
  -DBUILD_SHARED_LIBS=$shared -DSTOREMARK_INSTALL=ON \
  -DSTOREMARK_WITH_COROSYNC="$corosync" -DCONSUMER_COMPONENTS="$components"
quietly "$CMAKE" --build "$work"
expect_runs "$work/consumer"

commands=$(grep '"command"' "$work/compile_commands.json")
users=$(grep 'consumer/[a-z_]*\.cpp' <<<"$commands")
if grep -E -- "-W[a-z]|-fsanitize|-fvisibility|-I$source_dir/src( |$)" <<<"$users"; then
  echo "our flags reach the user" >&2
  exit 1
fi
ours=$(grep -v 'consumer/[a-z_]*\.cpp' <<<"$commands")
ours=${ours//"$work"/} ours=${ours//"$source_dir"/}
if grep -E -- '-Werror|/src/cli/|/tests/|/examples/|/fuzz/|/bench/' <<<"$ours"; then
  echo "more than the library is built" >&2
  exit 1
fi
