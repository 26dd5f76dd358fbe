#!/usr/bin/env bash
# Measures the built front end with Lighthouse, which is installed from a lock of its own and wants a newer Node.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
source scripts/node.sh

scripts/setup.sh dev
scripts/frontend.sh
scripts/commands.sh chromium
find_node 22.19
install_node_packages tests/lighthouse
PYTHONPATH=tests .venv/bin/python scripts/lighthouse.py
