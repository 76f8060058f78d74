# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What a demonstration of minibroker does with its members and their clients, for those that source it
# after story.sh. Members are directories in $work. Who sources it says how one is started.

texts=/usr/share/common-licenses # of base-files: every Debian system has it

declare -A process # of each member and client that runs

# in_background NAME COMMAND
in_background() {
  print_command "$2 &"
  bash -c "exec $2" &
  process[$1]=$!
}

# await MEMBER PATTERN: until it says so.
await() {
  local deadline=$((SECONDS + 30))
  until grep -qE -- "$2" "$1.log"; do
    kill -0 "${process[$1]}" 2>/dev/null || fail "$1 ended by itself: $(cat "$1.log")"
    ((SECONDS < deadline)) || fail "$1 does not say \"$2\", but: $(tail -n 5 "$1.log")"
    sleep 0.02
  done
}

# said MEMBER: the last that it said.
said() { tail -n 1 "$1.log" | sed 's/^./     &/'; }

# ended NAME STATUS: it has ended, and so.
ended() {
  local status=0
  { wait "${process[$1]}" || status=$?; } 2>/dev/null
  unset "process[$1]"
  [[ $status == "$2" ]] || fail "$1 ended with status $status, not $2: $(cat "$1.log")"
}

# publish CLIENT MEMBER TEXT RATE: each line of a text, to a queue of the text's name. The answers, one
# for each line, go to CLIENT.ok: OK and the message's id.
publish() {
  : >"$1.ok"
  in_background "$1" "minibroker client --socket $2/socket --rate $4 < <(sed 's/^/PUB $3 /' $texts/$3) >$1.ok 2>$1.log"
}

# await_lines CLIENT COUNT: until so many are acknowledged.
await_lines() {
  until (($(wc -l <"$1.ok") >= $2)); do
    kill -0 "${process[$1]}" 2>/dev/null || fail "client $1 ended too early: $(cat "$1.log")"
    sleep 0.02
  done
}

kill_all() {
  local command="kill -9" name
  for name in "$@"; do command+=" ${process[$name]}"; done
  print_command "$command   # $*"
  {
    for name in "$@"; do kill -9 "${process[$name]}"; done
    # Here, where the shell's own word on each goes unheard.
    for name in "$@"; do wait "${process[$name]}" || true; done
  } 2>/dev/null
  for name in "$@"; do unset "process[$name]"; done
}

# acknowledged CLIENT TEXT: what a dump must hold, "queue id line" of each acknowledged line.
acknowledged() {
  awk -v queue="$2" 'NR == FNR { line[FNR] = $0; next } $1 == "OK" { print queue, $2, line[FNR] }' \
    "$texts/$2" "$1.ok" | sort
}

# check_each_once MEMBER CLIENT TEXT: every acknowledged line is in the store, once; prints it.
check_each_once() {
  local count missing twice
  count=$(grep -c '^OK' "$2.ok")
  missing=$(acknowledged "$2" "$3" | comm -23 - <(minibroker --directory "$1" --dump | sort))
  [[ -z $missing ]] || fail "acknowledged, and not in store $1: $missing"
  twice=$(minibroker --directory "$1" --dump | cut -d' ' -f1,2 | sort | uniq -d)
  [[ -z $twice ]] || fail "twice in store $1: $twice"
  printf '     checked: %s has every one of the %d acknowledged lines of %s, once\n' "$1" "$count" "$3"
}

# check_same MEMBER...: their stores are the same, byte for byte; prints it.
check_same() {
  local name
  for name in "$@"; do
    minibroker --directory "$name" --dump | cmp -s - <(minibroker --directory "$1" --dump) ||
      fail "the stores of $1 and $name differ"
  done
  printf '     checked: %s hold the same: %s\n' "$*" "$(minibroker --directory "$1" --dump | tail -n 1)"
}

# shut_down MEMBER...: the whole cluster, by a word to the first.
shut_down() {
  local name
  run 0 "minibroker client --socket $1/socket SHUTDOWN"
  for name in "$@"; do
    ended "$name" 0
    grep -q 'shut down: clean' "$name.log" || fail "$name was not shut down: $(cat "$name.log")"
  done
}

clean_up() {
  local name
  {
    for name in "${!process[@]}"; do kill -9 "${process[$name]}" || true; done
    wait
  } 2>/dev/null
  cd /
  [[ -z ${work:-} ]] || rm -rf "$work"
}
