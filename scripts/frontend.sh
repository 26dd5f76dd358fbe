#!/usr/bin/env bash
# Builds the front end when its sources have changed: `frontend.sh`; or runs one of its npm scripts: `frontend.sh check`.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
source scripts/node.sh

build() {
  local wanted
  wanted="$(content_hash frontend)"
  [[ -f frontend/dist/index.html ]] && is_fresh frontend "$wanted" && return
  find_node
  install_node_packages frontend
  say "Building frontend/dist"
  npm run --prefix frontend --silent build >&2
  stamp frontend "$wanted"
}

if [[ $# == 0 ]]; then
  build
else
  find_node
  install_node_packages frontend
  npm run --prefix frontend --silent "$@"
fi
