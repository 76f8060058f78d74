#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The story of a cluster: three real brokers, real directories, real texts. Every command is printed
# before it runs, so that it can be typed again; every claim is checked, and the first one that does
# not hold ends the demonstration with status 1. Nothing is left running, and nothing on disk.
#
# usage: demo.sh [BUILD_TREE]
# The programs are looked for in the directories of STOREMARK_BIN_DIR (separated by colons), else in
# the build tree, which is build/release, the one of ./dev, unless another is named.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(realpath -m "${1:-$here/../../build/release}")
programs=${STOREMARK_BIN_DIR:-$tree/src/cli:$tree/examples/minibroker}
export PATH="$programs:$PATH"

# shellcheck source=examples/story.sh
source "$here/../story.sh"

# shellcheck source=examples/minibroker/members.sh
source "$here/members.sh"

# start MEMBER [OPTIONS]: what it says goes to MEMBER.log.
start() {
  : >"$1.log"
  in_background "$1" "minibroker --directory $1 ${2:---group local:group --wait-for 3 --interval 100} 2>$1.log"
}

# ---------------------------------------------------------------------------------------------

for program in storemark minibroker; do
  command -v "$program" >/dev/null || fail "no $program in $programs: build it first (./dev demo does)"
done
[[ -r $texts/GPL-3 && -r $texts/Apache-2.0 && -r $texts/MPL-1.1 && -r $texts/GFDL-1.3 ]] || fail "no $texts on this system"
began=$SECONDS
work=$(mktemp -d "${TMPDIR:-/tmp}/storemark-demo.XXXXXX")
trap clean_up EXIT 2>/dev/null
cd "$work"

cat <<END
${bold}storemark: a whole cluster is killed. Who was right?${plain}

Three small brokers (examples/minibroker), a, b and c, replicate queues of messages: each change goes
to all in one order, and a client is answered when two have it on disk. In $work,
with $programs in PATH:
END

step "The first start: three empty stores found a cluster"
run 0 "mkdir a b c"
for member in a b c; do start $member; done
for member in a b c; do await $member 'active, one of 3'; done
run 0 "tail -n 2 a.log"
run 0 "minibroker client --socket b/socket 'PUB greetings hello, world' STATUS"
run 0 "minibroker client --socket c/socket 'CONSUME greetings' 'ACK 1'"
shows 'MSG 1 hello, world'
tell "Published at b, read at c: one queue. None of them started before all three were there: an" \
  "empty store alone cannot know whether it is new or lost."

step "Two clients publish two texts; c is killed, and comes back"
publish first a GPL-3 300
publish second b Apache-2.0 100
await_lines first 100
kill_all c
await a 'active, one of 2'
await_lines first 250
start c
await c 'active, one of 3'
run 0 "grep -E 'backup|updated' c.log"
shows 'updated from'
ended first 0
ended second 0
tell "The clients noticed nothing. c's old store was moved to c/backup.0001; it took a copy from a" \
  "running member, then what had been published meanwhile."

step "An administrative shutdown, and a clean restart"
shut_down c a b
check_each_once a first GPL-3
check_each_once c second Apache-2.0
check_same a b c
run 0 "storemark plan --wait-for 3 a b c"
shows 'start \(R10\)'
tell "One ordered message stopped all three after the same event, and marked their stores clean with" \
  "one final UUID. Clean stores need nobody:"
for member in a b c; do start $member; done
for member in a b c; do await $member 'active, one of 3'; done
said a

step "All three are killed at once, in the middle of the work"
publish third b MPL-1.1 150
publish fourth c GFDL-1.3 75
await_lines third 150
kill_all a b c
ended third 1
ended fourth 1
run 0 "tail -n 1 third.log fourth.log"
shows 'the broker has gone'
printf '     (acknowledged until then: %d lines of MPL-1.1, %d of GFDL-1.3)\n' \
  "$(wc -l <third.ok)" "$(wc -l <fourth.ok)"
run 4 "storemark plan --wait-for 3 a b c"
shows 'needs operator \(R13\)'
shows 'start all\? +you may, but they will only wait'
tell "Nobody guesses: the stores ran ahead of their journals, and nobody knows yet who holds the" \
  "most. The brokers do not guess either; started, they look into their stores, and wait:"
for member in a b c; do start $member; done
for member in a b c; do await $member 'waiting for an operator'; done
run 0 "tail -q -n 1 a.log b.log c.log"
run 0 "kill ${process[a]} ${process[b]} ${process[c]}"
for member in a b c; do ended $member 0; done

step "The operator's word"
run 4 "storemark plan --wait-for 3 a b c"
shows 'needs operator \(R13\)'
word=$(grep -o 'storemark mark-clean .*' <<<"$output") || fail "plan does not say what to type"
tell "Now it is exact, and the command to type stands there. Typed as it stands:"
run 0 "$word"
run 0 "storemark plan --wait-for 3 a b c"
shows 'start \(R10\)'
for member in a b c; do start $member; done
for member in a b c; do await $member 'active, one of 3'; done
run 0 "minibroker client --socket a/socket 'PUB greetings we are back' STATUS"
shut_down a b c
for member in a b c; do
  check_each_once $member third MPL-1.1
  check_each_once $member fourth GFDL-1.3
done
check_same a b c
tell "What was acknowledged before the kill is there, in all three, in one order."

step "A split: a and b go on, and do not know of each other"
tell "A local group cannot split, so they are started each in a group of its own, told to wait for" \
  "nobody: what a careless configuration does to a network that fails."
fork=$(minibroker --directory a --dump | sed -n 's/^# .* sequence \([0-9]*\) .*/\1/p')
start a "--group local:here --wait-for 1"
start b "--group local:there --wait-for 1"
await a 'active, alone'
await b 'active, alone'
run 0 "minibroker client --socket a/socket 'PUB fork heads' 'PUB fork heads again'"
run 0 "minibroker client --socket b/socket 'PUB fork tails'"
shut_down a
shut_down b
run 0 "storemark log a b c | tail -n 12"
shows "split: the same until $fork "
shows '\+-\*'
run 5 "storemark plan --wait-for 3 a b c"
shows 'conflict \(R9\)'
tell "Two clean stores, and neither follows from the other. The higher number would have been the" \
  "wrong reason to throw b's message away; so nobody starts, and together they say why:"
for member in a b c; do start $member; done
for member in a b c; do await $member 'waiting for a conflict to end'; done
run 0 "tail -n 1 c.log"
run 0 "kill ${process[a]} ${process[b]} ${process[c]}"
for member in a b c; do ended $member 0; done

step "The operator gives up b's half, and the cluster is whole again"
run 0 "storemark discard b --if-sequence $((fork + 1)) --reason 'one message, to be sent again by hand'"
run 0 "storemark plan --wait-for 3 a b c"
shows 'start \(R10\)'
shows "b gives up event $((fork + 1))"
for member in a b c; do start $member; done
for member in a b c; do await $member 'active, one of 3'; done
run 0 "minibroker client --socket b/socket 'CONSUME fork 10'"
shows 'heads again'
kept=$(find b -name 'backup.*' -maxdepth 1 | sort | tail -n 1)
run 0 "mkdir old && cp -r $kept old/queues && minibroker --directory old --dump | grep ^fork"
shows "fork $((fork + 1)) tails"
tell "b's own store is in its backup: what an operator gave up is not deleted, and can be sent again."
run 0 "minibroker client --socket b/socket 'PUB fork tails'"
shut_down a b c
check_same a b c

cat <<END

${bold}Told and checked${plain}
   a killed member came back with a copy, while two clients published
   of the whole cluster killed at once, nobody guessed, and the operator typed what plan printed
   every acknowledged line is there, once, in the same order in three stores: $(wc -l <first.ok) of GPL-3, $(wc -l <second.ok) of
   Apache-2.0, and of those cut by the kill $(wc -l <third.ok) of MPL-1.1 and $(wc -l <fourth.ok) of GFDL-1.3
   a split was seen, named and not resolved by number
   it took $((SECONDS - began)) seconds; nothing is left running, and nothing in $work
END
