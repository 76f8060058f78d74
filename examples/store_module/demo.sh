#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The story of three stores: real processes, real directories, a real text. Every command is printed
# before it runs, so that it can be typed again; every claim is checked, and the first one that does
# not hold ends the demonstration with status 1.
#
# usage: demo.sh [BUILD_TREE]
# The programs are looked for in the directories of STOREMARK_BIN_DIR (separated by colons), else in
# the build tree, which is build/release, the one of ./dev, unless another is named. With
# STOREMARK_DEMO_DISCARD set, nothing is left behind.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(realpath -m "${1:-$here/../../build/release}")
programs=${STOREMARK_BIN_DIR:-$tree/src/cli:$tree/examples/store_module}
export PATH="$programs:$PATH"

text=/usr/share/common-licenses/GPL-3 # of base-files: every Debian system has it
cluster=5e0f7f0c-8a36-4c0e-9d55-6b8d8a1c2e01
shutdown=c1ea0000-0000-4000-8000-000000000001

# shellcheck source=examples/story.sh
source "$here/../story.sh"

# How many messages a store holds; 0 before it exists.
held() { { store_module "$1" --dump 2>/dev/null || true; } | wc -l; }

# The store is a prefix of the real text, byte for byte.
check_prefix() {
  local count
  count=$(held "$1")
  store_module "$1" --dump | cmp -s - <(head -n "$count" "$text") ||
    fail "store $1 is not the first $count lines of $text"
}

# start MEMBER: a process of its own, in the background; its status lines go to MEMBER.log.
declare -A process
start() {
  local command="store_module $1 --view-members a,b,c --input $text $2 2>$1.log"
  print_command "$command &"
  bash -c "exec $command" &
  process[$1]=$!
}

# kill_at MEMBER COUNT: with no warning at all, as soon as it holds so many messages.
kill_at() {
  until (($(held "$1") >= $2)); do
    kill -0 "${process[$1]}" 2>/dev/null || fail "store $1 ended by itself: $(cat "$1.log")"
    sleep 0.02
  done
  print_command "kill -9 ${process[$1]}   # $1, which holds $2 messages or a few more"
  kill -9 "${process[$1]}"
  { wait "${process[$1]}" || true; } 2>/dev/null
}

# ---------------------------------------------------------------------------------------------

for program in storemark store_module; do
  command -v "$program" >/dev/null || fail "no $program in $programs: build it first (./dev demo does)"
done
[[ -r $text ]] || fail "no $text on this system"

work=$(mktemp -d "${TMPDIR:-/tmp}/storemark-demo.XXXXXX")
cd "$work"
trap 'jobs -p | xargs -r kill -9 2>/dev/null || true' EXIT
lines=$(wc -l <"$text")

cat <<END
${bold}storemark: what is a broker's store worth after a crash?${plain}

Three members of a cluster, a, b and c, each take the same stream of events (the $lines lines of
$text) into a store of their own (LMDB).
Each keeps storemark's journal beside it. To type a command again:

   ${bold}cd $work
   export PATH=$programs:\$PATH${plain}
END

step "Founding: each store learns which cluster it belongs to"
run 0 "mkdir a b c"
for member in a b c; do
  run 0 "store_module $member --initial $cluster --open-only"
  shows 'empty'
done
run 0 "storemark examine a b c"
shows "cluster $cluster"
tell "All three are empty, and say so because their stores say so: a missing journal would not be" \
  "taken for it. If the power went now, the same start could be made again."

step "Running: three processes take the stream, and each is killed at a different moment"
for member in a b c; do start $member "--rate 150 --interval 100"; done
kill_at c 150
kill_at b 300
kill_at a 450
run 0 "storemark examine a b c"
shows 'dirty'
for member in a b c; do check_prefix $member; done
tell "Dirty, all three. The journal was written every 100 ms while the store ran ahead of it, so" \
  "each says between which numbers the truth lies; it never claims more than the store holds."

step "Each store module opens its store once, and tells the journal what is really there"
declare -A count
for member in a b c; do
  run 0 "store_module $member --open-only"
  count[$member]=$(held $member)
  read -r floor ceiling < <(sed -n 's/.*alone: .* \([0-9]*\) to \([0-9]*\) (.*/\1 \2/p' <<<"$output")
  ((floor <= count[$member] && count[$member] <= ceiling)) ||
    fail "the journal of $member said $floor to $ceiling, and the store holds ${count[$member]}"
  shows "journal and store: dirty, sequence ${count[$member]} \(exact\)"
done
run 0 "storemark examine a b c"
shows "latest: a \(${count[a]} exact\)"
word=$(grep -o 'storemark mark-clean .*' <<<"$output") || fail "examine does not say what to type"
run 4 "storemark plan --wait-for 3 a b c"
shows 'needs operator \(R13\)'
tell "No store was started or written. The answer is exact now, and the latest store is named," \
  "with the command to type; but it is a person who decides."

step "The operator's word: a is the one to go on from"
tell "The command is the one that examine printed."
run 0 "$word"
run 0 "storemark examine a b c"
shows '1 +a +clean'
shows '2 +b +dirty'
shows '3 +c +dirty'
run 0 "storemark plan --wait-for 3 a b c"
shows 'start \(R10\)'
shows 'b +dirty .* update from a'
tell "Marked clean, with a note of the two stores that it was compared with: they are seen to be" \
  "behind. \`storemark undo a\` would take the word back, until a starts."

step "Restart: a goes on where it was; b and c take an update from it"
run 0 "head -n 600 $text | store_module a"
shows "store holds ${count[a]} messages"
shows 'stopped at 600 messages'
for member in b c; do
  run 0 "store_module $member --update-from a --open-only"
  shows 'updated from a: 600 messages'
  check_prefix $member
done
run 0 "storemark examine a b c"
[[ -d b/messages.before-update.1 && -d c/messages.before-update.1 ]] || fail "the old is not kept"
tell "All three hold the same $(held a) messages now, and one history of views. What b and c held" \
  "before is kept in messages.before-update.1."

step "A clean shutdown: all three take the rest, and stop with one final UUID"
for member in a b c; do start $member "--shutdown $shutdown"; done
for member in a b c; do
  wait "${process[$member]}" || fail "store $member: $(cat $member.log)"
  store_module $member --dump | cmp -s - "$text" || fail "store $member is not the whole text"
done
run 0 "store_module a --dump | cmp - $text && echo 'the same, byte for byte'"
run 0 "storemark examine a b c"
for member in a b c; do shows "1 +$member +clean"; done
run 0 "storemark plan --wait-for 3 a b c"
shows 'start \(R10\)'
run 0 "storemark examine --slots a b c | grep -w final"
[[ $(grep -c "$shutdown" <<<"$output") == 3 ]] || fail "not three times the same final UUID"
tell "Three clean stores of one shutdown, equal to each other and to the real text. Any of them may" \
  "start the cluster again."

step "A damaged slot: 4096 random bytes over one of b's six copies"
run 0 "dd if=/dev/urandom of=b/storemark.journal bs=4096 seek=32 count=1 conv=notrunc status=none"
run 6 "storemark examine --slots b"
shows 'clean'
run 6 "storemark verify b"
run 0 "storemark verify --repair b"
run 0 "storemark examine b"
shows 'clean'
shows '6/6'
tell "Seen, named and healed; the store was clean all the time. Damage never gives status 0."

step "A lost journal: c's is removed"
run 0 "rm c/storemark.journal"
run 4 "storemark examine c"
run 6 "store_module c --initial $cluster --input $text"
shows 'SM201'
sequence=$(sed -n 's/.*store holds .* sequence \([0-9]*\),.*/\1/p' <<<"$output")
run 0 "storemark adopt c --initial $cluster --sequence $sequence --reason 'journal removed by mistake'"
run 0 "store_module c --open-only"
shows "dirty, sequence $sequence"
tell "A store with content and no journal is lost, never empty: it does not start, and no new cluster" \
  "is founded on it. The operator may adopt it; it is dirty then, since nobody knows better."

step "A cloned directory: d is a copy of a"
run 0 "cp -a a d"
run 5 "storemark examine a d"
shows 'cloned'
run 5 "storemark plan --wait-for 2 a d"
shows 'conflict \(R2\)'
run 1 "store_module a --update-from d"
shows 'own member id'
tell "Two directories with one member id: both look clean, and only one may ever start."

cat <<END

${bold}Told and checked${plain}
   three stores were killed with SIGKILL at ${count[a]}, ${count[b]} and ${count[c]} messages, each a prefix of the text
   the latest was named, marked by an operator, and the others followed it
   one final UUID: three clean stores, each the whole text of $lines lines
   a damaged slot, a lost journal and a cloned directory: each was named, none was taken for sound
END
if [[ -n ${STOREMARK_DEMO_DISCARD:-} ]]; then # the tests do not look at them
  rm -rf "$work"
else
  printf 'The directories are yours to look at: %s\n' "$work"
fi
