#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: exports.sh LIBRARY FUNCTION
# The shared library exports our namespace and nothing else, and in it the function.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

symbols=$("$NM" --dynamic --defined-only --demangle "$1" | cut -d ' ' -f 3-)
grep -qF "storemark::$2(" <<<"$symbols" || { echo "storemark::$2 is not exported" >&2; exit 1; }
if grep -vE '^((typeinfo|typeinfo name|vtable) for )?storemark::|^storemark_' <<<"$symbols"; then
  echo "exported, but not ours" >&2
  exit 1
fi
printf '%d symbols, all ours\n' "$(wc -l <<<"$symbols")"
