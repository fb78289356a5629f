#!/usr/bin/env bash
# Ctrl-C in the middle of a soak: it ends by itself, and reports what it has done so far.
set -euo pipefail

tool=$1
folder=$(mktemp -d)
soak=
cleanup() {
    [[ -z $soak ]] || kill -KILL "$soak" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

fail() {
    echo "soak_interrupted: $1" >&2
    sed 's/^/  | /' "$folder/out" "$folder/err" >&2
    exit 1
}

"$tool" soak --minutes 60 --callers 64 --connections 16 --seed 3 >"$folder/out" 2>"$folder/err" &
soak=$!
# Its servers have fewer than 30 descriptors without a client.
for ((i = 0; i < 600; i++)); do
    count=$(find "/proc/$soak/fd" -mindepth 1 2>/dev/null | wc -l)
    ((count > 40)) && break
    sleep 0.1
done
((count > 40)) || fail "no connections"
kill -INT "$soak"
status=0
wait "$soak" || status=$?
soak=
[[ $status -eq 1 ]] || fail "exit status $status"
grep -q -- '--seed 3' "$folder/out" || fail "the seed is not told"
grep -Eq '^ *all  *[1-9]' "$folder/out" || fail "no calls in the report"
grep -q 'interrupted after .*, nothing was wrong until then' "$folder/out" || fail "no closing line"
[[ ! -s $folder/err ]] || fail "complaints"
! grep -q 'flx_' "$folder/out" || fail "a session token in the output"
