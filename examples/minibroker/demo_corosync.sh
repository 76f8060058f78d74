#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The story of a cluster on three nodes, each with a Corosync daemon of its own, on this one machine
# (examples/ring): the network parts, and meets again. Told and checked as demo.sh; as root.
#
# usage: demo_corosync.sh [BUILD_TREE]; programs as demo.sh has them
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ring=$here/../ring
[[ -n ${STOREMARK_RING:-} ]] || exec "$ring/ring.py" run -- "${BASH_SOURCE[0]}" "$@"
tree=$(realpath -m "${1:-$here/../../build/release}")
programs=${STOREMARK_BIN_DIR:-$tree/src/cli:$tree/examples/minibroker}
PATH="$programs:$(realpath "$ring"):$PATH"

# shellcheck source=examples/story.sh
source "$here/../story.sh"
# shellcheck source=examples/minibroker/members.sh
source "$here/members.sh"

declare -A node=([a]=1 [b]=2 [c]=3)

# start MEMBER: in its node; what it says goes to MEMBER.log.
start() {
  local on=${node[$1]}
  : >"$1.log"
  in_background "$1" "ring.py exec $on -- minibroker --directory $1 --group corosync --wait-for 3 --update-address 192.0.2.$on:7100 2>$1.log"
}

# ---------------------------------------------------------------------------------------------

for program in storemark minibroker; do
  command -v "$program" >/dev/null || fail "no $program in $programs: build it first (./dev demo does)"
done
[[ -r $texts/GPL-3 && -r $texts/Apache-2.0 && -r $texts/MPL-1.1 ]] || fail "no $texts on this system"
began=$SECONDS
work=$(mktemp -d "${TMPDIR:-/tmp}/storemark-demo.XXXXXX")
trap clean_up EXIT 2>/dev/null
cd "$work"

cat <<END
${bold}storemark over Corosync: the network parts. Who goes on?${plain}

Three nodes on this machine, each with a network, a Corosync daemon and a broker of its own: a on node 1,
b on 2, c on 3. What stands here can be typed inside "examples/ring/ring.py run -- bash". In $work,
with $programs in PATH:
END

step "Three daemons, three brokers, one cluster"
run 0 "ring.py members 1"
shows '1 2 3 with quorum'
run 0 "mkdir a b c"
for member in a b c; do start $member; done
for member in a b c; do await $member 'active, one of 3'; done
run 0 "tail -n 1 a.log"
run 0 "minibroker client --socket b/socket 'PUB greetings hello, world'"
run 0 "minibroker client --socket c/socket 'CONSUME greetings' 'ACK 1'"
shows 'MSG 1 hello, world'
tell "Published on node 2, read on node 3."

step "While two clients publish, node 3 is cut off"
publish first a GPL-3 60
publish third c MPL-1.1 50
await_lines first 60
await_lines third 50
run 0 "ring.py cut 3"
await c 'applies nothing until the others are back'
await a 'active, one of 2'
run 0 "tail -q -n 1 a.log c.log"
run 0 "minibroker client --socket c/socket STATUS"
shows 'STATUS suspended'
run 1 "minibroker client --socket c/socket 'PUB greetings is anybody there'"
shows 'ERR not done, no quorum: send it again'
told=$(wc -l <first.ok)
await_lines first $((told + 60))
run 0 "minibroker client --socket a/socket STATUS"
tell "One of three is no cluster: c's daemon says that it has no quorum, so c applies nothing, and tells" \
  "its clients. a and b go on, and do not know whether c still runs; they need not."

step "The network is whole again"
run 0 "ring.py heal"
await c 'updated from'
until [[ $(tail -n 1 c.log) == *'active, one of 3' ]]; do sleep 0.02; done
run 0 "sed -n '/this member applies nothing/,\$p' c.log"
shows 'updated from'
ended first 0
ended third 1
printf '     (%d lines of MPL-1.1 were acknowledged, of %d c said that they were not done)\n' \
  "$(grep -c '^OK' third.ok)" "$(grep -c '^ERR.*quorum' third.ok)"
tell "c did not decide by the higher number: who had the quorum went on, and c took a copy from it over" \
  "the network (R4). What its store held before is kept:"
run 0 "ls -d c/backup.*"
for member in a b c; do
  run 0 "minibroker client --socket $member/socket STATUS"
  shows 'active'
done

step "All three are killed at once, in the middle of the work"
publish second b Apache-2.0 60
await_lines second 60
kill_all a b c
ended second 1
for member in a b c; do start $member; done
for member in a b c; do await $member 'waiting for an operator'; done
run 0 "tail -q -n 1 a.log b.log c.log"
run 0 "kill ${process[a]} ${process[b]} ${process[c]}"
for member in a b c; do ended $member 0; done
run 4 "storemark plan --wait-for 3 a b c"
shows 'needs operator \(R13\)'
word=$(grep -o 'storemark mark-clean .*' <<<"$output") || fail "plan does not say what to type"
tell "Nobody guesses. The command to type stands there (for stores on other hosts, with HOST:DIR). Typed" \
  "as it stands:"
run 0 "$word"
run 0 "storemark plan --wait-for 3 a b c"
shows 'start \(R10\)'
for member in a b c; do start $member; done
for member in a b c; do await $member 'active, one of 3'; done
run 0 "minibroker client --socket c/socket 'PUB greetings we are back'"
shut_down a b c
for member in a b c; do
  check_each_once $member first GPL-3
  check_each_once $member third MPL-1.1
  check_each_once $member second Apache-2.0
done
check_same a b c

cat <<END

${bold}Told and checked${plain}
   a node that was cut off applied nothing, told its clients, and came back with a copy
   of the whole cluster killed at once nobody guessed, and the operator typed what plan printed
   every acknowledged line is there, once, in the same order in three stores
   it took $((SECONDS - began)) seconds; nothing is left running, and nothing in $work
END
