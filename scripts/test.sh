#!/usr/bin/env bash
# Sets up what is missing, runs every check and test in parts, and ends with a table of the time each part took.
set -uo pipefail
cd "$(dirname "$0")/.."
table=()
failed=0
began=$SECONDS

part() {
  local name="$1" start=$SECONDS result=passed
  shift
  printf '\n=== %s\n' "$name"
  "$@" || { result=FAILED && failed=1; }
  table+=("$(printf '%-22s %6d s  %s' "$name" $((SECONDS - start)) "$result")")
  [[ $result == passed ]]
}

finish() {
  printf '\n%s\n' "Time per part"
  printf '%s\n' "${table[@]}"
  printf '%-22s %6d s  %s\n' "total" $((SECONDS - began)) "$([[ $failed == 0 ]] && echo passed || echo FAILED)"
  exit "$failed"
}

tests() { .venv/bin/python -m pytest -q "$@"; }
# Two processes: most tests wait for a disk, a server or a clock.
shared_out() { tests -n 2 "$@"; }

part "set-up" scripts/setup.sh dev || finish
part "front end" scripts/frontend.sh
part "checks" scripts/check.sh
part "curl and openssl" scripts/commands.sh curl openssl
part "unit and API tests" shared_out tests --ignore=tests/browser --ignore=tests/processes \
  --ignore=tests/integrations --ignore=tests/faults
part "process tests" shared_out tests/processes
part "fault tests" shared_out tests/faults
part "chromium" scripts/commands.sh chromium-headless-shell && part "browser tests" shared_out tests/browser
finish
