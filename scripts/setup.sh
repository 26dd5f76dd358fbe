#!/usr/bin/env bash
# Makes .venv: `setup.sh runtime` installs what the product needs to run, `setup.sh dev` also what checks and
# tests need, `setup.sh node` a Node of our own.
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

# uv does not read pip's configuration: hand it the index that pip is told to use, if any.
respect_pip_index() {
  local index
  [[ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]] || return 0
  index="${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}"
  [[ -z "$index" ]] || export UV_DEFAULT_INDEX="$index"
}

make_environment() {
  # A folder that was moved or copied holds scripts that still call the old place.
  [[ -x .venv/bin/python && -f "$STAMPS/place" && "$(<"$STAMPS/place")" == "$PWD" ]] && return
  say "Making .venv"
  "$(find_python)" -m venv --clear .venv
  stamp place "$PWD"
}

install_uv() {
  local wanted
  wanted="$(content_hash requirements-setup.lock)"
  is_fresh uv "$wanted" && return
  .venv/bin/python -m pip install --quiet --require-hashes -r requirements-setup.lock
  stamp uv "$wanted"
}

install_packages() {
  local lock="$1"
  is_current "$lock" && return
  say "Installing $lock"
  respect_pip_index
  uv_install --require-hashes -r "$lock"
  uv_install --no-deps --editable .
  stamp "$lock" "$(content_hash "$lock" pyproject.toml)"
}

is_current() { is_fresh "$1" "$(content_hash "$1" pyproject.toml)"; }

uv_install() { .venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode "$@"; }

make_environment
install_uv
case "${1:-dev}" in
  # What tests need includes what running needs.
  runtime) is_current requirements-dev.lock || install_packages requirements.lock ;;
  dev) install_packages requirements-dev.lock ;;
  node) install_packages requirements-node.lock ;;
  *) fail "usage: scripts/setup.sh [runtime|dev|node]" ;;
esac
