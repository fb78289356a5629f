#!/usr/bin/env bash
# Drives against the limits of the server: with the governor they wait and nothing is refused, without it they are.
set -euo pipefail

tool=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "drive_limits: $1" >&2
    sed 's/^/  | /' "$folder/out" "$folder/json" >&2
    exit 1
}

# drive STATUS WORDS...
drive() {
    local wanted=$1 status=0
    shift
    "$tool" drive --limits on --json "$folder/json" "$@" >"$folder/out" 2>&1 || status=$?
    [[ $status -eq $wanted ]] || fail "'$*': exit status $status instead of $wanted"
}

json() {
    grep -qF -- "$1" "$folder/json" || fail "the report for programs lacks $1"
}

# 11 handoffs at one address, where ten may begin at once and then one every six seconds.
handoffs=(--mix handoff=1 --flows 11 --addresses 1 --seed 1)
for generation in 2026-02 2026-09; do
    drive 0 "${handoffs[@]}" --generation "$generation"
    json '"completed":11,"failed":0'
    json '"answers_429":0,'
    ! grep -q '"throttled":0,"answers_429":0,"answers_429_after_first_minute"' "$folder/json" || fail "no call waited"
done

# Without it many are refused, of more than a slow machine could spread out.
handoffs=(--mix handoff=1 --flows 40 --addresses 1 --seed 1)
drive 1 "${handoffs[@]}" --governor off
json '"operation":"initiate_handoff","reason":"too many requests","phase":"done",'
! grep -q '"answers_429":0,"answers_429_after_first_minute"' "$folder/json" || fail "no answer 429"
drive 1 "${handoffs[@]}" --governor fail-fast
json '"reason":"too many requests","phase":"rate_limit"'
json '"answers_429":0,"answers_429_after_first_minute":0'

# All kinds, at as many addresses as no limit of an address or account is in the way of.
drive 0 --flows 400 --seed 1
json '"completed":400,"failed":0'
json '"answers_429":0,"answers_429_after_first_minute":0'
