#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: no_exit.sh STATIC_LIBRARY
# A library that lives in a broker neither ends the process nor writes to its streams. What the
# objects ask of others says so; what the C++ library does behind them is its own affair, and
# formatting into memory (snprintf) is harmless.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ends='(abort|exit|_exit|_Exit|quick_exit|__assert_fail|raise|kill|longjmp|pthread_kill)'
writes='(printf|fprintf|vprintf|vfprintf|dprintf|vdprintf|puts|fputs|putchar|fputc|putc|fwrite|perror|psignal|syslog)'
checked='__(v?f?printf|v?dprintf|syslog)_chk'
streams='(stdin|stdout|stderr|std::(cin|cout|cerr|clog)|std::ios_base::Init::Init\(\))'
manners='(signal|sigaction|system|popen|setlocale|atexit|on_exit|fork|vfork|setenv|putenv|chdir|umask)'

wanted=$("$NM" --undefined-only --demangle "$1" | sed -n 's/^ *U //p' | sort -u)
[[ -n $wanted ]] || { echo "no symbols seen in $1" >&2; exit 1; }
if grep -xE "$ends|$writes|$checked|$streams|$manners" <<<"$wanted"; then
  echo "called by the library, and must not be" >&2
  exit 1
fi
printf '%d symbols asked of others, none of them forbidden\n' "$(wc -l <<<"$wanted")"
