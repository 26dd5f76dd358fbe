#!/usr/bin/env bash
# Runs the tests with programs that others wrote, each installed from a lock of its own: Node-RED receives webhooks.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
source scripts/node.sh

began=$SECONDS
scripts/setup.sh dev
find_node
install_node_packages tests/integrations
printf 'Set up in %d s\n' $((SECONDS - began))
# -s: what the tests say of versions and times is shown.
.venv/bin/python -m pytest -q -s tests/integrations
