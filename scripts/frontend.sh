#!/usr/bin/env bash
# Builds the front end when its sources have changed: `frontend.sh`; or runs one of its npm scripts: `frontend.sh check`.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh

# Node brings certificates of its own; the machine's count too, as they do for uv.
trust_machine_certificates() {
  local file
  for file in "${NODE_EXTRA_CA_CERTS:-}" "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    [[ -r "$file" ]] && export NODE_EXTRA_CA_CERTS="$file" && return
  done
  return 0
}

find_node() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
    2>/dev/null && command -v npm >/dev/null && return
  scripts/setup.sh node
  export PATH="$PWD/.venv/bin:$PATH"
}

install_packages() {
  local wanted
  wanted="$(node --version) $(content_hash frontend/package.json frontend/package-lock.json)"
  [[ -d frontend/node_modules ]] && is_fresh npm "$wanted" && return
  say "Installing frontend/package-lock.json"
  npm ci --prefix frontend --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  stamp npm "$wanted"
}

build() {
  local wanted
  wanted="$(content_hash frontend)"
  [[ -f frontend/dist/index.html ]] && is_fresh frontend "$wanted" && return
  find_node
  install_packages
  say "Building frontend/dist"
  npm run --prefix frontend --silent build >&2
  stamp frontend "$wanted"
}

trust_machine_certificates
if [[ $# == 0 ]]; then
  build
else
  find_node
  install_packages
  npm run --prefix frontend --silent "$@"
fi
