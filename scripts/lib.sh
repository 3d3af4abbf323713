# What all scripts share. Sourced, not run.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOTLINE_CACHE=${LOTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lotline}
TOOLS=$LOTLINE_CACHE/tools
export LOTLINE_CACHE
# Outside the clone: it survives a fresh one.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$LOTLINE_CACHE/target}
export PATH=$TOOLS/bin:$PATH

fail() {
  printf '\nlotline: %s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Version of a crate in the lock file.
locked_version() {
  sed -n "/^name = \"$1\"\$/{n;s/^version = \"\\(.*\\)\"\$/\\1/p;}" "$ROOT/Cargo.lock" | head -n 1
}

# Folder of the newest installed PostgreSQL 15 or later; nothing when there is none.
postgres_folder() {
  local program best='' best_major=14 major
  for program in $(type -ap postgres) /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres \
    /opt/homebrew/opt/postgresql@*/bin/postgres /usr/local/opt/postgresql@*/bin/postgres; do
    # A link leads to the folder with the rest of the programs.
    program=$(readlink -f "$program")
    [ -x "$program" ] && [ -x "$(dirname "$program")/initdb" ] || continue
    major=$("$program" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
    if [ "$major" -gt "$best_major" ]; then
      best=$(dirname "$program") best_major=$major
    fi
  done
  printf '%s' "$best"
}

# The system's Chromium or Chrome.
chromium_program() {
  local program
  for program in "${LOTLINE_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    '/Applications/Chromium.app/Contents/MacOS/Chromium' \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do
    if [ -n "$program" ] && has "$program"; then
      command -v "$program"
      return
    fi
  done
}
