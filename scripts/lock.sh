#!/usr/bin/env bash
# Writes the lock files anew: every version and hash, and no address, so that any mirror can serve them.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh

compile() {
  .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-annotate --custom-compile-command "make lock" "$@"
}

compile pyproject.toml --output-file requirements.lock
compile pyproject.toml --group dev --output-file requirements-dev.lock
compile --group node --output-file requirements-node.lock
compile --group setup --output-file requirements-setup.lock
