#!/usr/bin/env bash
# Drives of all kinds of flows: through a pipe, as a closed and as an open loop, and against another process's sandbox.
set -euo pipefail

tool=$1
generation=$2
folder=$(mktemp -d)
server=
cleanup() {
    [[ -z $server ]] || kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

fail() {
    echo "drive_run: $1" >&2
    sed 's/^/  | /' "$folder/out" "$folder/err" "$folder/json" >&2
    exit 1
}

# drive STATUS WORDS...
drive() {
    local wanted=$1 status=0
    shift
    "$tool" drive --json "$folder/json" "$@" 2>"$folder/err" | cat >"$folder/out" || status=$?
    [[ $status -eq $wanted ]] || fail "'$*': exit status $status instead of $wanted"
    [[ $(LC_ALL=C tr -d '\n\040-\176' <"$folder/out" | wc -c) -eq 0 ]] || fail "not plain ASCII, though no terminal"
    ! grep -q 'flx_' "$folder/out" "$folder/json" || fail "a session token in the output"
}

# json TEXT: it is in the report for programs.
json() {
    grep -qF -- "$1" "$folder/json" || fail "the report for programs lacks $1"
}

# largest KEY: the most microseconds of its last occurrence with any.
largest() {
    sed -n "s/.*\"$1\":{\"count\":[1-9][^}]*\"max_us\":\([0-9]*\)}.*/\1/p" "$folder/json"
}

all_well='"failed":0,"cancelled":0'

drive 0 --generation "$generation" --flows 400 --seed 3
json "\"generation\":\"$generation\""
json "\"login\":{\"begun\":280,\"completed\":280,$all_well"
json "\"totp\":{\"begun\":80,\"completed\":80,$all_well"
json "\"ip\":{\"begun\":20,\"completed\":20,$all_well"
json "\"handoff\":{\"begun\":20,\"completed\":20,$all_well"
json '"loop":"closed"'
# Each flow of these and of no other kind makes one such call; 20 of the logins wait for a mail.
json '"login_user":{"calls":380,"errors":20,"requests":380,"throttled":0,"answers_429":0'
json '"login_with_totp":{"calls":80,"errors":0'
json '"authorize_ip_address":{"calls":20,"errors":0'
json '"complete_handoff":{"calls":20,"errors":0'
json '"logout_user":{"calls":400,"errors":0'
json '"failures":[]'
json '"complaints":[]'
grep -q "sandbox $generation without rate limits" "$folder/out" || fail "the sandbox is not told of"

# Two seconds and more, a pause between polls, for each of three users, who come within 20 ms and are served one by one: the last one's wait
# counts from when that user came.
drive 0 --generation "$generation" --flows 3 --concurrency 1 --rate 100 --arrivals fixed --mix handoff=1
json '"loop":"open"'
(($(largest latency) > 5900000)) || fail "the wait to begin is not part of the latency"
(($(largest service_time) + 3900000 < $(largest latency))) || fail "the wait to begin is part of the service time"
(($(largest start_delay) > 3900000)) || fail "the wait to begin is not told"
grep -q 'of that, waiting to begin' "$folder/out" || fail "no row of the wait to begin"

# Somebody else's sandbox.
"$tool" sandbox --generation "$generation" --ca-out "$folder/ca.pem" >"$folder/url" &
server=$!
for ((i = 0; i < 300; i++)); do
    grep -q '^base URL: ' "$folder/url" && break
    sleep 0.1
done
url=$(sed -n 's/^base URL: //p' "$folder/url")
drive 0 --base-url "$url" --ca "$folder/ca.pem" --flows 20
json "\"base_url\":\"$url\""
json "\"begun\":20,\"completed\":20,$all_well"

# As with a server that is no sandbox: only what accounts alone can do, and a reason for each flow that fails.
printf 'nobody@example.com\tnot her password\n' >"$folder/accounts"
drive 1 --base-url "$url" --ca "$folder/ca.pem" --accounts "$folder/accounts" --flows 4 --mix login=1
json '"failures":[{"flow":"login","operation":"login_user","reason":"refused","phase":"done","count":4,'
grep -q '^  FAILED the drive failed: 4 of 4 flows failed' "$folder/out" || fail "no closing line"
! grep -q 'not her password' "$folder/out" "$folder/json" || fail "a password in the output"
drive 2 --base-url "$url" --ca "$folder/ca.pem" --accounts "$folder/accounts"
grep -q -- '--mix has ip, whose mails only a sandbox lets be read' "$folder/err" || fail "no complaint about ip"
drive 1 --base-url "${url%/v1}/nowhere" --ca "$folder/ca.pem"
grep -q 'is no sandbox: name accounts' "$folder/err" || fail "no complaint about a server that is no sandbox"
