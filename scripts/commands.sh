#!/usr/bin/env bash
# Sees to it that commands which tests call are on PATH, each from the Debian package of its name: `commands.sh chromium`.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh

provide() {
  command -v "$1" >/dev/null && return
  local remedy="the tests need the command \`$1\`: install the package $1 with your package manager"
  [[ "$(id -u)" == 0 ]] || fail "$remedy (not root, so it is not done for you)"
  command -v apt-get >/dev/null || fail "$remedy (no apt-get here, so it is not done for you)"
  say "Installing $1"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >&2
  apt-get install -y -qq --no-install-recommends "$1" >&2 || fail "$remedy (apt-get could not)"
  command -v "$1" >/dev/null || fail "$remedy (apt-get installed no such command)"
}

for name in "$@"; do
  provide "$name"
done
