#!/usr/bin/env bash
# Makes .venv: `setup.sh runtime` installs what the product needs to run, `setup.sh dev` also what checks and tests need.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3 python; do
    [[ -n "$candidate" ]] && "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    echo "$candidate"
    return
  done
  fail "Python 3.11 or newer with its venv module is needed and was not found; install it, or name it: make setup PYTHON=/path/to/python3.11"
}

make_environment() {
  .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && .venv/bin/python -m pip --version >/dev/null 2>&1 && return
  say "Making .venv"
  "$(find_python)" -m venv --clear .venv
}

install_uv() {
  local wanted
  wanted="$(content_hash requirements-setup.lock)"
  is_fresh uv "$wanted" && return
  .venv/bin/python -m pip install --quiet --require-hashes -r requirements-setup.lock
  stamp uv "$wanted"
}

install_packages() {
  local lock="$1" wanted
  wanted="$(content_hash "$lock" pyproject.toml)"
  is_fresh "$lock" "$wanted" && return
  say "Installing $lock"
  respect_pip_index
  uv_install --require-hashes -r "$lock"
  uv_install --no-deps --editable .
  stamp "$lock" "$wanted"
}

uv_install() { .venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode "$@"; }

make_environment
install_uv
case "${1:-dev}" in
  runtime) install_packages requirements.lock ;;
  dev) install_packages requirements-dev.lock ;;
  *) fail "usage: scripts/setup.sh [runtime|dev]" ;;
esac
