#!/usr/bin/env bash
# What the action does: checks the letters that a pull request brings, and draws the redline of what they change.
#
# Environment, from action.yml: SECDEFS_CODE (the code file), SECDEFS_LETTERS (patterns of git, one a line),
# SECDEFS_OPTIONS (options for the letters, one a line), SECDEFS_REDLINE (the redline: .html, .xml or .yaml).
# From GitHub: GITHUB_BASE_REF, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY; without them it does the same for every letter.
set -euo pipefail

lines() { # the lines of a text that are not blank, as the array `found`
    found=()
    local line
    while IFS= read -r line; do
        line="${line#"${line%%[![:space:]]*}"}"
        line="${line%"${line##*[![:space:]]}"}"
        [[ -z "$line" ]] || found+=("$line")
    done <<<"$1"
}

tell() { # an error that GitHub shows beside the run
    local text="${1//'%'/%25}"
    echo "::error title=secdefs::${text//$'\n'/%0A}"
}

lines "${SECDEFS_LETTERS:-letters}"
patterns=("${found[@]}")
lines "${SECDEFS_OPTIONS:-}"
options=(${found[@]+"${found[@]}"})
redline="${SECDEFS_REDLINE:-redline.html}"

letters=()
if [[ -n "${GITHUB_BASE_REF:-}" ]]; then
    # A checkout for a pull request is the merge of it, and shallow: what differs from the base is what it brings.
    git fetch --quiet --no-tags --depth=1 origin "$GITHUB_BASE_REF"
    listed=(git diff --name-only -z --diff-filter=AMR FETCH_HEAD HEAD --)
else
    listed=(git ls-files -z --)
fi
while IFS= read -r -d '' file; do
    [[ "$file" = "$SECDEFS_CODE" ]] || letters+=("$file")
done < <("${listed[@]}" "${patterns[@]}")

output() { [[ -z "${GITHUB_OUTPUT:-}" ]] || printf '%s\n' "$1" >>"$GITHUB_OUTPUT"; }

output "letters=${#letters[@]}"
if ((${#letters[@]} == 0)); then
    echo "no letter to check"
    exit 0
fi

status=0
problem=$(mktemp)
trap 'rm -f "$problem"' EXIT
secdefs check --format github ${options[@]+"${options[@]}"} -- "$SECDEFS_CODE" "${letters[@]}" 2>"$problem" || status=$?
cat "$problem" >&2
if ((status > 1)); then # nothing could be checked: a file cannot be read, or the options are wrong
    tell "$(tail -n 1 "$problem")"
    exit "$status"
fi
if ((status == 0)); then
    secdefs apply -q ${options[@]+"${options[@]}"} -o "$redline" -- "$SECDEFS_CODE" "${letters[@]}"
    output "redline=$redline"
fi
if [[ -n "${GITHUB_STEP_SUMMARY:-}" ]]; then
    fence='````````'
    {
        printf '### What the letters change\n\n%s\n' "$fence"
        NO_COLOR=1 secdefs plan ${options[@]+"${options[@]}"} -- "$SECDEFS_CODE" "${letters[@]}" 2>&1 || true
        printf '%s\n' "$fence"
    } >>"$GITHUB_STEP_SUMMARY"
fi
exit "$status"
