# shellcheck shell=bash
# Sourced, after environment.sh, by the scripts that need Node.
# Node brings certificates of its own; the machine's count too, as they do for uv.
trust_machine_certificates() {
  local file
  for file in "${NODE_EXTRA_CA_CERTS:-}" "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    [[ -r "$file" ]] && export NODE_EXTRA_CA_CERTS="$file" && return
  done
  return 0
}

# A Node of this version or a newer one: `find_node 22.19`; ours where the machine has none.
find_node() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number), [c, d] = process.argv[1].split(".").map(Number);
    process.exit(a > c || (a == c && b >= d) ? 0 : 1)' "${1:-20.19}" 2>/dev/null && command -v npm >/dev/null && return
  scripts/setup.sh node
  export PATH="$PWD/.venv/bin:$PATH"
}

# What the lock of a folder names: `install_node_packages frontend`.
install_node_packages() {
  local folder="$1" stamp="npm-${1//\//-}" wanted
  wanted="$(node --version) $(content_hash "$folder/package.json" "$folder/package-lock.json")"
  [[ -d "$folder/node_modules" ]] && is_fresh "$stamp" "$wanted" && return
  say "Installing $folder/package-lock.json"
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  stamp "$stamp" "$wanted"
}

trust_machine_certificates
