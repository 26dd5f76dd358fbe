# Sourced by the other scripts: how uv behaves, and which stamps say that a step is up to date.
export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1
export PIP_DISABLE_PIP_VERSION_CHECK=1
STAMPS=.venv/stamps

# uv does not read pip's configuration: hand it the index that pip is told to use, if any.
respect_pip_index() {
  local index
  [[ -n "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]] && return
  index="${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}"
  [[ -z "$index" ]] || export UV_DEFAULT_INDEX="$index"
}

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# What the named files and folders contain, as one hash; files that git ignores do not count.
content_hash() { git hash-object --no-filters -- $(list_files "$@") | sha256sum | cut -d' ' -f1; }
list_files() { find "$@" -type d \( -name node_modules -o -name dist -o -name __pycache__ \) -prune -o -type f -print | LC_ALL=C sort; }
is_fresh() { [[ -f "$STAMPS/$1" && "$(cat "$STAMPS/$1")" == "$2" ]]; }
stamp() { mkdir -p "$STAMPS"; printf '%s' "$2" >"$STAMPS/$1"; }
