#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
# OSS-Fuzz calls this; the building is the project's own script's.
"$SRC/storemark/fuzz/build.sh" "$OUT"
