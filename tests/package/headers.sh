#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: headers.sh INCLUDE_DIR
# Every public header compiles on its own and twice over, without a warning, and includes only our
# own public headers, the standard library's and tl::expected.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
include_dir=$1

count=0
for header in "$include_dir"/storemark/*.h*; do
  name=storemark/$(basename "$header")
  printf '#include <%s>\n#include <%s>\n' "$name" "$name" |
    quietly "$CXX" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
      -Wsign-conversion -Wold-style-cast -Wundef -Werror -I "$include_dir" -x c++ -
  if sed -n 's/^ *# *include *//p' "$header" |
    grep -vE '^<(storemark/[a-z_]+\.hp*|tl/expected\.hpp|[a-z_]+)>'; then
    echo "$name includes what a user need not have" >&2
    exit 1
  fi
  count=$((count + 1))
done
[[ $count -gt 0 ]]
printf '%d headers\n' "$count"
