#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Takes out one guard at a time and shows that a test notices: tests/mutation/mutate.py --help.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
exec python3 tests/mutation/mutate.py "$@"
