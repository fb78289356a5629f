#!/usr/bin/env bash
# Ctrl-C in the middle of a drive: it starts no more flows, ends by itself, and reports what it has done so far.
set -euo pipefail

tool=$1
folder=$(mktemp -d)
drive=
cleanup() {
    [[ -z $drive ]] || kill -KILL "$drive" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

fail() {
    echo "drive_interrupted: $1" >&2
    sed 's/^/  | /' "$folder/out" "$folder/err" "$folder/json" >&2
    exit 1
}

# interrupt PATTERN WORDS...: once the output has the pattern.
interrupt() {
    local pattern=$1 status=0
    shift
    : >"$folder/out" # the tool may begin to write after grep has read
    "$tool" drive --json "$folder/json" "$@" >"$folder/out" 2>"$folder/err" &
    drive=$!
    for ((i = 0; i < 600; i++)); do
        grep -q "$pattern" "$folder/out" && break
        sleep 0.1
    done
    grep -q "$pattern" "$folder/out" || fail "no '$pattern'"
    kill -INT "$drive"
    wait "$drive" || status=$?
    drive=
    [[ $status -eq 130 ]] || fail "exit status $status"
    sandbox=$(sed -n 's/.*rate limits: process \([0-9]*\) .*/\1/p' "$folder/out")
    [[ -n $sandbox ]] || fail "no process number in the output"
    ! kill -0 "$sandbox" 2>/dev/null || fail "the sandbox lives on"
}

# Most flows would begin in hours.
interrupt ' in flight' --flows 100000 --rate 20
grep -q 'FAILED interrupted after ' "$folder/out" || fail "no closing line"
grep -Eq '"interrupted":true.*"flows":\{"begun":[1-9][0-9]*,"completed":[1-9][0-9]*,"failed":0,' "$folder/json" ||
    fail "no flows so far in the report, or failed ones"
grep -q '"complaints":\[\]' "$folder/json" || fail "flows did not end"
[[ ! -s $folder/err ]] || fail "complaints"
! grep -q 'flx_' "$folder/out" || fail "a session token in the output"

# Those that wait for longer than the time of grace are cancelled, and counted as that.
interrupt ' in flight' --mix handoff=1 --flows 30 --addresses 1 --limits on
grep -Eq '"failed":0,"cancelled":[1-9]' "$folder/json" || fail "no cancelled flows in the report, or failed ones"

# While accounts are being made.
interrupt 'rate limits: process' --flows 1000000 --mix ip=1
grep -q '^interrupted$' "$folder/err" || fail "not told"
