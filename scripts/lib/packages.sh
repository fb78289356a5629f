# shellcheck shell=bash
# Installs what the build needs on Debian 12, Debian 13 and Ubuntu 24.04. To be sourced.
#
#   ensure_packages [GROUP...]     groups: format lint fuzz speed bench
#
# FLUXER_AUTH_SKIP_PACKAGES=1 leaves the machine alone, for those who installed everything in another way.

fluxer_packages_bench=(nginx openssl python3 gnuplot-nox libcurl4-openssl-dev libbenchmark-dev)
fluxer_packages_base=(g++ cmake ninja-build git pkg-config libssl-dev libidn2-dev)
# The versions that the library is tested with, in the order in which they are preferred.
fluxer_boost_versions=(1.81 1.83)

fluxer_packages_explain() {
    cat >&2 <<TEXT
Needed: g++ 12 or newer, CMake 3.25 or newer, Ninja, git, pkg-config, OpenSSL 3 and libidn2 with
headers, and Boost 1.81 to 1.83 with headers, Boost.JSON, Boost.URL and Boost.Test. Debian 12 names them:
  ${fluxer_packages_base[*]} $(fluxer_boost_packages 1.81)
Set FLUXER_AUTH_SKIP_PACKAGES=1 when they are there in another way.
TEXT
}

fluxer_boost_packages() {
    echo "libboost$1-dev libboost-json$1-dev libboost-url$1-dev libboost-test$1-dev"
}

# Asks dpkg once about everything of interest: each question costs a twentieth of a second.
declare -A fluxer_installed=()
fluxer_look() {
    local version name all=("${fluxer_packages_base[@]}" "${fluxer_packages_bench[@]}" ccache clang-format-14 clang-tidy clang-tidy-16 clang clang-16 libclang-rt-16-dev)
    for version in "${fluxer_boost_versions[@]}"; do
        # shellcheck disable=SC2207 # a list of names on purpose
        all+=($(fluxer_boost_packages "$version"))
    done
    fluxer_installed=()
    while read -r name; do
        fluxer_installed[$name]=yes
    done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${all[@]}" 2>/dev/null | sed -n 's/^installed //p')
}

# Prints those of the given packages that are not installed.
fluxer_missing() {
    local name
    for name in "$@"; do
        [[ -n ${fluxer_installed[$name]:-} ]] || echo "$name"
    done
}

# Whether apt knows all of the given packages. A pure virtual package or an empty list gives no candidate.
fluxer_offered() {
    local policy name
    policy=$(apt-cache policy "$@" 2>/dev/null)
    for name in "$@"; do
        awk -v want="$name:" '$0 == want { found = 1; next }
                              found && /Candidate:/ { exit $2 == "(none)" } END { if (!found) exit 1 }' <<<"$policy" || return 1
    done
}

# Prints the Boost packages to have: an installed set if there is one, else one that apt offers.
fluxer_boost_choice() {
    local version
    for version in "${fluxer_boost_versions[@]}"; do
        # shellcheck disable=SC2046 # a list of names on purpose
        [[ -z $(fluxer_missing $(fluxer_boost_packages "$version")) ]] && { fluxer_boost_packages "$version"; return; }
    done
    for version in "${fluxer_boost_versions[@]}"; do
        # shellcheck disable=SC2046
        fluxer_offered $(fluxer_boost_packages "$version") && { fluxer_boost_packages "$version"; return; }
    done
    return 1
}

# Prints the packages of a group. Only what this release of the distribution offers: the steps that use them
# are skipped, with a reason, where they are absent.
fluxer_group_packages() {
    case $1 in
        # The format of the sources is what this very version makes of them.
        format) [[ -z $(fluxer_missing clang-format-14) ]] || ! fluxer_offered clang-format-14 || echo clang-format-14 ;;
        speed) [[ -z $(fluxer_missing ccache) ]] || ! fluxer_offered ccache || echo ccache ;;
        # Before 16 it does not understand the standard library's ranges.
        lint) if [[ -z $(fluxer_missing clang-tidy-16) ]] || fluxer_offered clang-tidy-16; then echo clang-tidy-16; else echo clang-tidy; fi ;;
        bench) echo "${fluxer_packages_bench[*]}" ;;
        # Debian 12's clang is too old (cmake/Clang.cmake), and has the sanitizers' run time in a package of its own; newer
        # distributions' bring it along.
        fuzz) if [[ -z $(fluxer_missing clang-16 libclang-rt-16-dev) ]] || fluxer_offered clang-16 libclang-rt-16-dev; then echo clang-16 libclang-rt-16-dev; else echo clang; fi ;;
        *) echo "ensure_packages: no group '$1'" >&2; return 1 ;;
    esac
}

# On a distribution without apt nothing is installed; what can be seen to be missing is named.
fluxer_other_distribution() {
    local tool missing=()
    for tool in g++ cmake ninja git pkg-config; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    echo "packages: this is not Debian or Ubuntu; nothing is installed." >&2
    if ((${#missing[@]})); then
        echo "Missing: ${missing[*]}." >&2
        fluxer_packages_explain
        return 1
    fi
}

# Runs apt-get quietly; what it said is shown if it fails. In a subshell, for the trap.
fluxer_apt() (
    as_root=()
    if ((EUID != 0)); then
        as_root=(sudo)
    fi
    # Debian starts a server (nginx) as soon as it is installed, on all interfaces, unless this file says no.
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap '"${as_root[@]}" rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
    fi
    # --no-remove: versions of Boost exclude each other, and nothing of the user's is to be taken away.
    if ! output=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-remove "$@" 2>&1 </dev/null); then
        printf '%s\n' "$output" >&2
        echo "packages: 'apt-get $*' failed; see above." >&2
        fluxer_packages_explain
        return 1
    fi
)

ensure_packages() {
    if [[ ${FLUXER_AUTH_SKIP_PACKAGES:-} == 1 ]]; then
        return
    fi
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        fluxer_other_distribution
        return
    fi

    local boost missing updated=no
    fluxer_look
    # Without lists apt offers nothing, so that the choices below would be wrong.
    if ! boost=$(fluxer_boost_choice); then
        fluxer_may_install "Boost, and more if it is missing" && fluxer_apt update || return 1
        updated=yes
        if ! boost=$(fluxer_boost_choice); then
            echo "packages: apt offers none of Boost ${fluxer_boost_versions[*]} with JSON, URL and Test." >&2
            fluxer_packages_explain
            return 1
        fi
    fi
    missing=$(fluxer_missing_of "$boost" "$@")
    if [[ -z $missing ]]; then
        return
    fi
    fluxer_may_install "$missing" || return 1
    if [[ $updated == no ]]; then
        fluxer_apt update || return 1
        # With the new lists other packages may be the better choice.
        missing=$(fluxer_missing_of "$boost" "$@")
    fi
    # shellcheck disable=SC2086
    fluxer_apt install --no-install-recommends $missing
}

# fluxer_missing_of BOOST GROUP...: on one line, what is not installed of the base, Boost's packages and the groups.
fluxer_missing_of() {
    local group wanted="${fluxer_packages_base[*]} $1" missing
    for group in "${@:2}"; do
        wanted+=" $(fluxer_group_packages "$group")"
    done
    # shellcheck disable=SC2086 # lists of names on purpose
    missing=$(fluxer_missing $wanted)
    echo "${missing//$'\n'/ }"
}

# Says what is about to be installed, and whether that can be done at all.
fluxer_may_install() {
    if ((EUID == 0)); then
        echo "packages: installing $1"
    elif command -v sudo >/dev/null; then
        echo "packages: installing $1 with sudo, since only root may install packages"
    else
        echo "packages: $1: missing, and there is neither root nor sudo to install with." >&2
        fluxer_packages_explain
        return 1
    fi
}
