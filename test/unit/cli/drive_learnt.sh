#!/usr/bin/env bash
# Drives against the limits of the server beyond the first minute, in which the governor learns of them: from then on
# calls still wait, and none is refused. Both generations at once, since all of it is waiting.
set -euo pipefail

tool=$1
folder=$(mktemp -d)
drives=()
cleanup() {
    ((${#drives[@]} == 0)) || kill "${drives[@]}" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

fail() {
    echo "drive_learnt: $generation: $1" >&2
    sed 's/^/  | /' "$folder/$generation.out" "$folder/$generation.json" >&2
    exit 1
}

# json TEXT: it is in the report for programs.
json() {
    grep -qF -- "$1" "$folder/$generation.json" || fail "the report for programs lacks $1"
}

# longest_call OPERATION: microseconds, waiting included.
longest_call() {
    sed -n "s/.*\"$1\":{[^}]*\"call_time\":{[^}]*\"max_us\":\([0-9]*\)}.*/\1/p" "$folder/$generation.json"
}

# Handoffs at one address: of the 22 ten may begin at once, and then one every six seconds, the last two after more than
# a minute.
for generation in 2026-02 2026-09; do
    "$tool" drive --limits on --generation "$generation" --mix handoff=1 --flows 22 --addresses 1 --seed 1 \
        --json "$folder/$generation.json" >"$folder/$generation.out" 2>&1 &
    drives+=("$!")
done

for generation in 2026-02 2026-09; do
    status=0
    wait "${drives[0]}" || status=$?
    drives=("${drives[@]:1}")
    ((status == 0)) || fail "exit status $status"
    json '"completed":22,"failed":0'
    json '"initiate_handoff":{"calls":22,"errors":0,"requests":22,'
    json '"answers_429":0,"answers_429_after_first_minute":0'
    # All flows began at once, so that the last one's first call had to wait until after that minute.
    (($(longest_call initiate_handoff) >= 66000000)) || fail "no call waited for more than a minute"
done
