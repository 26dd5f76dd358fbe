# shellcheck shell=bash
# Sourced by the other scripts: how uv behaves, and which stamps say that a step is up to date.
export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1 UV_LINK_MODE="${UV_LINK_MODE:-copy}"
export PIP_DISABLE_PIP_VERSION_CHECK=1
STAMPS=.venv/stamps

say() { printf '==> %s\n' "$*" >&2; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# One hash over the names and contents of files and folders, leaving out what is made from them.
content_hash() {
  find "$@" -type d \( -name node_modules -o -name dist -o -name __pycache__ \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

is_fresh() { [[ -f "$STAMPS/$1" && "$(<"$STAMPS/$1")" == "$2" ]]; }

stamp() {
  mkdir -p "$STAMPS"
  printf '%s' "$2" >"$STAMPS/$1"
}
