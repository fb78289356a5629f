#!/usr/bin/env bash
# Runs the demo with its output going to a pipe, as a script or a log would have it.
set -euo pipefail

tool=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "demo_run: $1" >&2
    sed 's/^/  | /' "$folder/out" "$folder/err" >&2
    exit 1
}

status=0
"$tool" demo 2>"$folder/err" | cat >"$folder/out" || status=$?
[[ $status -eq 0 ]] || fail "exit status $status"

[[ $(LC_ALL=C tr -d '\n' <"$folder/out" | LC_ALL=C tr -d '\040-\377' | wc -c) -eq 0 ]] ||
    fail "a control character in the output"
[[ $(LC_ALL=C tr -d '\000-\177' <"$folder/out" | wc -c) -eq 0 ]] || fail "not ASCII, though no terminal"
! grep -q 'flx_' "$folder/out" || fail "a session token in the output"
! grep -Eq '[A-Za-z0-9]{64}' "$folder/out" || fail "a ticket in the output"
# A code stands alone; the groups of a request's UUID, which may look alike, have a hyphen beside them.
! grep -Eq '(^|[^A-Za-z0-9-])[A-Z2-9]{4}-[A-Z2-9]{4}([^A-Za-z0-9-]|$)' "$folder/out" || fail "a code in the output"
! grep -q 'FAILED' "$folder/out" || fail "a step failed"
for step in 1 2 3 4 5 6 7; do
    grep -q "^$step\. " "$folder/out" || fail "no step $step"
done
for row in 'flows  *2,000' 'failures  *0$' 'requests  *6,000' 'connections opened' 'reuse' 'throughput' 'p50  *p99'; do
    grep -Eq "^ *$row|^ .*$row" "$folder/out" || fail "no row '$row' in the table"
done

# Quiet unless asked, and no process left behind.
status=0
"$tool" demo --flows 20 --connections 4 --verbose >"$folder/out" 2>"$folder/err" || status=$?
[[ $status -eq 0 ]] || fail "exit status $status with --verbose"
grep -q 'handshake_end' "$folder/err" || fail "no events with --verbose"
! grep -q 'flx_' "$folder/err" || fail "a session token in the events"
sandbox=$(sed -n 's/.*sandbox: process \([0-9]*\),.*/\1/p' "$folder/out")
[[ -n $sandbox ]] || fail "no process number in the output"
! kill -0 "$sandbox" 2>/dev/null || fail "the sandbox lives on"
