#!/usr/bin/env bash
# Sees to it that `chromium` is on PATH for the browser tests.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh

command -v chromium >/dev/null && exit
remedy="the browser tests need the command \`chromium\`: install the package chromium with your package manager"
[[ "$(id -u)" == 0 ]] || fail "$remedy (not root, so it is not done for you)"
command -v apt-get >/dev/null || fail "$remedy (no apt-get here, so it is not done for you)"
say "Installing chromium"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -y -qq --no-install-recommends chromium >&2 || fail "$remedy (apt-get could not)"
command -v chromium >/dev/null || fail "$remedy (apt-get installed no such command)"
