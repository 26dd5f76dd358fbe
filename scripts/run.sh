#!/usr/bin/env bash
# Sets up what is missing and serves the product on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh runtime
scripts/frontend.sh
exec .venv/bin/afterword serve --host "${HOST:-127.0.0.1}" --port "${PORT:-8000}"
