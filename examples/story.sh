# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# How a demonstration tells its story, for those that source it: every command is printed before it
# runs, and the first claim that does not hold ends it. Directories stand in $work.

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' dim='' plain=''
fi

fail() {
  printf '\nNOT AS TOLD: %s\n' "$*" >&2
  if [[ -n ${work:-} ]]; then printf '(the directories are in %s)\n' "$work" >&2; fi
  exit 1
}

step_number=0
step() {
  step_number=$((step_number + 1))
  printf '\n%s%d. %s%s\n' "$bold" "$step_number" "$1" "$plain"
}

tell() { printf '%s\n' "$*" | fold -s -w 96 | sed 's/^/   /; s/ *$//'; }

print_command() { printf '   %s$ %s%s\n' "$bold" "$1" "$plain"; }

# run STATUS COMMAND: prints the command, runs it, shows what it says, and insists on the status.
output=''
run() {
  local expected=$1 command=$2 status=0
  print_command "$command"
  output=$(eval "$command" 2>&1) || status=$?
  if [[ -n $output ]]; then printf '%s\n' "$output" | sed 's/^./     &/'; fi
  [[ $status == "$expected" ]] || fail "\"$command\" gave status $status, not $expected"
  if [[ $status != 0 ]]; then printf '     %s(exit status %s)%s\n' "$dim" "$status" "$plain"; fi
}

# shows PATTERN: the last command said so.
shows() { grep -qE -- "$1" <<<"$output" || fail "the output does not show: $1"; }
