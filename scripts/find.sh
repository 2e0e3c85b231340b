#!/usr/bin/env bash
# find.sh postgres|chromium prints where the program is, or fails: the folder
# with initdb and pg_ctl, or the browser's path.
set -euo pipefail

# Debian keeps the server's programs out of PATH, by version.
find_postgres() {
  local dir
  for dir in ${RINGSIDE_PG_BIN:-} \
    $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -rV) \
    "$(dirname "$(command -v initdb || echo /none/none)")" \
    /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then
      echo "$dir"
      return
    fi
  done
  return 1
}

find_chromium() {
  local name
  for name in ${RINGSIDE_CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if command -v "$name" >/dev/null; then
      command -v "$name"
      return
    fi
  done
  return 1
}

case "${1:-}" in
postgres | chromium) "find_$1" ;;
*)
  echo "usage: find.sh postgres|chromium" >&2
  exit 2
  ;;
esac
