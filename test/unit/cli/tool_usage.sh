#!/usr/bin/env bash
# The tool's exit statuses, its complaints, and its commands sandbox and check against each other.
set -euo pipefail

tool=$1
folder=$(mktemp -d)
server=
cleanup() {
    [[ -z $server ]] || kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

fail() {
    echo "tool_usage: $1" >&2
    sed 's/^/  | /' "$folder/out" "$folder/err" >&2
    exit 1
}

# expect STATUS WORDS...: runs the tool, keeps its output.
expect() {
    local wanted=$1 status=0
    shift
    "$tool" "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [[ $status -eq $wanted ]] || fail "'$*': exit status $status instead of $wanted"
}

one_line_saying() {
    [[ $(wc -l <"$folder/err") -eq 1 ]] || fail "not exactly one line of complaint"
    grep -qF -- "$1" "$folder/err" || fail "the complaint does not say '$1'"
}

expect 0 --help
expect 0 --version
expect 2
for command in demo sandbox check soak drive; do
    expect 0 "$command" --help
    grep -q "usage: fluxer-auth $command" "$folder/out" || fail "no usage of $command"
    expect 2 "$command" --no-such-option
    one_line_saying 'unknown option --no-such-option'
done
expect 2 frobnicate
one_line_saying "unknown command 'frobnicate'"
expect 2 sandbox --port 65536
one_line_saying "--port: '65536' is not a whole number from 0 to 65535"
expect 2 soak --minutes 0
one_line_saying "--minutes: '0' is not a number from 0.05 to 10080"
expect 2 sandbox --generation 2027-01
one_line_saying '--generation must be 2026-02 or 2026-09'
expect 2 drive --mix login=70,sms=1
one_line_saying "--mix: 'sms' is none of login, totp, ip, handoff"
expect 2 drive --base-url https://localhost/v1 --limits on
one_line_saying '--limits cannot be had with --base-url'
expect 2 drive --accounts file
one_line_saying '--accounts needs --base-url'
expect 2 drive --arrivals fixed
one_line_saying '--arrivals needs --rate'
expect 2 drive --governor maybe
one_line_saying '--governor must be wait, fail-fast or off'
expect 1 drive --json /nowhere/report
one_line_saying 'cannot write /nowhere/report'
expect 1 drive --base-url https://localhost:1/v1 --timeout 5
one_line_saying 'fluxer-auth drive: '
expect 2 check
one_line_saying '--base-url is required'
expect 1 sandbox --address 192.0.2.1
one_line_saying 'fluxer-auth sandbox: '
expect 1 check --base-url http://localhost/v1
expect 1 check --base-url https://localhost:1/v1 --timeout 5
grep -q 'FAILED' "$folder/out" || fail "no failure printed"

# start_sandbox WORDS...: runs one beside this script, sets server and url.
start_sandbox() {
    # The shell empties the file only when the background job starts: until then an earlier server's line stands in it.
    : >"$folder/url"
    "$tool" sandbox "$@" >"$folder/url" &
    server=$!
    for ((i = 0; i < 300; i++)); do
        grep -q '^base URL: ' "$folder/url" && break
        sleep 0.1
    done
    url=$(sed -n 's/^base URL: //p' "$folder/url")
    [[ $url == https://localhost:*/v1 ]] || fail "base URL '$url'"
}

# stop_sandbox SIGNAL
stop_sandbox() {
    local status=0
    kill "-$1" "$server"
    wait "$server" || status=$?
    server=
    [[ $status -eq 0 ]] || fail "exit status $status of the sandbox after SIG$1"
}

start_sandbox --ca-out "$folder/ca.pem"
expect 0 check --base-url "$url" --ca "$folder/ca.pem"
grep -q 'cancelled, its status is "expired"' "$folder/out" || fail "the handoff was not cancelled"
expect 1 check --base-url "$url"
grep -q -- '--ca FILE' "$folder/out" || fail "no hint about the CA"
expect 1 check --base-url "${url%/v1}/nowhere" --ca "$folder/ca.pem"
grep -q 'base URL' "$folder/out" || fail "no hint about the base URL"
stop_sandbox TERM

start_sandbox --generation 2026-09 --ca-out "$folder/ca.pem"
expect 0 check --base-url "$url" --ca "$folder/ca.pem"
grep -q 'cancelled, its status is "expired"' "$folder/out" || fail "the newer server's handoff was not cancelled"
stop_sandbox TERM

start_sandbox
stop_sandbox INT
