#!/usr/bin/env bash
# Every check that runs no product code. All of them run, so that one look shows everything there is to mend.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()

check() {
  local name="$1"
  shift
  printf -- '--- %s\n' "$name"
  "$@" || failed+=("$name")
}

check "ruff format" .venv/bin/ruff format --check .
check "ruff" .venv/bin/ruff check .
check "mypy" .venv/bin/mypy
check "import-linter" .venv/bin/lint-imports --no-logo
check "types of the API" scripts/frontend.sh generate:check
check "svelte-check" scripts/frontend.sh check

[[ ${#failed[@]} == 0 ]] && echo "All checks passed." && exit
printf 'failed: %s\n' "${failed[@]}"
exit 1
