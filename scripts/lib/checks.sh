# shellcheck shell=bash
# The checks of scripts/test that are not tests of a program. To be sourced after steps.sh.

fluxer_sources() { # fluxer_sources FOLDER...: the C++ files that git knows or would take
    git ls-files --cached --others --exclude-standard -- "$@" | grep -E '\.(cpp|hpp)$' || true
}

# The sources are as clang-format 14 makes them; other versions differ, so they are not asked.
check_format() {
    local tool files
    tool=$(command -v clang-format-14 || command -v clang-format || true)
    if [[ -z $tool ]]; then
        echo "skipped: clang-format is not installed"
        return
    fi
    if [[ $("$tool" --version) != *"version 14."* ]]; then
        echo "skipped: $("$tool" --version | head -n1) is not version 14, whose format the sources have"
        return
    fi
    mapfile -t files < <(fluxer_sources include src test examples bench)
    if ((!${#files[@]})); then
        echo "skipped: git lists no files here"
        return
    fi
    quietly format "$tool" --dry-run -Werror "${files[@]}" || return 0
    echo "${#files[@]} files"
}

# clang-tidy needs the compile commands of a build folder, and generated files that do not exist yet do not matter.
check_lint() {
    local jobs=$1 list tidy
    list=$fluxer_logs/lint-files
    tidy=$(command -v clang-tidy-16 || command -v clang-tidy)
    quietly lint-configure cmake --preset dev || return 0
    fluxer_sources src examples | grep '\.cpp$' >"$list"
    # The compile commands are g++'s, whose names of warnings clang does not all know.
    quietly lint xargs -a "$list" -P "$jobs" -n 1 "$tidy" -p build/dev --quiet \
        --extra-arg=-Wno-unknown-warning-option || return 0
    echo "$(wc -l <"$list") files"
}

# Nothing that the tests print may hold a secret: session tokens, the passwords that the tests use, and tickets
# (64 characters of base 62; a hash in hexadecimal is none). What is found is not repeated here.
check_secrets() {
    local preset files=() file found=no kind
    for file in "$fluxer_logs"/*.log; do
        [[ ! -f $file ]] || files+=("$file")
    done
    for preset in "$@"; do
        for file in build/"$preset"/Testing/Temporary/LastTest*.log; do
            [[ ! -f $file ]] || files+=("$file")
        done
    done
    declare -A patterns=(
        ["session token"]='flx_[A-Za-z0-9]{20,}'
        ["test password"]='correct-horse-battery-9|correct horse'
        ["ticket"]='(?<![A-Za-z0-9+/])(?=[A-Za-z0-9]*[g-zG-Z])[A-Za-z0-9]{64}(?![A-Za-z0-9+/])'
    )
    for kind in "${!patterns[@]}"; do
        while IFS=: read -r file line _; do
            echo "$file:$line: a $kind was printed"
            found=yes
        done < <(grep -nPH -e "${patterns[$kind]}" -- "${files[@]}" /dev/null)
    done
    [[ $found == no ]] || failed "secrets in the tests' output"
    echo "${#files[@]} logs read"
}
