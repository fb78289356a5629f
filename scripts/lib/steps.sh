# shellcheck shell=bash
# Headings, logs and the list of what failed, for scripts that run several steps. To be sourced.

fluxer_started=$SECONDS
fluxer_logs=build/logs
fluxer_failed=()

elapsed() {
    printf '%d:%02d' $(((SECONDS - fluxer_started) / 60)) $(((SECONDS - fluxer_started) % 60))
}

heading() {
    printf '\n== [%s] %s\n' "$(elapsed)" "$*"
}

failed() {
    fluxer_failed+=("$1")
    echo "FAILED: $1"
}

# quietly NAME COMMAND...: the output goes to a log, whose end is shown if the command fails.
quietly() {
    local name=$1 log
    shift
    log=$fluxer_logs/$name.log
    mkdir -p "$fluxer_logs"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 100 "$log"
        failed "$name (whole log: $log)"
        return 1
    fi
}

# Exits with what the steps gave.
finish() {
    if ((${#fluxer_failed[@]})); then
        printf '\nFailed after %s:\n' "$(elapsed)"
        printf '  %s\n' "${fluxer_failed[@]}"
        exit 1
    fi
}
